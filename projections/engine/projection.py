"""What a projection is, and how it writes its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, LiteralString

from psycopg import Cursor, sql

from ledger.reading import Recorded

Row = tuple[Any, ...]


class Writer:
    """Writes rows of one projection inside the transaction that also moves its checkpoint.

    New rows are gathered and copied in bulk; anything that must see them first goes through `execute`
    or `fetch`, which write out what was gathered.
    """

    def __init__(self, cursor: Cursor[Row]) -> None:
        self._cursor = cursor
        self._gathered: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
        self.touched: dict[str, Row] = {}
        """What the batch touched, by key, for a projection to deal with once when the batch closes."""

    def add(self, table: str, columns: tuple[str, ...], row: Row) -> None:
        """Gathers one row for `table`, its values in the order of `columns`."""
        self._gathered.setdefault((table, columns), []).append(row)

    def execute(self, statement: LiteralString, parameters: Sequence[object] = ()) -> None:
        """Runs a statement that must see every row added so far."""
        self.flush()
        self._cursor.execute(statement, parameters)

    def fetch(self, query: LiteralString, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of a query that must see every row added so far."""
        self.execute(query, parameters)
        return self._cursor.fetchall()

    def flush(self) -> None:
        """Copies what was gathered into the tables."""
        for (table, columns), rows in self._gathered.items():
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with self._cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
        self._gathered.clear()


class Projection(ABC):
    """One read model.

    `tables` live in the schema `projections`; statements name them without a schema, so that the same
    code builds a workspace beside the live tables. `topics` are the events it wants.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[str, ...]]
    topics: ClassVar[frozenset[str]]

    @abstractmethod
    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Folds one event into the rows."""

    def close_batch(self, writer: Writer) -> None:  # noqa: B027 - most have nothing to do
        """Deals with what `apply` left in `writer.touched`, once for the whole batch."""

    def settle(self, writer: Writer) -> bool:
        """Brings up to date what `apply` left for when the log has been caught up with, or a part of it;
        whether that was all. It is called again until it was.
        """
        return True


def topics_of(*groups: Iterable[str]) -> frozenset[str]:
    """The union of groups of topics, for a projection's `topics`."""
    return frozenset(topic for group in groups for topic in group)
