"""What was reported and what follows from it.

Pure: standard library only, no I/O, no clock and no ids of its own. Everything here is data or a
function of data; every other room may import this one, and this one imports none of them.
"""
