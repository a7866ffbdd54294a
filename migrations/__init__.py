"""The shape of the database: alembic, plain SQL, the only home of DDL.

`upgrade.py` is the way in; it needs no alembic.ini. A migration is a file in versions/ with its SQL in sql/.
"""
