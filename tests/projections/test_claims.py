"""Claims: the lifecycle in its order, reports that tell the same, and all of it in a few queries."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from domain.kinds.envelope import Development, Source
from domain.shares import ALL
from domain.streams import Thing
from ledger.application import Ledger
from ledger.recording import Item
from projections.engine.following import Follower
from projections.reading import claims
from projections.reading.claims import ClaimAnswer
from projections.reading.moments import AskedClocks, Reader
from tests.builders import REGISTRY, actor, claim, denial, development, document, location, statement

DOCUMENTS = tuple(document(f"doc-{name}") for name in "abc")


def told_in(name: str) -> tuple[Source, ...]:
    return (Source(document=f"doc-{name}"),)


def record_all(ledger: Ledger, follower: Follower, *things: Thing) -> int:
    recorded = ledger.record([Item(event=thing) for thing in things], recorded_by="reporter")
    follower.catch_up()
    return recorded.log_position or 0


def link(ledger: Ledger, follower: Follower, one: str, type: str, other: str) -> int:
    linked = ledger.link(one, type, other, f"{one} {type} {other}", recorded_by="editor")  # type: ignore[arg-type]
    follower.catch_up()
    return linked.log_position


def find(reader: Reader, id: str, *, known: str | None = None, position: int | None = None) -> ClaimAnswer:
    before = datetime.fromisoformat(known).replace(tzinfo=UTC) if known else datetime(2026, 1, 1, tzinfo=UTC)
    asked = AskedClocks(valid_before=before, known_before=before, log_position=position)
    with reader.at(asked, *claims.NEEDS) as moment:
        return claims.find_claim(moment, id)


def told_by(answer: ClaimAnswer) -> list[str]:
    return [report.development for report in answer.reports]


def steps(answer: ClaimAnswer) -> list[tuple[str, str]]:
    return [(entry.what, entry.development) for entry in answer.entries]


# Reports that tell the same


@pytest.fixture
def three(ledger: Ledger, follower: Follower) -> int:
    """A claim, a statement and a claim, each in a document of its own, the statement public later."""
    return record_all(
        ledger,
        follower,
        *REGISTRY,
        *DOCUMENTS,
        claim("a", sources=told_in("a")),
        statement("b", sources=told_in("b"), reported="2025-11-25"),
        claim("c", sources=told_in("c")),
    )


def test_one_cluster_whichever_end_made_the_link_and_whoever_is_a_claim(
    three: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    link(ledger, follower, "b", "same-report", "a")
    first = link(ledger, follower, "b", "same-report", "c")
    link(ledger, follower, "a", "same-report", "c")
    assert told_by(find(reader, "a")) == ["a", "b", "c"]
    assert told_by(find(reader, "c")) == ["c", "a", "b"]
    assert find(reader, "a").counted == 3
    assert told_by(find(reader, "a", position=first - 1)) == ["a", "b"]
    assert told_by(find(reader, "a", position=three)) == ["a"]


def test_what_was_not_public_yet_neither_counts_nor_joins_nor_shows(
    three: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    link(ledger, follower, "a", "same-report", "b")
    link(ledger, follower, "b", "same-report", "c")
    earlier = find(reader, "a", known="2025-11-25")
    assert told_by(earlier) == ["a"]
    assert steps(earlier) == [("made", "a")]
    assert told_by(find(reader, "a", known="2025-11-26")) == ["a", "b", "c"]


def test_what_is_retracted_neither_counts_nor_joins_nor_shows(
    three: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    link(ledger, follower, "a", "same-report", "b")
    linked = link(ledger, follower, "b", "same-report", "c")
    ledger.retract("b", "A slip.", recorded_by="editor")
    follower.catch_up()
    assert told_by(find(reader, "a")) == ["a"]
    assert steps(find(reader, "a")) == [("made", "a")]
    assert told_by(find(reader, "a", position=linked)) == ["a", "b", "c"]
    assert steps(find(reader, "a", position=linked)) == [("made", "a"), ("linked", "b")]


def test_a_retracted_claim_has_no_reports_but_keeps_its_story(
    three: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    link(ledger, follower, "a", "same-report", "c")
    ledger.retract("a", "It was never said.", recorded_by="editor")
    follower.catch_up()
    answer = find(reader, "a")
    assert (answer.reports, answer.counted, answer.by_origin) == ((), 0, ())
    assert steps(answer) == [("made", "a"), ("linked", "c"), ("retracted", "a")]
    assert told_by(find(reader, "c")) == ["c"]


def test_a_link_stays_when_an_end_is_corrected_to_another_kind_or_into_a_claim(
    three: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    link(ledger, follower, "b", "same-report", "c")
    ledger.correct("c", statement("c", sources=told_in("c")), "It was no claim.", recorded_by="editor")
    ledger.correct("b", claim("b", sources=told_in("b")), "It was a claim.", recorded_by="editor")
    follower.catch_up()
    answer = find(reader, "b")
    assert told_by(answer) == ["b", "c"]
    assert [(entry.what, entry.inbound) for entry in answer.entries] == [("made", None), ("linked", False)]


def test_a_misattributed_report_is_out_of_the_count_with_the_link_that_says_so(
    three: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    link(ledger, follower, "c", "same-report", "a")
    position = link(ledger, follower, "c", "misattributes", "b")
    answer = find(reader, "a")
    assert [(report.development, report.counted) for report in answer.reports] == [("a", True), ("c", False)]
    says_so = answer.reports[1].misattributed_by
    assert says_so is not None
    assert (says_so.to, says_so.log_position, says_so.recorded_by) == ("b", position, "editor")
    assert find(reader, "a", known="2025-11-25").counted == 2
    assert [(origin.origin, origin.counted) for origin in answer.by_origin] == [("outlet", 1)]


# The lifecycle


def test_every_step_says_when_by_whom_and_why(ledger: Ledger, follower: Follower, reader: Reader) -> None:
    record_all(
        ledger, follower, *REGISTRY, claim(), denial(occurred="2025-11-22"), claim("same", by="russian-army")
    )
    recorded = record_all(
        ledger,
        follower,
        development(
            "control-assessed", "map", by="deepstate", control={"russia": ALL}, occurred="2025-11-24"
        ),
    )
    ledger.correct("kupiansk-claimed", claim(summary="Anew."), "Said better.", recorded_by="editor")
    link(ledger, follower, "same", "supports", "kupiansk-claimed")
    link(ledger, follower, "map", "contradicts", "kupiansk-claim-denied")
    answer = find(reader, "kupiansk-claimed")
    told = [
        (entry.what, entry.voice, entry.development, entry.recorded_by, entry.reason, entry.inbound)
        for entry in answer.entries
    ]
    assert told == [
        ("made", "russia", "kupiansk-claimed", "reporter", None, None),
        ("denied", "ukraine", "kupiansk-claim-denied", "reporter", None, None),
        ("borne-out", "deepstate", "map", "reporter", None, None),
        ("corrected", "russia", "kupiansk-claimed", "editor", "Said better.", None),
        ("linked", "russia", "same", "editor", "same supports kupiansk-claimed", True),
    ]
    assert [entry.log_position for entry in answer.entries][2:] == [recorded, recorded + 1, recorded + 2]


def test_an_answer_follows_the_claim_however_vague_its_day(
    ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    month = development("claim-denied", "no", by="ukraine", claim="kupiansk-claimed", occurred="2025-11-01")
    record_all(ledger, follower, *REGISTRY, claim(), month)
    assert steps(find(reader, "kupiansk-claimed")) == [("made", "kupiansk-claimed"), ("denied", "no")]


# Many at once


def test_a_page_of_claims_takes_as_many_queries_as_one(
    ledger: Ledger, follower: Follower, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [location(f"place-{number:02}") for number in range(12)]
    made: list[Development] = [
        claim(f"c{number:02}", at=("kupiansk", f"place-{number:02}"), sources=told_in("a"))
        for number in range(12)
    ]
    answers = [denial(f"n{number:02}", claim=f"c{number:02}") for number in range(12)]
    maps = [
        development("control-assessed", "map", by="deepstate", control={"russia": ALL}, occurred="2025-11-24")
    ]
    record_all(
        ledger, follower, *REGISTRY, *DOCUMENTS, actor("crowd", "other"), *places, *made, *answers, *maps
    )
    for number in range(11):
        link(ledger, follower, f"c{number:02}", "same-report", f"c{number + 1:02}")
    asked = [0]
    execute = psycopg.Connection.execute

    def counting(connection, *arguments, **options):  # type: ignore[no-untyped-def]
        asked[0] += 1
        return execute(connection, *arguments, **options)

    monkeypatch.setattr(psycopg.Connection, "execute", counting)
    taken = []
    for limit in (1, 12):
        with reader.at(AskedClocks(), *claims.NEEDS) as moment:
            asked[0] = 0
            found, more = claims.list_place_claims(moment, "kupiansk", limit=limit)
            taken.append(asked[0])
        assert len(found) == limit
        assert (more is None) == (limit == 12)
        assert {answer.counted for answer in found} == {1}
    assert taken[0] == taken[1] < 20


def test_pages_follow_each_other_by_id_and_tell_what_each_claim_tells_alone(
    ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    made = [claim(f"c{number}", occurred=f"2025-11-{20 - number}") for number in range(7)]
    record_all(ledger, follower, *REGISTRY, *made, denial("n", claim="c3"))
    link(ledger, follower, "c1", "same-report", "c5")
    found: list[ClaimAnswer] = []
    after: str | None = None
    with reader.at(AskedClocks(), *claims.NEEDS) as moment:
        while True:
            page, after = claims.list_place_claims(moment, "kupiansk", after=after, limit=3)
            found += page
            if after is None:
                break
        assert [answer.claim.id for answer in found] == [f"c{number}" for number in range(7)]
        assert found == [claims.find_claim(moment, answer.claim.id) for answer in found]
