"""What events are about, as the log stood when they were recorded."""

from __future__ import annotations

import pytest

from domain.errors import NotFound
from domain.interests import Interest, Subject
from domain.registry import ActorDescribed, LocationDescribed
from domain.streams import Thing
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import read_events
from ledger.recording import Item
from ledger.subjects import check_interest, find_subjects
from tests.builders import REGISTRY, actor, claim, denial, document, location, statement

BY = "tests"


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """Kupiansk is part of a region, which is part of a country."""
    places = (location("country", "region"), location("region", "region", part_of="country"))
    below = location("village", part_of="region", point=(37.0, 49.0))
    things: list[Thing] = [
        *REGISTRY,
        document(),
        *places,
        below,
        claim(),
        statement("said", at=("village", "lyman")),
    ]
    ledger.record([Item(event=thing) for thing in things], recorded_by=BY)
    return ledger


def last(database: Database, count: int = 1) -> list[tuple[Subject, ...]]:
    """What the newest events are about."""
    with database.connection() as connection:
        return find_subjects(connection, read_events(connection, after=0, limit=1_000))[-count:]


def test_a_development_is_about_its_places_and_who_says_it(told: Ledger, database: Database) -> None:
    told.record([Item(event=claim("c", at=("village", "lyman"), by="russian-army"))], recorded_by=BY)
    [(subject,)] = last(database)
    village, lyman = subject.spots
    assert (village.id, village.point) == ("village", (37.0, 49.0))
    assert village.within == {"village", "region", "country"}
    assert lyman.within == {"lyman"}
    assert lyman.point is None
    assert subject.actors == {"russian-army", "russia"}
    assert subject.kind == "occupation-claimed"


def test_what_nobody_says_has_no_voice(told: Ledger, database: Database) -> None:
    [(subject,)] = last(database)
    assert (subject.kind, subject.actors) == ("statement-made", frozenset())


def test_a_correction_is_about_what_was_said_and_what_is_said_now(told: Ledger, database: Database) -> None:
    told.correct("kupiansk-claimed", claim(at="lyman", by="russian-army"), "Lyman.", recorded_by=BY)
    [(before, after)] = last(database)
    assert [spot.id for spot in before.spots] == ["kupiansk"]
    assert [spot.id for spot in after.spots] == ["lyman"]
    assert after.actors == {"russian-army", "russia"}


def test_a_retraction_is_about_the_newest_body(told: Ledger, database: Database) -> None:
    told.correct("kupiansk-claimed", claim(at="lyman"), "Lyman.", recorded_by=BY)
    told.retract("kupiansk-claimed", "Made up.", recorded_by=BY)
    [(subject,)] = last(database)
    assert [spot.id for spot in subject.spots] == ["lyman"]
    assert subject.kind == "occupation-claimed"
    assert subject.actors == {"russia"}


def test_a_link_is_about_both_ends(told: Ledger, database: Database) -> None:
    told.link("said", "supports", "kupiansk-claimed", None, recorded_by=BY)
    [(one, other)] = last(database)
    assert [spot.id for spot in one.spots] == ["village", "lyman"]
    assert ([spot.id for spot in other.spots], other.kind) == (["kupiansk"], "occupation-claimed")


def test_a_place_that_moves_is_in_both_areas(told: Ledger, database: Database) -> None:
    moved = LocationDescribed(
        id="village", kind="settlement", name="Village", part_of="lyman", point=(38, 50)
    )
    told.describe_location(moved, recorded_by=BY)
    [(subject,)] = last(database)
    assert [spot.within for spot in subject.spots] == [{"village", "region", "country"}, {"village", "lyman"}]
    assert [spot.point for spot in subject.spots] == [(37.0, 49.0), (38.0, 50.0)]


def test_what_was_recorded_before_stays_where_it_was(told: Ledger, database: Database) -> None:
    before = last(database)
    told.describe_location(LocationDescribed(id="region", kind="region", name="Region"), recorded_by=BY)
    told.record([Item(event=statement("later", at="village"))], recorded_by=BY)
    assert last(database, 3)[0] == before[0]
    [(subject,)] = last(database)
    assert subject.spots[0].within == {"village", "region"}


def test_an_actor_is_about_its_voices_before_and_after(told: Ledger, database: Database) -> None:
    described = ActorDescribed(id="russian-army", kind="unit", name="Army", speaks_for="ukraine")
    told.describe_actor(described, recorded_by=BY)
    told.record([Item(event=claim("later", by="russian-army"))], recorded_by=BY)
    (change,), (said,) = last(database, 2)
    assert change.actors == {"russian-army", "russia", "ukraine"}
    assert said.actors == {"russian-army", "ukraine"}


def test_registered_in_the_same_moment_counts(ledger: Ledger, database: Database) -> None:
    things: list[Thing] = [actor("russia"), location("kupiansk"), claim()]
    ledger.record([Item(event=thing) for thing in things], recorded_by=BY)
    *_, (said,) = last(database, 3)
    assert [spot.id for spot in said.spots] == ["kupiansk"]
    assert said.actors == {"russia"}


def test_a_document_is_about_no_place_and_nobody(told: Ledger, database: Database) -> None:
    told.record([Item(event=document("other"))], recorded_by=BY)
    assert last(database) == [(Subject(),)]


def test_an_answer_is_about_who_answers(told: Ledger, database: Database) -> None:
    told.record([Item(event=denial())], recorded_by=BY)
    [(subject,)] = last(database)
    assert subject.kind == "claim-denied"
    assert subject.actors == {"ukraine"}


@pytest.mark.parametrize(
    "interest",
    [Interest(locations=("nowhere",)), Interest(part_of=("nowhere",)), Interest(voices=("nobody",))],
)
def test_an_interest_in_what_there_is_not_is_refused(
    told: Ledger, database: Database, interest: Interest
) -> None:
    with database.connection() as connection:
        check_interest(connection, Interest(locations=("lyman",), part_of=("country",), voices=("russia",)))
        with pytest.raises(NotFound, match=r"nowhere|nobody"):
            check_interest(connection, interest)
