"""The append-only log on PostgreSQL: use cases, recorder, group commit, reading.

Imports `domain` and third parties only. What happens to a thing is decided in `domain`; this room loads
what the decision needs, appends what was decided, and reads the log back in order.
"""
