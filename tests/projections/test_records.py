"""Records: what is rendered ahead is what judging every claim anew comes to, at any time and position."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import NotFound
from domain.kinds.envelope import Development
from domain.outcomes import OUTCOMES
from domain.shares import WORDS
from domain.streams import Thing
from domain.times import When
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from ledger.recording import Item
from projections.engine.following import Follower
from projections.engine.rebuilding import rebuild
from projections.engine.verifying import verify
from projections.reading import claims, records
from projections.reading.claims import ClaimAnswer
from projections.reading.moments import AskedClocks, Reader
from projections.reading.records import ActorRecord, RecordQuestion
from projections.states import States
from tests.builders import REGISTRY, actor, claim, development, location, statement
from tests.projections.random_ledger import PLACES, SEEDS, RandomLedger

STEPS = 60
ACTORS = ("east", "west", "east-army", "west-army", "paper", "mapper")
EVERYTHING = RecordQuestion()
BEGINNING = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
RUSSIAN = {"by": "russian-army", "holder": "russia"}

UNRENDERED = """
    SELECT count(*) FROM projections.claims c WHERE until_position IS NULL AND NOT EXISTS (
        SELECT FROM projections.claim_outcomes o WHERE o.claim_id = c.claim_id
        AND o.starts <= %(at)s AND (o.ends IS NULL OR o.ends > %(at)s))"""


class LedgerOfTheseDays(RandomLedger):
    """Much of what is reported has just begun, or has not yet: time alone changes what became of it."""

    def _window(self) -> When:
        earliest = BEGINNING + timedelta(days=self._random.randrange(-8, 8))
        latest = earliest + timedelta(days=self._random.choice((1, 1, 3, 10)))
        return When(edtf="random", earliest=earliest, latest=latest)


def bounds(seed: int) -> Iterator[datetime]:
    """Bounds from now on, some at the very turns of days."""
    yield datetime.now(UTC) + timedelta(seconds=1)
    choose = random.Random(seed)
    for days in choose.sample(range(1, 20), 6):
        yield BEGINNING + timedelta(days=days, microseconds=choose.choice((0, 0, 1, 3_600_000_000)))


def asking(before: datetime, position: int | None = None) -> AskedClocks:
    return AskedClocks(valid_before=before, known_before=before, log_position=position)


def judge_anew(reader: Reader, asked: AskedClocks) -> dict[str, ClaimAnswer]:
    """Every claim that counts, judged place by place, with nothing that was rendered ahead."""
    with reader.at(asked, *records.NEEDS) as moment:
        return {
            answer.claim.id: answer
            for place in PLACES
            for answer in claims.list_place_claims(moment, place, limit=1_000)[0]
        }


def read_record(reader: Reader, asked: AskedClocks, of: str, question: RecordQuestion) -> ActorRecord:
    with reader.at(asked, *records.NEEDS) as moment:
        return records.find_record(moment, of, question)


def list_claims(reader: Reader, asked: AskedClocks, of: str, outcomes: list[str] | None) -> list[ClaimAnswer]:
    """Page by page."""
    found: list[ClaimAnswer] = []
    after: str | None = None
    with reader.at(asked, *records.NEEDS) as moment:
        while True:
            page, after = records.list_actor_claims(moment, of, EVERYTHING, outcomes, after=after, limit=3)
            found += page
            if after is None:
                return found


def check_records(reader: Reader, asked: AskedClocks) -> None:
    """The record of every actor, and its lists, against every claim judged anew."""
    every = judge_anew(reader, asked)
    for of in ACTORS:
        made = [each for each in every.values() if of in (each.claim.by, each.voice)]
        record = read_record(reader, asked, of, EVERYTHING)
        assert record.total.claims == len(made)
        assert sum(told.claims for told in record.by_actor.values()) == len(made)
        listed = list_claims(reader, asked, of, None)
        assert listed == sorted(made, key=lambda each: each.claim.id)
        for outcome in OUTCOMES:
            wanted = [each for each in listed if each.outcome.value == outcome]
            assert list_claims(reader, asked, of, [outcome]) == wanted
            assert record.total.outcomes[outcome] <= len(wanted)
        if record.total.distinct == len(made):
            assert Counter(record.total.outcomes) == Counter(each.outcome.value for each in made)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_rendered_holds_as_time_goes_on(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = LedgerOfTheseDays(ledger, seed)
    writer.register()
    for _ in range(STEPS):
        writer.step()
    follower.catch_up()
    turned = set()
    for before in bounds(seed):
        with database.connection() as connection:
            assert connection.execute(UNRENDERED, {"at": before}).fetchone() == (0,)
        check_records(reader, asking(before))
        turned.add(
            tuple(sorted(read_record(reader, asking(before), "east", EVERYTHING).total.outcomes.items()))
        )
    assert len(turned) > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_answered_at_a_position_is_answered_for_ever(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = LedgerOfTheseDays(ledger, seed)
    writer.register()
    told: list[tuple[AskedClocks, list[ActorRecord]]] = []
    for number in range(STEPS):
        writer.step()
        if number % 15 == 0:
            follower.catch_up()
            with database.connection() as connection:
                position = head_position(connection)
            for before in bounds(seed + number):
                asked = asking(before, position)
                check_records(reader, asked)
                told.append((asked, [read_record(reader, asked, of, EVERYTHING) for of in ACTORS]))
    follower.catch_up()
    for asked, answered in told:
        assert [read_record(reader, asked, of, EVERYTHING) for of in ACTORS] == answered
    assert verify(database, States())[1] == []
    rebuild(database, States())
    for asked, answered in told:
        assert [read_record(reader, asked, of, EVERYTHING) for of in ACTORS] == answered


@pytest.mark.parametrize("seed", SEEDS)
def test_the_clocks_may_differ_and_lie_in_the_past(
    seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = LedgerOfTheseDays(ledger, seed)
    writer.register()
    for _ in range(STEPS):
        writer.step()
    follower.catch_up()
    choose = random.Random(seed)
    for _ in range(5):
        valid, known = (BEGINNING + timedelta(days=choose.randrange(-8, 15)) for _ in range(2))
        check_records(reader, AskedClocks(valid_before=valid, known_before=known))


def test_what_is_not_rendered_yet_is_judged_and_rendered_by_and_by(
    database: Database, ledger: Ledger, follower: Follower, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.engine.following.SETTLE_AT_ONCE", 1)
    writer = LedgerOfTheseDays(ledger, 1)
    writer.register()
    for _ in range(STEPS):
        writer.step()
    follower.step()
    asked = asking(datetime.now(UTC) + timedelta(seconds=1))
    check_records(reader, asked)
    early = [read_record(reader, asked, of, EVERYTHING) for of in ACTORS]
    with database.connection() as connection:
        query = "SELECT count(*) FILTER (WHERE stale), count(*) FROM projections.location_states"
        stale, places = connection.execute(query).fetchone() or (0, 0)
    assert 0 < stale < places
    follower.catch_up()
    assert verify(database, States())[1] == []
    assert [read_record(reader, asked, of, EVERYTHING) for of in ACTORS] == early


# Small stories


@pytest.fixture
def now(database: Database) -> Reader:
    """A reader for whom everything of these tests is long over."""
    return Reader(database, lambda: datetime.now(UTC) + timedelta(days=400))


def record_all(ledger: Ledger, follower: Follower, *things: Thing) -> None:
    ledger.record([Item(event=thing) for thing in things], recorded_by="test")
    follower.catch_up()


def assessment(id: str, when: str, share: str = "all", at: str = "kupiansk") -> Development:
    return development(
        "control-assessed", id, by="deepstate", control={"russia": WORDS[share]}, occurred=when, at=at
    )


def total(reader: Reader, of: str = "russia", **question: object) -> tuple[int, int, dict[str, int]]:
    record = read_record(reader, AskedClocks(), of, RecordQuestion(**question))  # type: ignore[arg-type]
    outcomes = {str(value): count for value, count in record.total.outcomes.items() if count}
    return record.total.claims, record.total.distinct, outcomes


def test_a_party_answers_for_its_voice_and_an_official_for_itself(
    ledger: Ledger, follower: Follower, now: Reader
) -> None:
    record_all(
        ledger, follower, *REGISTRY, claim("one"), claim("two", **RUSSIAN), assessment("a", "2025-11-24")
    )
    assert total(now) == (2, 2, {"borne-out": 2})
    assert total(now, "russian-army") == (1, 1, {"borne-out": 1})
    assert total(now, "deepstate") == (0, 0, {})
    found = read_record(now, AskedClocks(), "russia", EVERYTHING)
    assert list(found.by_actor) == ["russia", "russian-army"]
    assert (found.total.median_lead_days, found.total.leads) == (4.0, 2)


def test_one_report_told_by_two_of_one_voice_counts_once_also_through_what_is_no_claim(
    ledger: Ledger, follower: Follower, now: Reader
) -> None:
    record_all(
        ledger,
        follower,
        *REGISTRY,
        claim("one"),
        statement("between"),
        claim("two", **RUSSIAN),
        claim("three"),
    )
    ledger.link("one", "same-report", "between", None, recorded_by="test")
    ledger.link("two", "same-report", "between", None, recorded_by="test")
    follower.catch_up()
    assert total(now) == (3, 2, {"open": 2})
    ledger.retract("between", "A slip.", recorded_by="test")
    follower.catch_up()
    assert total(now) == (3, 3, {"open": 3})


def test_corrected_and_retracted_claims(ledger: Ledger, follower: Follower, now: Reader) -> None:
    record_all(
        ledger, follower, *REGISTRY, claim("one"), claim("two"), assessment("a", "2025-11-24", at="lyman")
    )
    assert total(now) == (2, 2, {"open": 2})
    ledger.correct("one", claim("one", at="lyman"), "It was Lyman.", recorded_by="test")
    ledger.retract("two", "A slip.", recorded_by="test")
    follower.catch_up()
    assert total(now) == (2, 2, {"borne-out": 1, "retracted": 1})
    ledger.correct("one", statement("one", by="russia"), "It was no claim.", recorded_by="test")
    follower.catch_up()
    assert total(now) == (1, 1, {"retracted": 1})


def test_an_actor_that_is_described_anew_takes_its_claims_along(
    ledger: Ledger, follower: Follower, now: Reader
) -> None:
    record_all(ledger, follower, *REGISTRY, claim("one", **RUSSIAN), assessment("a", "2025-11-24"))
    ledger.describe_actor(actor("russian-army", "unit", speaks_for="ukraine"), recorded_by="test")
    ledger.describe_actor(actor("deepstate", "outlet"), recorded_by="test")
    follower.catch_up()
    assert total(now) == (0, 0, {})
    assert total(now, "ukraine") == (1, 1, {"open": 1})


def test_periods_by_effect_leave_nothing_out_and_count_nothing_twice(
    ledger: Ledger, follower: Follower, now: Reader
) -> None:
    days = ("2025-11-20", "2025-11-30", "2025-12-01")
    record_all(ledger, follower, *REGISTRY, *(claim(f"c-{when}", occurred=when) for when in days))
    december = datetime(2025, 12, 1, tzinfo=UTC)
    assert total(now, made_before=december)[0] == 2
    assert total(now, made_from=december)[0] == 1
    assert total(now, made_from=datetime(2025, 11, 30, tzinfo=UTC), made_before=december)[0] == 1


def test_an_area_is_a_place_with_all_below_it_or_a_box_or_both(
    ledger: Ledger, follower: Follower, now: Reader
) -> None:
    places_ = [
        location("region", "region"),
        location("district", "district", part_of="region"),
        location("town", part_of="district", point=(37.0, 49.0)),
        location("hamlet", point=(38.0, 49.0)),
    ]
    made = [claim(f"of-{place}", at=place) for place in ("region", "district", "town", "hamlet")]
    record_all(ledger, follower, *REGISTRY, *places_, *made, claim("of-two", at=("hamlet", "town")))
    assert total(now, part_of="region")[0] == 4
    assert total(now, part_of="district")[0] == 3
    assert total(now, part_of="hamlet")[0] == 2
    assert total(now, bbox=(36.5, 48.0, 37.5, 50.0))[0] == 2
    assert total(now, bbox=(37.5, 48.0, 36.5, 50.0))[0] == 2
    assert total(now, part_of="region", bbox=(37.5, 48.0, 38.5, 50.0))[0] == 0
    assert total(now, bbox=(0.0, 0.0, 1.0, 1.0)) == (0, 0, {})


def test_an_area_that_is_no_place_is_said_to_be_none(ledger: Ledger, follower: Follower, now: Reader) -> None:
    record_all(ledger, follower, *REGISTRY)
    with pytest.raises(NotFound, match="nowhere"):
        total(now, part_of="nowhere")
    with pytest.raises(NotFound, match="nobody"):
        total(now, "nobody")


def test_an_answer_follows_its_claim_though_that_is_about_another_place_now(
    ledger: Ledger, follower: Follower, now: Reader
) -> None:
    """What Ukraine says of Kupiansk ends its own claim there, and follows from a claim about Lyman."""
    record_all(
        ledger,
        follower,
        *REGISTRY,
        claim("ours", by="ukraine", holder="ukraine", occurred="2025-11-10"),
        claim("denied", share=WORDS["part"]),
        development("claim-confirmed", "yes", by="ukraine", claim="denied", occurred="2025-11-21"),
        assessment("a", "2025-11-24"),
    )
    assert total(now, "ukraine") == (1, 1, {"open": 1})
    ledger.correct("denied", claim("denied", at="lyman", share=WORDS["part"]), "Lyman.", recorded_by="test")
    follower.catch_up()
    assert total(now, "ukraine") == (1, 1, {"open": 1})
    ledger.correct("denied", claim("denied", at="lyman", share=WORDS["none"]), "None.", recorded_by="test")
    follower.catch_up()
    assert total(now, "ukraine") == (1, 1, {"contradicted": 1})
