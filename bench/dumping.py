"""The read models as hashes: of their exact bytes, or of what two ledgers with the same events must share."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from projections.catalogue import PROJECTIONS

LOG_POSITIONS = ("from_position", "until_position", "log_position", "touched_by", "moved_by")

SELECT_COLUMNS: LiteralString = """
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""

# Positions have gaps where an append was rolled back, and times are those of the recording.
RANK_POSITIONS: LiteralString = """
    CREATE TEMPORARY TABLE ranks ON COMMIT DROP AS
    SELECT notification_id AS position, row_number() OVER (ORDER BY notification_id) AS rank
    FROM ledger.events"""


# A time of something told is the same in both, one at which it was recorded is not. A question as of that
# moment is one of all that was so before a microsecond later: what is rendered ahead begins there.
UNLESS_RECORDED: LiteralString = """
    CASE WHEN {0} IN (SELECT recorded_at FROM ledger.events)
           OR {0} - interval '1 microsecond' IN (SELECT recorded_at FROM ledger.events)
         THEN NULL ELSE {0} END"""


def hash_read_models(conninfo: str, *, across_ledgers: bool = False) -> dict[str, str]:
    """A hash of each table of each projection, its rows in one order.

    `across_ledgers`: log positions count the events before them, and times of recording are left out, so
    that two ledgers with the same events in the same order have the same hashes.
    """
    with psycopg.connect(conninfo) as connection:
        if across_ledgers:
            connection.execute(RANK_POSITIONS)
            connection.execute("CREATE UNIQUE INDEX ON ranks (position)")
            connection.execute("ANALYZE ranks")
        return {
            table: _hash_table(connection, table, across_ledgers)
            for projection in PROJECTIONS
            for table in projection.tables
        }


def _hash_table(connection: psycopg.Connection[Any], table: str, across_ledgers: bool) -> str:
    found = connection.execute(SELECT_COLUMNS, (f"projections.{table}",)).fetchall()
    columns = [_column(name, kind, across_ledgers) for name, kind in found]
    rows = sql.SQL("SELECT {} FROM {} t").format(
        sql.SQL(", ").join(columns), sql.Identifier("projections", table)
    )
    statement = sql.SQL('COPY (SELECT r FROM ({}) r ORDER BY r::text COLLATE "C") TO STDOUT').format(rows)
    told = sha256()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for data in copy:
            told.update(data)
    return told.hexdigest()


def _column(name: str, kind: str, across_ledgers: bool) -> sql.Composable:
    column = sql.SQL("t.{}").format(sql.Identifier(name))
    if across_ledgers and name in LOG_POSITIONS:
        column = sql.SQL("(SELECT rank FROM ranks WHERE position = {})").format(column)
    elif across_ledgers and kind == "timestamp with time zone":
        column = sql.SQL(UNLESS_RECORDED).format(column)
    return sql.SQL("{} AS {}").format(column, sql.Identifier(name))
