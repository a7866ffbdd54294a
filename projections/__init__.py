"""Read models: one file each, listed in `catalogue.py`, fed by `engine/` and asked through `reading/`.

A projection folds the log into its own tables with functions of the domain. It never looks at a clock,
at another projection or at anything outside the events it is given, so that a rebuild gives the same
rows. Everything here may import `ledger` and `domain`.
"""
