"""What a projection is, and how it writes its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, LiteralString

from psycopg import Cursor, sql

from ledger.reading import Recorded

Row = tuple[Any, ...]
Columns = tuple[str, ...]

SELECT_TYPES: LiteralString = """
    SELECT atttypid FROM unnest(%s::text[]) WITH ORDINALITY AS named (attname, number)
    JOIN pg_attribute USING (attname) WHERE attrelid = %s::regclass ORDER BY number"""

# The types of columns, by table: a process works with tables of one shape.
_types: dict[tuple[str, Columns], list[int]] = {}


class Writer:
    """Writes rows of one projection inside the transaction that also moves its checkpoint.

    New rows are gathered and copied in bulk; anything that must see them first goes through `execute`
    or `fetch`, which write out what was gathered.
    """

    def __init__(self, cursor: Cursor[Row]) -> None:
        self._cursor = cursor
        self._gathered: dict[str, tuple[Columns, list[Row]]] = {}
        self._streams: set[str] = set()
        self.stream = ""
        """The stream of the event that is being applied."""
        self.touched: dict[str, Row] = {}
        """What the batch touched, by key, for a projection to deal with once when the batch closes."""

    def add(self, table: str, columns: Columns, row: Row) -> None:
        """Gathers one row for `table`, its values in the order of `columns`, which are always the same."""
        gathered = self._gathered.get(table)
        if gathered is None:
            gathered = self._gathered[table] = (columns, [])
        gathered[1].append(row)
        self._streams.add(self.stream)

    def execute(
        self, statement: LiteralString, parameters: Sequence[object] = (), *, own: bool = False
    ) -> None:
        """Runs a statement that must see every row added so far; with `own`, those alone that came of the
        stream of this event, so that rows of others may wait to be copied together.
        """
        if not own or self.stream in self._streams:
            self.flush()
        self._cursor.execute(statement, parameters)

    def fetch(
        self, query: LiteralString, parameters: Sequence[object] = (), *, own: bool = False
    ) -> list[Row]:
        """The rows of a query, under the same terms."""
        self.execute(query, parameters, own=own)
        return self._cursor.fetchall()

    def flush(self) -> None:
        """Copies what was gathered into the tables."""
        for table, (columns, rows) in self._gathered.items():
            types = self._types_of(table, columns)
            statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            with self._cursor.copy(statement) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        self._gathered.clear()
        self._streams.clear()

    def _types_of(self, table: str, columns: Columns) -> list[int]:
        """The types of the columns, which the binary form of a row depends on."""
        key = (table, columns)
        if key not in _types:
            rows = self._cursor.execute(SELECT_TYPES, (list(columns), table))
            _types[key] = [row[0] for row in rows]
        return _types[key]


class Projection(ABC):
    """One read model.

    `tables` live in the schema `projections`; statements name them without a schema, so that the same
    code builds a workspace beside the live tables. `topics` are the events it wants.

    Two more are for speed alone. `lookups` names, by table, the columns by which folding finds rows again:
    a rebuild makes the indexes that begin with one of them at once, and all others at its end; None means
    that any may be needed. `weight` is how much work it is beside others, to share that out.
    """

    name: ClassVar[str]
    tables: ClassVar[tuple[str, ...]]
    topics: ClassVar[frozenset[str]]
    lookups: ClassVar[Mapping[str, tuple[str, ...]] | None] = None
    weight: ClassVar[int] = 1

    @abstractmethod
    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Folds one event into the rows."""

    def close_batch(self, writer: Writer) -> None:  # noqa: B027 - most have nothing to do
        """Deals with what `apply` left in `writer.touched`, once for the whole batch."""

    def settle(self, writer: Writer, limit: int) -> int:
        """Brings up to date at most `limit` of the places, or whatever else, that `apply` left for later; how
        many there were. It is called again until there are fewer than the limit.

        The rows that are left for later must say of themselves that they are not up to date, since questions
        are answered meanwhile.
        """
        return 0


def topics_of(*groups: Iterable[str]) -> frozenset[str]:
    """The union of groups of topics, for a projection's `topics`."""
    return frozenset(topic for group in groups for topic in group)
