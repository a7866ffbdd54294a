"""Webhooks in the database: what is kept of them, and notes that come too late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.errors import NotFound
from domain.interests import Interest
from ledger.application import Ledger
from ledger.database import Database
from ledger.deliveries import (
    Delivery,
    Turns,
    list_attempts,
    list_enabled,
    note_delivered,
    note_failed,
    note_passed,
)
from ledger.recording import Item
from ledger.webhooks import (
    Webhook,
    add_webhook,
    disable_webhook,
    enable_webhook,
    find_webhook,
    finish_rotation,
    list_webhooks,
    remove_webhook,
    rotate_secret,
)
from tests.builders import REGISTRY
from tests.servers import wait_until

URL = "https://example.org/hook"
TAKEN = Delivery(log_position=3, milliseconds=12, status=204)
FAILED = Delivery(log_position=3, milliseconds=12, status=500, error="It answered 500.")
LATER, LONG = timedelta(minutes=5), timedelta(days=3)


@pytest.fixture
def webhook(ledger: Ledger, database: Database) -> Webhook:
    ledger.record([Item(event=thing) for thing in REGISTRY], recorded_by="tests")
    with database.connection() as connection:
        return add_webhook(connection, url=URL, interest=Interest(), after=2)


def now(database: Database, webhook: Webhook) -> Webhook:
    with database.connection() as connection:
        return find_webhook(connection, webhook.id)


def test_it_is_kept_as_it_was_added(database: Database) -> None:
    everything = Interest(
        locations=("a", "b"), part_of=("c",), bbox=(1.0, 2.0, 3.0, 4.5), voices=("v",), kinds=("corrected",)
    )
    with database.connection() as connection:
        added = add_webhook(connection, url=URL, interest=everything)
        assert find_webhook(connection, added.id) == added
        other = add_webhook(connection, url=URL, interest=Interest())
        assert list_webhooks(connection) == [added, other]
    assert (added.interest, added.url, added.position) == (everything, URL, 0)
    assert added.secrets != other.secrets


def test_secrets_are_not_shown_by_accident(webhook: Webhook) -> None:
    assert "whsec_" not in repr(webhook)
    assert webhook.secrets[0].startswith("whsec_")


def test_secrets_are_rotated_two_at_a_time(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        second = rotate_secret(connection, webhook.id)
        assert find_webhook(connection, webhook.id).secrets == (second, *webhook.secrets)
        third = rotate_secret(connection, webhook.id)
        assert find_webhook(connection, webhook.id).secrets == (third, second)
        finish_rotation(connection, webhook.id)
        finish_rotation(connection, webhook.id)
        assert find_webhook(connection, webhook.id).secrets == (third,)


def test_a_delivery_moves_it_on(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        assert note_delivered(connection, webhook, TAKEN)
        assert find_webhook(connection, webhook.id).position == 3
        [attempt] = list_attempts(connection, webhook.id, 10)
    assert (attempt.log_position, attempt.status, attempt.error) == (3, 204, None)


def test_a_failure_leaves_it_where_it_is_and_puts_it_off(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        assert list_enabled(connection) == {webhook.id: True}
        assert note_failed(connection, webhook, FAILED, pause=LATER, patience=LONG)
        assert list_enabled(connection) == {webhook.id: False}
    failing = now(database, webhook)
    assert (failing.position, failing.failures, failing.disabled_at) == (2, 1, None)
    assert failing.failing_since is not None
    assert failing.next_attempt_at is not None
    assert failing.next_attempt_at - failing.failing_since == pytest.approx(LATER, abs=timedelta(seconds=1))
    with database.connection() as connection:
        assert note_delivered(connection, failing, TAKEN)
    mended = now(database, webhook)
    assert (mended.failures, mended.failing_since, mended.next_attempt_at) == (0, None, None)


def test_patience_that_is_at_its_end_disables_it(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        assert note_failed(connection, webhook, FAILED, pause=LATER, patience=timedelta())
        assert list_enabled(connection) == {}
    disabled = now(database, webhook)
    assert disabled.disabled_reason == "It answered 500."
    with database.connection() as connection:
        enable_webhook(connection, webhook.id)
        assert list_enabled(connection) == {webhook.id: True}
    enabled = now(database, webhook)
    assert (enabled.failures, enabled.disabled_reason, enabled.position) == (0, None, 2)


def test_who_has_read_it_before_it_was_moved_changes_nothing(webhook: Webhook, database: Database) -> None:
    """Two deliver at once when one of them has lost its turn without knowing."""
    with database.connection() as connection:
        assert note_passed(connection, webhook, 5)
        assert not note_delivered(connection, webhook, TAKEN)
        assert not note_failed(connection, webhook, FAILED, pause=LATER, patience=LONG)
        assert not note_passed(connection, webhook, 4)
        assert list_attempts(connection, webhook.id, 10) == []
    assert now(database, webhook).position == 5


def test_a_note_after_it_was_disabled_changes_nothing(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        disable_webhook(connection, webhook.id, "first")
        disable_webhook(connection, webhook.id, "second")
        assert not note_delivered(connection, webhook, TAKEN)
        assert not note_passed(connection, webhook, 5)
    assert (now(database, webhook).position, now(database, webhook).disabled_reason) == (2, "first")


def test_what_has_nothing_new_is_not_due(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        assert note_passed(connection, webhook, len(REGISTRY))
        assert list_enabled(connection) == {webhook.id: False}


def test_one_that_is_removed_leaves_nothing(webhook: Webhook, database: Database) -> None:
    with database.connection() as connection:
        assert note_delivered(connection, webhook, TAKEN)
        remove_webhook(connection, webhook.id)
        assert connection.execute("select count(*) from ledger.webhook_attempts").fetchall() == [(0,)]
        for change in (remove_webhook, enable_webhook, rotate_secret, finish_rotation, find_webhook):
            with pytest.raises(NotFound):
                change(connection, webhook.id)


def test_one_has_the_turn_until_it_gives_it_back_or_dies(database: Database) -> None:
    one, other = Turns(database), Turns(database)
    assert one.take("a")
    assert not other.take("a")
    assert other.take("b")
    one.give_back("a")
    assert other.take("a")
    other.close()
    for name in ("a", "b"):
        wait_until(lambda name=name: one.take(name), what="the turn to be free")  # type: ignore[misc]
    one.close()
