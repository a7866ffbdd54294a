"""Timelines, maps and claims in the formats of other tools: one file for each, listed in `catalogue.py`.

Each gives what the JSON answer gives at the same clocks, as far as there is room for it (docs/feeds.md).
"""
