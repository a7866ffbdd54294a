"""Files and requests in, commands out.

What people write (`reported: 2025-11-21~`, `share: part`) is resolved into the domain's values here,
then checked; so a kind has one definition, and the ledger records only what is resolved.
"""
