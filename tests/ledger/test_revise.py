"""Correcting, retracting, linking and describing anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from domain.editorial import Corrected, Linked, LinkType, Retracted
from domain.errors import AlreadyRetracted, Conflict, InvalidInput, NotFound, RevisionConflict
from domain.registry import ActorDescribed, LocationDescribed
from domain.shares import PART
from ledger.application import Ledger
from ledger.reading import head_position, read_stream
from ledger.recording import Item
from ledger.revising import Revised
from tests.builders import actor, claim, denial, location, statement
from tests.ledger.logs import count_waiting, held_log, register
from tests.servers import wait_until

CLAIM = "kupiansk-claimed"


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """The registry (1 to 7), the claim (8), its denial (9) and a statement (10)."""
    register(ledger)
    ledger.record([Item(event=claim()), Item(event=denial()), Item(event=statement("said"))], recorded_by="k")
    return ledger


def faults_of(ledger: Ledger, change: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        change()
    with ledger.database.connection() as connection:
        assert head_position(connection) == 10
    return [(fault.path, fault.code) for fault in caught.value.faults]


def test_a_correction_replaces_the_whole_development(told: Ledger) -> None:
    new = claim(share=PART, manner="entered")
    revised = told.correct(
        CLAIM, new, "It was a part.", recorded_by="ed", request_id="r-9", expected_revision=1
    )
    assert (revised.revision, revised.log_position) == (2, 11)
    current = told.load_development(CLAIM)
    assert current is not None
    assert (current.first, current.body, current.revision, current.retracted) == (claim(), new, 2, None)
    with told.database.connection() as connection:
        last = read_stream(connection, f"development:{CLAIM}")[-1]
    assert last.event == Corrected(reason="It was a part.", body=new)
    assert (last.recorded_by, last.request_id, last.recorded_at) == ("ed", "r-9", revised.recorded_at)


def test_a_correction_may_be_of_another_kind(told: Ledger) -> None:
    told.correct("said", claim("said"), "It was a claim.", recorded_by="ed")
    assert getattr(told.load_development("said"), "body", None) == claim("said")


def test_a_retraction(told: Ledger) -> None:
    assert told.retract(CLAIM, "Never said.", recorded_by="ed").revision == 2
    current = told.load_development(CLAIM)
    assert current is not None
    assert (current.body, current.retracted) == (claim(), Retracted(reason="Never said."))


def test_links_add_up(told: Ledger) -> None:
    told.link(CLAIM, "contradicts", "said", recorded_by="ed")
    told.link(CLAIM, "same-report", "said", "It is the same.", recorded_by="ed", expected_revision=2)
    current = told.load_development(CLAIM)
    assert current is not None
    assert current.revision == 3
    assert current.links == (
        Linked(type="contradicts", to="said"),
        Linked(type="same-report", to="said", reason="It is the same."),
    )


def test_descriptions_replace_what_was_registered(told: Ledger) -> None:
    place = location("kupiansk", part_of="lyman", names={"uk": "Куп'янськ"})
    assert told.describe_location(place, recorded_by="ed").revision == 2
    again = told.describe_location(LocationDescribed(id="kupiansk", kind="area", name="K"), recorded_by="ed")
    assert again.revision == 3
    assert told.describe_actor(actor("outlet", "agency"), recorded_by="ed", expected_revision=1).revision == 2
    with told.database.connection() as connection:
        described = read_stream(connection, "location:kupiansk")[1].event
        last = read_stream(connection, "actor:outlet")[-1]
    assert described == LocationDescribed(
        id="kupiansk", kind="settlement", name="Kupiansk", part_of="lyman", names={"uk": "Куп'янськ"}
    )
    assert last.event == ActorDescribed(id="outlet", kind="agency", name="Outlet")
    assert last.topic == "actor-described"


@pytest.mark.parametrize("unknown", ["nobody-said-it", "", "a\0b", "\ud800"])
def test_what_is_not_there_cannot_be_changed(told: Ledger, unknown: str) -> None:
    changes: list[Callable[[], Revised]] = [
        lambda: told.correct(unknown, claim(unknown), "r", recorded_by="k"),
        lambda: told.retract(unknown, "r", recorded_by="k"),
        lambda: told.link(unknown, "supports", CLAIM, recorded_by="k"),
        lambda: told.describe_location(location(unknown), recorded_by="k"),
        lambda: told.describe_actor(actor(unknown), recorded_by="k"),
    ]
    for change in changes:
        with pytest.raises(NotFound):
            change()
    assert told.load_development(unknown) is None


def test_a_development_is_no_place(told: Ledger) -> None:
    with pytest.raises(NotFound, match="There is no location"):
        told.describe_location(location(CLAIM), recorded_by="k")


def test_faults_of_a_correction(told: Ledger) -> None:
    wrong = claim("another-id", by="nobody", at="nowhere")
    assert faults_of(told, lambda: told.correct(CLAIM, wrong, " ", recorded_by="k")) == [
        ("reason", "missing"),
        ("id", "bad-id"),
        ("at", "unknown-location"),
        ("by", "unknown-actor"),
    ]
    assert faults_of(told, lambda: told.correct(CLAIM, claim(), "why", recorded_by="k")) == [
        ("", "no-change")
    ]
    stray = denial(at="lyman")
    assert faults_of(told, lambda: told.correct(stray.id, stray, "why", recorded_by="k")) == [
        ("at", "outside-claim")
    ]
    unstorable = claim(credibility=cast(Any, 9))
    assert faults_of(told, lambda: told.correct(CLAIM, unstorable, "why", recorded_by="k")) == [
        ("", "unstorable")
    ]


def test_faults_of_a_retraction_and_of_links(told: Ledger) -> None:
    assert faults_of(told, lambda: told.retract(CLAIM, "", recorded_by="k")) == [("reason", "missing")]
    assert faults_of(told, lambda: told.link(CLAIM, "supports", CLAIM, recorded_by="k")) == [
        ("to", "bad-reference")
    ]
    assert faults_of(told, lambda: told.link(CLAIM, "supports", "none", recorded_by="k")) == [
        ("to", "unknown-development")
    ]
    assert faults_of(told, lambda: told.link(CLAIM, "supports", "N\0", recorded_by="k")) == [("to", "bad-id")]
    unknown_type = cast(LinkType, "likes")
    assert faults_of(told, lambda: told.link(CLAIM, unknown_type, "said", recorded_by="k")) == [
        ("", "unstorable")
    ]


def test_a_link_that_is_there_already(told: Ledger) -> None:
    told.link(CLAIM, "supports", "said", recorded_by="k")
    with pytest.raises(InvalidInput, match="changes nothing"):
        told.link(CLAIM, "supports", "said", "for another reason", recorded_by="k")


def test_faults_of_descriptions(told: Ledger) -> None:
    same = location("kupiansk")
    assert faults_of(told, lambda: told.describe_location(same, recorded_by="k")) == [("", "no-change")]
    inside = location("kupiansk", part_of="kupiansk")
    assert faults_of(told, lambda: told.describe_location(inside, recorded_by="k")) == [
        ("part_of", "bad-reference")
    ]
    nowhere = location("kupiansk", part_of="nowhere")
    assert faults_of(told, lambda: told.describe_location(nowhere, recorded_by="k")) == [
        ("part_of", "unknown-location")
    ]
    speaker = actor("russian-army", "unit", speaks_for="outlet")
    assert faults_of(told, lambda: told.describe_actor(speaker, recorded_by="k")) == [
        ("speaks_for", "not-a-party")
    ]


def test_a_place_cannot_become_part_of_its_own_part(told: Ledger) -> None:
    told.record([Item(event=location(name, part_of=above)) for name, above in CHAIN], recorded_by="k")
    with pytest.raises(InvalidInput, match="'c' is itself part of 'kupiansk'"):
        told.describe_location(location("kupiansk", part_of="c"), recorded_by="k")


CHAIN = (("a", "kupiansk"), ("b", "a"), ("c", "b"))


def test_what_was_retracted_is_not_changed_any_more(told: Ledger) -> None:
    told.retract(CLAIM, "Never said.", recorded_by="k")
    changes: list[Callable[[], Revised]] = [
        lambda: told.correct(CLAIM, claim(share=PART), "why", recorded_by="k"),
        lambda: told.retract(CLAIM, "again", recorded_by="k"),
        lambda: told.link(CLAIM, "supports", "said", recorded_by="k"),
    ]
    for change in changes:
        with pytest.raises(AlreadyRetracted, match="was retracted") as caught:
            change()
        assert isinstance(caught.value, Conflict)


def test_a_retracted_claim_cannot_be_answered_by_a_correction(told: Ledger) -> None:
    told.retract(CLAIM, "Never said.", recorded_by="k")
    with pytest.raises(InvalidInput, match="was retracted"):
        told.correct("said", denial("said", claim=CLAIM), "why", recorded_by="k")


def test_an_answer_to_a_claim_that_was_retracted_since_can_still_be_corrected(told: Ledger) -> None:
    answer = denial("answer", claim=CLAIM)
    told.record([Item(event=answer)], recorded_by="k")
    told.retract(CLAIM, "Never said.", recorded_by="k")
    body = denial("answer", claim=CLAIM, summary="A slip of the pen, mended.")
    assert told.correct("answer", body, "A slip.", recorded_by="k").revision == 2
    wrong = denial("answer", claim=CLAIM, at="lyman")
    with pytest.raises(InvalidInput, match="says nothing of 'lyman'"):
        told.correct("answer", wrong, "r", recorded_by="k")


@pytest.mark.parametrize("expected", [0, 2, 7])
def test_another_revision_than_expected(told: Ledger, expected: int) -> None:
    with pytest.raises(RevisionConflict) as caught:
        told.retract(CLAIM, "why", recorded_by="k", expected_revision=expected)
    assert (caught.value.expected, caught.value.actual) == (expected, 1)


def test_of_two_who_correct_the_same_revision_exactly_one_wins(told: Ledger, database_url: str) -> None:
    """Both wait for the same transaction."""
    results: list[Revised | RevisionConflict] = []

    def correct(manner: str) -> None:
        try:
            body = claim(manner=manner)
            results.append(told.correct(CLAIM, body, "why", recorded_by=manner, expected_revision=1))
        except RevisionConflict as error:
            results.append(error)

    with held_log(database_url):
        threads = [threading.Thread(target=correct, args=(manner,)) for manner in ("taken", "freed")]
        for each in threads:
            each.start()
        wait_until(lambda: told.pending == 2 and count_waiting(database_url) == 1, what="both to wait")
    for each in threads:
        each.join()
    (won,) = [result for result in results if isinstance(result, Revised)]
    (lost,) = [result for result in results if isinstance(result, RevisionConflict)]
    assert won.revision == 2
    assert (lost.expected, lost.actual) == (1, 2)
    with told.database.connection() as connection:
        assert len(read_stream(connection, f"development:{CLAIM}")) == 2


def test_many_who_correct_at_once_lose_nothing(told: Ledger) -> None:
    """Whoever names no revision corrects the newest: as many revisions as writers."""

    def correct(number: int) -> None:
        told.correct(CLAIM, claim(manner=f"word {number}"), "why", recorded_by="k")

    threads = [threading.Thread(target=correct, args=(number,)) for number in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    current = told.load_development(CLAIM)
    assert current is not None
    assert current.revision == 13
