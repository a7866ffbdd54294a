"""What a projection is, and how it writes its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, ClassVar, LiteralString

from psycopg import Cursor, sql

from ledger.reading import Recorded

Row = tuple[Any, ...]
Columns = tuple[str, ...]

SELECT_TYPES: LiteralString = """
    SELECT atttypid FROM unnest(%s::text[]) WITH ORDINALITY AS named (attname, number)
    JOIN pg_attribute USING (attname) WHERE attrelid = %s::regclass ORDER BY number"""

# What holds so far of some things.
SELECT_HELD = sql.SQL("SELECT {columns} FROM {table} WHERE {key} = ANY(%s) AND until_position IS NULL")

# Ends what holds so far of some things, of each at a position.
END_ROWS = sql.SQL("""
    UPDATE {table} AS held SET until_position = ended.position
    FROM unnest(%s::text[], %s::bigint[]) AS ended (id, position)
    WHERE held.{key} = ended.id AND held.until_position IS NULL""")

# The types of columns, by table: a process works with tables of one shape.
_types: dict[tuple[str, Columns], list[int]] = {}


@dataclass(slots=True)
class _Gathered:
    """Rows that wait to be copied into a table; `own` says which of them came of a stream that is revised."""

    columns: Columns
    rows: list[Row] = field(default_factory=list)
    own: dict[str, list[int]] = field(default_factory=dict)

    def holding(self, stream: str, columns: Columns) -> Iterator[Row]:
        """These columns of the rows of a stream that hold so far."""
        until, picked = self._until, [self.columns.index(column) for column in columns]
        for number in self.own.get(stream, ()):
            if (row := self.rows[number])[until] is None:
                yield tuple(row[index] for index in picked)

    def end(self, stream: str, position: int) -> None:
        """Ends the rows of a stream that hold so far."""
        until = self._until
        for number in self.own.get(stream, ()):
            if (row := self.rows[number])[until] is None:
                self.rows[number] = (*row[:until], position, *row[until + 1 :])

    @property
    def _until(self) -> int:
        return self.columns.index("until_position")


class Writer:
    """Writes rows of one projection inside the transaction that also moves its checkpoint.

    New rows are gathered and copied in bulk, and rows that end are ended together. Anything else that must
    see them goes through `execute` or `fetch`, which write out what was gathered.
    """

    def __init__(self, cursor: Cursor[Row], use_tables: Callable[[], None]) -> None:
        self._cursor = cursor
        self._use_tables = use_tables
        self._gathered: dict[str, _Gathered] = {}
        self._ended: dict[tuple[str, str], dict[str, int]] = {}
        self._stored: dict[tuple[str, str, Columns], dict[str, list[Row]]] = {}
        self._streams: set[str] = set()
        self.stream = ""
        """The stream of the event that is being applied."""
        self.revised: frozenset[str] = frozenset()
        """The streams of which later versions are in the batch."""
        self.left: defaultdict[str, dict[Any, Row]] = defaultdict(dict)
        """What `apply` leaves for `close_batch` to deal with once: rows by key, under names of its own."""

    def add(self, table: str, columns: Columns, row: Row) -> None:
        """Gathers one row for `table`, its values in the order of `columns`, which are always the same."""
        gathered = self._gathered.get(table)
        if gathered is None:
            gathered = self._gathered[table] = _Gathered(columns)
        if self.stream in self.revised:
            gathered.own.setdefault(self.stream, []).append(len(gathered.rows))
        gathered.rows.append(row)
        self._streams.add(self.stream)

    def find(self, table: str, key: str, columns: Columns) -> list[Row]:
        """These columns of the rows of `table` that came of this stream and hold so far: they have its id in
        the column `key`, and no `until_position`. They are read for all revised streams of the batch at once.
        """
        identifier = self._own_id()
        ended = identifier in self._ended.get((table, key), ())
        found = [] if ended else self._read_stored(table, key, columns).get(identifier, [])
        gathered = self._gathered.get(table)
        return [*found, *gathered.holding(self.stream, columns)] if gathered is not None else found

    def end(self, table: str, key: str, position: int) -> None:
        """Ends the rows of `table` that came of this stream and hold so far, all of the batch together."""
        self._ended.setdefault((table, key), {}).setdefault(self._own_id(), position)
        if (gathered := self._gathered.get(table)) is not None:
            gathered.end(self.stream, position)
        self._streams.add(self.stream)

    def _own_id(self) -> str:
        """The id of the thing that the stream is of. Makes sure that its rows can be found."""
        if self.stream not in self.revised:
            self.flush()
            self.revised |= {self.stream}
        return self.stream.partition(":")[2]

    def _read_stored(self, table: str, key: str, columns: Columns) -> dict[str, list[Row]]:
        """These columns of the rows in the table that hold so far, by id, of all streams that are revised."""
        stored = self._stored.get((table, key, columns))
        if stored is None:
            stored = self._stored[table, key, columns] = {}
            query = SELECT_HELD.format(
                columns=sql.SQL(", ").join(map(sql.Identifier, (key, *columns))),
                table=sql.Identifier(table),
                key=sql.Identifier(key),
            )
            self._use_tables()
            ids = [stream.partition(":")[2] for stream in self.revised]
            for identifier, *row in self._cursor.execute(query, (ids,)):
                stored.setdefault(identifier, []).append(tuple(row))
        return stored

    def execute(
        self, statement: LiteralString, parameters: Sequence[object] = (), *, own: bool = False
    ) -> None:
        """Runs a statement that must see every row added so far; with `own`, those alone that came of the
        stream of this event, so that rows of others may wait to be copied together.
        """
        if not own or self.stream in self._streams:
            self.flush()
        self._use_tables()
        self._cursor.execute(statement, parameters)

    def fetch(
        self, query: LiteralString, parameters: Sequence[object] = (), *, own: bool = False
    ) -> list[Row]:
        """The rows of a query, under the same terms."""
        self.execute(query, parameters, own=own)
        return self._cursor.fetchall()

    def flush(self) -> None:
        """Ends rows in the tables, and copies what was gathered into them, in order of the table's key."""
        self._use_tables()
        for (table, key), ended in self._ended.items():
            statement = END_ROWS.format(table=sql.Identifier(table), key=sql.Identifier(key))
            self._cursor.execute(statement, ([*ended], [*ended.values()]))
        for table, gathered in self._gathered.items():
            self._copy(table, gathered)
        for left in (self._gathered, self._ended, self._stored, self._streams):
            left.clear()

    def _copy(self, table: str, gathered: _Gathered) -> None:
        types = self._types_of(table, gathered.columns)
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, gathered.columns))
        )
        with self._cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in sorted(gathered.rows, key=itemgetter(0)):
                copy.write_row(row)

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
        """Deals with what `apply` left in `writer.left`, once for the whole batch, and clears it."""

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
