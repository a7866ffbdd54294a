"""The event sourcing library's PostgreSQL recorder on our Database, with appends by group commit.

Three things of the library are not used, on purpose:
- its database functions (POSTGRES_ENABLE_DB_FUNCTIONS), which append without a lock: subscribers miss events;
- its retries round an append, which turn an unknown outcome of a commit into a false conflict;
- its one-transaction batch in pipeline mode, which dead-locks at about 10 MB of parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from eventsourcing.persistence import ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory
from eventsourcing.utils import Environment
from psycopg import Connection
from psycopg.rows import DictRow, dict_row, tuple_row

from ledger.appending import Appended
from ledger.database import Database
from ledger.group_commit import GroupCommit
from ledger.texts import DocumentText

CHANNEL = "palimpsest_events"
"""Where the database says that something was appended (see the trigger stamp_append)."""


class LedgerDatastore(PostgresDatastore):
    """The library's access to the database, through our pool."""

    def __init__(self, database: Database) -> None:
        # The library's own pool is made from these and never opened.
        super().__init__(
            dbname="",
            host="",
            port="",
            user="",
            password="",
            schema="ledger",
            originator_id_type="text",
            enable_db_functions=False,
        )
        self._database = database

    def register_type_adapters(self) -> None:
        """Nothing: rows go in as arrays, so that making a recorder opens no connection."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def close(self) -> None:
        """Nothing: the Database is closed by whoever made it."""

    @contextmanager
    def get_connection(self) -> Iterator[Connection[DictRow]]:
        """A connection as the library wants it: autocommit, rows as dictionaries."""
        with self._database.connection() as connection:
            connection.autocommit, connection.row_factory = True, dict_row
            try:
                yield connection
            finally:
                connection.row_factory = tuple_row
                if not connection.closed:
                    connection.autocommit = False


class LedgerRecorder(PostgresApplicationRecorder):
    """The log in `ledger.events`. Only appending differs from the library's recorder."""

    def __init__(self, datastore: LedgerDatastore, group_commit: GroupCommit) -> None:
        super().__init__(datastore, events_table_name="events")
        self.channel_name = CHANNEL
        self._group_commit = group_commit

    def append(self, events: Sequence[StoredEvent], texts: Sequence[DocumentText] = ()) -> Appended:
        """Appends all events or none, with the texts; see GroupCommit.append for what it raises."""
        return self._group_commit.append(events, texts)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """The library's way in. Tracking records are refused: projections keep their own checkpoints."""
        if kwargs.get("tracking") is not None:
            raise ProgrammingError("the ledger keeps no tracking records")
        if not stored_events:
            return []
        return self.append(stored_events, kwargs.get("texts", ())).positions

    def create_table(self) -> None:
        """Refused: the shape of the database belongs to migrations/."""
        raise ProgrammingError("run the migrations instead")


class LedgerFactory(PostgresFactory):
    """Makes the library's parts for one Database. Environment variables change nothing here."""

    def __init__(self, env: Environment, database: Database, group_commit: GroupCommit) -> None:
        self.env = env
        self._is_entered = False
        self._group_commit = group_commit
        self.datastore = self._ledger_datastore = LedgerDatastore(database)

    def application_recorder(self) -> LedgerRecorder:
        """The recorder of the log."""
        return LedgerRecorder(self._ledger_datastore, self._group_commit)

    def close(self) -> None:
        """Commits what waits. The Database stays open: whoever made it closes it."""
        self._group_commit.close()
