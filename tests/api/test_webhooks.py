"""Webhooks: every event that is wanted, in order and signed, until it is taken, whoever fails or dies."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from api.webhooks.delivering import Deliverer, Policy
from domain.interests import Interest
from ledger.application import Ledger
from ledger.database import Database
from ledger.deliveries import ATTEMPTS_KEPT, Attempt, list_attempts
from ledger.recording import Item
from ledger.webhooks import (
    Webhook,
    add_webhook,
    disable_webhook,
    enable_webhook,
    find_webhook,
    finish_rotation,
    remove_webhook,
    rotate_secret,
)
from migrations.upgrade import upgrade
from tests.api.contract import document, validator
from tests.api.receiving import Receiver, receiving
from tests.api.stories import report, set_the_stage, statement
from tests.api.talking import served
from tests.builders import REGISTRY
from tests.builders import statement as built
from tests.ledger.logs import connect, fetch_value, insert
from tests.servers import Server, wait_until

QUICK = Policy(timeout=5, first=0.01, longest=0.05)
HEAD = len(REGISTRY)


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    ledger.record([Item(event=thing) for thing in REGISTRY], recorded_by="tests")
    return ledger


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def add(
    database: Database, receiver: Receiver, *, after: int | None = 0, interest: Interest | None = None
) -> Webhook:
    with database.connection() as connection:
        return add_webhook(connection, url=receiver.url, interest=interest or Interest(), after=after)


def now(database: Database, webhook: Webhook) -> Webhook:
    with database.connection() as connection:
        return find_webhook(connection, webhook.id)


def attempts(database: Database, webhook: Webhook) -> list[Attempt]:
    """The oldest first."""
    with database.connection() as connection:
        return list_attempts(connection, webhook.id, ATTEMPTS_KEPT)[::-1]


def say(ledger: Ledger, *names: str) -> int:
    recorded = ledger.record([Item(event=built(name)) for name in names], recorded_by="tests")
    return recorded.log_position or 0


@contextmanager
def delivering(database: Database, policy: Policy = QUICK) -> Iterator[Deliverer]:
    deliverer = Deliverer(database, "any", policy)
    deliverer.start()
    try:
        yield deliverer
    finally:
        deliverer.stop()


def has_come_to(database: Database, webhook: Webhook, position: int) -> None:
    wait_until(
        lambda: now(database, webhook).position >= position, what=f"all up to {position} to be delivered"
    )


def test_every_event_in_the_order_of_the_log(told: Ledger, database: Database, receiver: Receiver) -> None:
    webhook = add(database, receiver)
    with delivering(database):
        has_come_to(database, webhook, HEAD)
        last = say(told, *(f"s-{number}" for number in range(300)))
        has_come_to(database, webhook, last)
    assert receiver.positions == list(range(1, last + 1))
    assert len(receiver.came) == len(receiver.taken)
    assert [each.status for each in attempts(database, webhook)] == [204] * last


def test_a_message_is_what_the_specification_says(
    told: Ledger, database: Database, receiver: Receiver
) -> None:
    webhook = add(database, receiver)
    with delivering(database):
        has_come_to(database, webhook, HEAD)
    first = receiver.taken[0]
    message = first.verify(webhook.secrets[0])
    [sent] = document()["webhooks"]["event"].values()
    assert {each["name"] for each in sent["parameters"]} <= first.headers.keys()
    for each in receiver.taken:
        validator("components", "schemas", "WebhookMessage").validate(each.verify(webhook.secrets[0]))
    [described] = sent["requestBody"]["content"].values()
    assert described["schema"]["$ref"].endswith("/WebhookMessage")
    assert set(message) == {"type", "timestamp", "data"}
    assert message["type"] == message["data"]["topic"] == "actor-registered"
    assert message["timestamp"] == message["data"]["recorded_at"]
    assert message["data"]["log_position"] == 1
    assert first.headers["content-type"] == "application/json"
    assert first.headers["host"] == receiver.url.split("/")[2]
    assert first.path == "/hook?for=palimpsest"
    assert first.id == f"msg_{webhook.id}_1"
    with pytest.raises(WebhookVerificationError):
        first.verify("whsec_" + "A" * 43 + "=")


def test_only_what_is_wanted(told: Ledger, database: Database, receiver: Receiver) -> None:
    webhook = add(database, receiver, interest=Interest(locations=("lyman",)))
    with delivering(database):
        kupiansk = built("k")
        lyman = built("l", at="lyman")
        told.record([Item(event=kupiansk), Item(event=lyman)], recorded_by="tests")
        told.retract("k", "Made up.", recorded_by="tests")
        last = told.retract("l", "Made up.", recorded_by="tests").log_position
        has_come_to(database, webhook, last)
    told_of = [json.loads(sent.body)["data"] for sent in receiver.taken]
    assert [(each["stream"], each["topic"]) for each in told_of] == [
        ("location:lyman", "location-registered"),
        ("development:l", "statement-made"),
        ("development:l", "retracted"),
    ]


def test_from_now_on_unless_told_otherwise(told: Ledger, database: Database, receiver: Receiver) -> None:
    webhook = add(database, receiver, after=None)
    assert webhook.position == HEAD
    with delivering(database):
        last = say(told, "a")
        has_come_to(database, webhook, last)
    assert receiver.positions == [last]


@pytest.mark.parametrize(
    ("status", "said"),
    [(500, "It answered 500."), (302, "It answered 302, and nobody is followed elsewhere."), (0, "reached")],
)
def test_what_fails_is_sent_again_until_it_is_taken(
    told: Ledger, database: Database, receiver: Receiver, status: int, said: str
) -> None:
    def fail_at_three(sent: object) -> int:
        if [each.position for each in receiver.came].count(3) <= 3 and receiver.came[-1].position == 3:
            if status == 0:
                raise ConnectionResetError
            return status
        return 204

    receiver.answer = fail_at_three
    webhook = add(database, receiver)
    with delivering(database):
        has_come_to(database, webhook, HEAD)
    assert receiver.positions == list(range(1, HEAD + 1)), "nothing overtakes what fails"
    again = [sent for sent in receiver.came if sent.position == 3]
    assert len(again) == 4
    assert len({(sent.id, sent.body) for sent in again}) == 1, "the same message"
    assert again[-1].verify(webhook.secrets[0])
    failed = [each for each in attempts(database, webhook) if each.error]
    assert [each.log_position for each in failed] == [3, 3, 3]
    assert said in str(failed[0].error)
    assert all(sent.path == "/hook?for=palimpsest" for sent in receiver.came)
    assert now(database, webhook).failing_since is None


def test_a_receiver_that_does_not_answer_is_not_waited_for_without_end(
    told: Ledger, database: Database, receiver: Receiver
) -> None:
    answer_now = threading.Event()

    def hang(sent: object) -> int:
        answer_now.wait(60)
        return 204

    receiver.answer = hang
    webhook = add(database, receiver)
    with delivering(database, Policy(timeout=0.1, first=0.01, longest=0.05)):
        wait_until(lambda: now(database, webhook).failures >= 2, what="two attempts to time out")
        answer_now.set()
        has_come_to(database, webhook, HEAD)
    failed = [each for each in attempts(database, webhook) if each.error]
    assert failed[0].error == "It did not answer within 0.1 seconds."
    assert failed[0].milliseconds < 5_000
    assert set(receiver.positions) == set(range(1, HEAD + 1))


def test_a_receiver_that_dies_and_comes_back(told: Ledger, database: Database) -> None:
    with receiving() as receiver:
        webhook = add(database, receiver)
    with delivering(database):
        wait_until(lambda: now(database, webhook).failures >= 2, what="it to be tried in vain")
        failing = now(database, webhook)
        assert failing.failing_since is not None
        assert failing.position == 0
        with receiving() as other, connect(str(database.conninfo)) as connection:
            connection.execute("update ledger.webhooks set url = %s", (other.url,))
            has_come_to(database, webhook, HEAD)
            assert other.positions == list(range(1, HEAD + 1))


def test_one_that_fails_does_not_hold_up_another(
    told: Ledger, database: Database, receiver: Receiver
) -> None:
    def refuse_one(sent: object) -> int:
        return 500 if receiver.came[-1].id.startswith(f"msg_{failing.id}_") else 204

    receiver.answer = refuse_one
    failing, healthy = add(database, receiver), add(database, receiver)
    with delivering(database):
        has_come_to(database, healthy, HEAD)
    assert now(database, failing).position == 0


@pytest.mark.parametrize(
    ("status", "policy", "tried"), [(500, Policy(first=0.01, longest=0.01, patience=0.2), 2), (410, QUICK, 1)]
)
def test_whoever_fails_for_long_is_disabled(
    told: Ledger, database: Database, receiver: Receiver, status: int, policy: Policy, tried: int
) -> None:
    receiver.answer = lambda sent: status
    webhook = add(database, receiver)
    with delivering(database, policy):
        wait_until(lambda: now(database, webhook).disabled_at is not None, what="it to be disabled")
        disabled = now(database, webhook)
        assert str(status) in str(disabled.disabled_reason)
        assert disabled.failures >= tried
        receiver.answer = lambda sent: 204
        with database.connection() as connection:
            enable_webhook(connection, webhook.id, after=2)
        has_come_to(database, webhook, HEAD)
    assert receiver.positions == list(range(3, HEAD + 1))
    assert now(database, webhook).failures == 0


def test_disabling_and_removing_end_it(told: Ledger, database: Database, receiver: Receiver) -> None:
    kept, removed = add(database, receiver), add(database, receiver)

    def end_both(sent: object) -> int:
        with database.connection() as connection:
            disable_webhook(connection, kept.id, "by hand")
            remove_webhook(connection, removed.id)
        return 204

    receiver.answer = end_both
    with delivering(database):
        wait_until(lambda: now(database, kept).disabled_at is not None, what="both to be ended")
        others = add(database, receiver)
        receiver.answer = lambda sent: 204
        has_come_to(database, others, HEAD)
    assert now(database, kept).disabled_reason == "by hand"
    for ended in (kept, removed):
        assert len([sent for sent in receiver.came if sent.id.startswith(f"msg_{ended.id}_")]) <= 1


def test_two_secrets_while_one_is_replaced(told: Ledger, database: Database, receiver: Receiver) -> None:
    webhook = add(database, receiver, after=None)
    with delivering(database):
        with database.connection() as connection:
            new = rotate_secret(connection, webhook.id)
        has_come_to(database, webhook, say(told, "a"))
        for secret in (webhook.secrets[0], new):
            assert receiver.taken[-1].verify(secret)
        with database.connection() as connection:
            finish_rotation(connection, webhook.id)
        has_come_to(database, webhook, say(told, "b"))
    assert receiver.taken[-1].verify(new)
    with pytest.raises(WebhookVerificationError):
        receiver.taken[-1].verify(webhook.secrets[0])


def test_one_process_at_a_time_delivers(told: Ledger, database: Database, receiver: Receiver) -> None:
    webhook = add(database, receiver)
    with delivering(database), delivering(database), delivering(database):
        last = say(told, *(f"s-{number}" for number in range(100)))
        has_come_to(database, webhook, last)
    assert [sent.position for sent in receiver.came] == list(range(1, last + 1))


def test_what_is_broken_off_is_sent_again_under_the_same_id(
    told: Ledger, database: Database, receiver: Receiver
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def hold(sent: object) -> int:
        reached.set()
        go_on.wait(60)
        return 204

    receiver.answer = hold
    webhook = add(database, receiver)
    with delivering(database, Policy(timeout=60)):
        assert reached.wait(30)
        # It stops now, without waiting for the receiver.
    go_on.set()
    assert now(database, webhook).position == 0
    with delivering(database):
        has_come_to(database, webhook, HEAD)
    assert [sent.id for sent in receiver.came].count(f"msg_{webhook.id}_1") == 2


def test_an_event_that_cannot_be_read_is_not_skipped(
    told: Ledger, database: Database, database_url: str, receiver: Receiver
) -> None:
    webhook = add(database, receiver)
    with connect(database_url) as connection:
        broken = insert(connection, "development:broken")
    with delivering(database):
        wait_until(lambda: now(database, webhook).failures >= 1, what="it to be noticed")
    assert now(database, webhook).position == HEAD
    [failed, *_] = [each for each in attempts(database, webhook) if each.error]
    assert (failed.log_position, failed.status) == (broken, None)
    assert "cannot be read" in str(failed.error)


def test_postgresql_goes_away_and_comes_back(
    durable_server: Server, receiver: Receiver, tmp_path: Path
) -> None:
    conninfo = durable_server.create_database("palimpsest")
    upgrade(conninfo)
    with Database(conninfo) as database:
        with Ledger(database) as ledger:
            ledger.record([Item(event=thing) for thing in REGISTRY], recorded_by="tests")
        webhook = add(database, receiver)
        with delivering(database):
            has_come_to(database, webhook, HEAD)
            durable_server.stop()
            durable_server.start()
            with Ledger(database) as ledger:
                last = say(ledger, "after")
            has_come_to(database, webhook, last)
    assert set(receiver.positions) == set(range(1, last + 1))


def test_nobody_listens_without_a_webhook(
    told: Ledger, database: Database, database_url: str, receiver: Receiver
) -> None:
    """A connection that listens and does not read would keep the notifications of all others."""
    here = "from pg_stat_activity where datname = current_database() and query = 'listen palimpsest_events'"
    webhook = add(database, receiver)
    with delivering(database):
        has_come_to(database, webhook, HEAD)
        wait_until(lambda: fetch_value(database_url, f"select count(*) {here}") == 1, what="it to listen")
        with database.connection() as connection:
            remove_webhook(connection, webhook.id)
        wait_until(lambda: fetch_value(database_url, f"select count(*) {here}") == 0, what="it to hang up")


def test_the_oldest_attempts_are_forgotten(
    told: Ledger, database: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.deliveries.ATTEMPTS_KEPT", 3)
    webhook = add(database, receiver)
    with delivering(database):
        has_come_to(database, webhook, HEAD)
    assert [each.log_position for each in attempts(database, webhook)] == [HEAD - 2, HEAD - 1, HEAD]


@pytest.mark.once
def test_a_server_killed_in_the_middle_of_a_delivery(
    database_url: str, database: Database, tmp_path: Path, receiver: Receiver
) -> None:
    """Whoever goes on sends it again, under the same id; nothing is missed."""
    held = threading.Event()

    def hold_the_first(sent: object) -> int:
        if len(receiver.came) == 1:
            held.wait(60)
        return 204

    receiver.answer = hold_the_first
    with served(database_url, tmp_path, webhook_targets="any") as (server, api):
        last = set_the_stage(api)
        webhook = add(database, receiver, after=last)
        position = report(api, statement(), statement())
        wait_until(lambda: len(receiver.came) == 1, what="the first to be sent")
        server.kill()
        held.set()
        server.start()
        has_come_to(database, webhook, position)
        assert "for=palimpsest" not in server.log, "an address may hold a secret"
    ids = [sent.id for sent in receiver.came]
    assert ids[:2] == [f"msg_{webhook.id}_{last + 1}"] * 2
    assert receiver.came[0].body == receiver.came[1].body
    assert sorted(set(receiver.positions)) == [last + 1, last + 2]


def test_a_server_that_is_told_not_to_delivers_nothing(
    database_url: str, database: Database, tmp_path: Path, receiver: Receiver
) -> None:
    webhook = add(database, receiver)
    with served(database_url, tmp_path, webhook_targets="any", webhooks="off") as (_, api):
        last = set_the_stage(api)
        with delivering(database):
            has_come_to(database, webhook, last)
    assert [sent.position for sent in receiver.came] == list(range(1, last + 1))


@pytest.mark.parametrize(
    ("failures", "shortest", "longest"),
    [
        (1, 4, 6),
        (2, 16, 24),
        (3, 64, 96),
        (4, 256, 384),
        (5, 1_024, 1_536),
        (6, 1_440, 2_160),
        (900, 1_440, 2_160),
    ],
)
def test_pauses_grow_and_are_spread(failures: int, shortest: float, longest: float) -> None:
    policy = Policy()
    assert policy.pause(failures, 0.0) == pytest.approx(shortest)
    assert policy.pause(failures, 1.0) == pytest.approx(longest)
