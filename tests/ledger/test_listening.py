"""A follower hears of an append at once, and when it does not, soon enough."""

from __future__ import annotations

import threading
import time

from ledger.database import Database
from ledger.listening import Listener
from tests.ledger.logs import connect, fetch_value, insert
from tests.servers import Server, wait_until

LISTENING = (
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and query = 'listen palimpsest_events'"
)


def timed(listener: Listener, timeout: float) -> float:
    """How long a wait took, in seconds."""
    start = time.monotonic()
    listener.wait(timeout)
    return time.monotonic() - start


def test_the_first_wait_only_begins_to_listen(database: Database, database_url: str) -> None:
    """What was appended before that was not heard, so the caller looks at the log first."""
    with Listener(database) as listener:
        assert timed(listener, 30) < 10
        assert fetch_value(database_url, LISTENING) == 1


def test_an_append_ends_the_wait(database: Database, database_url: str) -> None:
    with Listener(database) as listener, connect(database_url) as writer:
        listener.wait(30)
        insert(writer, "a")
        assert timed(listener, 30) < 10
        insert(writer, "b")
        insert(writer, "c")
        listener.wait(30)
        assert timed(listener, 0.05) >= 0.05 or timed(listener, 0.05) >= 0.05, "nothing is left to hear"


def test_an_append_during_the_wait_ends_it(database: Database, database_url: str) -> None:
    with Listener(database) as listener, connect(database_url) as writer:
        listener.wait(30)
        waiting = threading.Thread(target=listener.wait, args=(60,))
        waiting.start()
        insert(writer, "a")
        waiting.join(20)
        assert not waiting.is_alive()


def test_without_a_notification_the_wait_ends_by_itself(database: Database) -> None:
    with Listener(database) as listener:
        listener.wait(30)
        assert 0.1 <= timed(listener, 0.1) < 10


def test_a_lost_notification_delays_nobody_for_ever(database: Database, database_url: str) -> None:
    """A follower that reads after every wait finds an event that nobody told it of."""
    with Listener(database) as listener, connect(database_url) as connection:
        listener.wait(30)
        connection.execute("alter table ledger.events disable trigger stamp_append")
        connection.execute("alter table ledger.events alter recorded_at set default clock_timestamp()")
        insert(connection, "untold")
        start = time.monotonic()
        while not fetch_value(database_url, "select count(*) from ledger.events"):
            listener.wait(0.2)
        listener.wait(0.2)
        assert time.monotonic() - start < 10


def test_a_broken_connection_is_made_anew(database: Database, database_url: str) -> None:
    with Listener(database) as listener, connect(database_url) as connection:
        listener.wait(30)
        connection.execute(LISTENING.replace("count(*)", "pg_terminate_backend(pid, 5000)"))
        waits = 0
        while fetch_value(database_url, LISTENING) == 0:
            assert timed(listener, 30) < 10, "a break ends the wait"
            waits += 1
        assert waits <= 3
        insert(connection, "a")
        assert timed(listener, 30) < 10


def test_while_the_server_is_away_waits_take_their_time(durable_server: Server) -> None:
    """A follower must not spin; and it goes on when the server is back."""
    with Database(durable_server.conninfo()) as database, Listener(database) as listener:
        listener.wait(30)
        durable_server.stop()
        listener.wait(0.1)
        assert 0.1 <= timed(listener, 0.1) < 10
        durable_server.start()
        listener.wait(30)
        assert fetch_value(durable_server.conninfo(), LISTENING) == 1


def test_closing_ends_a_wait(database: Database, database_url: str) -> None:
    with Listener(database) as listener:
        listener.wait(30)
        waiting = threading.Thread(target=listener.wait, args=(60,))
        waiting.start()
        listener.close()
        waiting.join(10)
        assert not waiting.is_alive()
        assert timed(listener, 60) < 10
    wait_until(lambda: fetch_value(database_url, LISTENING) == 0, what="the connection to be closed")
