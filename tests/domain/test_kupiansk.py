"""The story the project was created from, built by hand, and every answer it must give."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from domain.catalogue import KINDS
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development, Source
from domain.outcomes import fold_ground, judge_claim
from domain.positions import PlaceView
from domain.shares import ALL, PART, Share
from domain.states import PlaceState, state_at, trace_history
from domain.times import When

VOICES = {
    "russian-army": "russia",
    "putin": "russia",
    "ukrainian-army": "ukraine",
    "khartiia-corps": "ukraine",
    "zelensky": "ukraine",
}


def date(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def then(edtf: str, first: str, after: str, padding: int = 0) -> When:
    """From `first` to before `after`, widened by `padding` days each way as in docs/clocks.md."""
    wide = timedelta(days=padding)
    sure_from, sure_until = date(first) + wide, date(after) - wide
    if sure_from > sure_until:
        sure_from = sure_until = date(first)
    return When(
        edtf=edtf,
        earliest=date(first) - wide,
        latest=date(after) + wide,
        sure_from=sure_from if padding else None,
        sure_until=sure_until if padding else None,
    )


BEFORE_THE_WAR = then("2022-02~", "2022-02-01", "2022-03-01", 10)
OCCUPATION = then("2022-02-27~/2022-09-10~", "2022-02-27", "2022-09-11", 2)
SEPTEMBER = then("2022-09", "2022-09-01", "2022-10-01")
THREE_WEEKS_AGO = then("2025-11-21~", "2025-11-21", "2025-11-22", 2)
FRIDAY = then("2025-12-12", "2025-12-12", "2025-12-13")
ABOUT_FRIDAY = then("2025-12-12~", "2025-12-12", "2025-12-13", 2)
DECEMBER = then("2025-12~", "2025-12-01", "2026-01-01", 10)
SATURDAY = then("2025-12-13", "2025-12-13", "2025-12-14")


def tell(id: str, kind: str, at: str, by: str, occurred: When, reported: When, **fields: Any) -> Development:
    return KINDS[kind](id=id, at=(at,), by=by, occurred=occurred, reported=reported, **fields)


K, REPORT, CORPS = "kupiansk", "romanian-report", "khartiia-corps"
MAP = (Source(document="romanian-report-2025-12-13", via=("deepstate",), mode="inferred"),)
SAYS_SO = "What is said in the report."

STORY = (
    tell("kupiansk-population", "population-reported", K, REPORT, BEFORE_THE_WAR, SATURDAY, count=55_000),
    tell(
        "kupiansk-2022-occupied",
        "control-reported",
        K,
        REPORT,
        OCCUPATION,
        SATURDAY,
        during="throughout",
        when_text="for several months in 2022",
        holder="russia",
        share=ALL,
    ),
    tell(
        "kupiansk-2022-recaptured",
        "control-reported",
        K,
        REPORT,
        SEPTEMBER,
        SATURDAY,
        holder="ukraine",
        share=ALL,
    ),
    tell(
        "kupiansk-claimed",
        "occupation-claimed",
        K,
        "russian-army",
        THREE_WEEKS_AGO,
        THREE_WEEKS_AGO,
        holder="russia",
        when_text="three weeks ago",
    ),
    tell(
        "kupiansk-claim-denied",
        "claim-denied",
        K,
        "ukrainian-army",
        THREE_WEEKS_AGO,
        THREE_WEEKS_AGO,
        claim="kupiansk-claimed",
    ),
    tell("kupiansk-fighting", "fighting-reported", K, REPORT, THREE_WEEKS_AGO, SATURDAY),
    tell("kupiansk-recapture", "recapture-claimed", K, CORPS, FRIDAY, FRIDAY, holder="ukraine", share=PART),
    tell(
        "kupiansk-part-reported",
        "control-reported",
        K,
        REPORT,
        FRIDAY,
        SATURDAY,
        holder="ukraine",
        share=PART,
    ),
    tell(
        "villages-recapture",
        "recapture-claimed",
        "kupiansk-villages",
        CORPS,
        FRIDAY,
        FRIDAY,
        holder="ukraine",
        share=PART,
    ),
    tell(
        "kupiansk-encirclement",
        "encirclement-reported",
        K,
        CORPS,
        FRIDAY,
        FRIDAY,
        force="russia",
        encircled_by="ukraine",
        strength="several hundred soldiers",
    ),
    tell("kupiansk-supply-cut", "supply-cut", K, CORPS, FRIDAY, FRIDAY, force="russia"),
    tell(
        "kupiansk-deepstate",
        "control-assessed",
        K,
        "deepstate",
        ABOUT_FRIDAY,
        SATURDAY,
        control={"ukraine": PART, "russia": PART},
    ),
    tell(
        "villages-deepstate",
        "control-assessed",
        "kupiansk-villages",
        "deepstate",
        ABOUT_FRIDAY,
        SATURDAY,
        control={"ukraine": PART},
    ),
    tell(
        "kupiansk-encircled-on-map",
        "encirclement-reported",
        K,
        "deepstate",
        ABOUT_FRIDAY,
        SATURDAY,
        force="russia",
        encircled_by="ukraine",
        area="centre",
        sources=MAP,
    ),
    tell("kupiansk-visit", "visit-reported", K, "zelensky", FRIDAY, FRIDAY, visitor="zelensky"),
    tell("kupiansk-video", "evidence-published", K, "zelensky", FRIDAY, FRIDAY, medium="video"),
    tell(
        "donetsk-advance", "statement-made", "donetsk-oblast", "russia", DECEMBER, SATURDAY, summary=SAYS_SO
    ),
    tell("donbas-demand", "statement-made", "donbas", "putin", DECEMBER, SATURDAY, summary=SAYS_SO),
)
NOW = date("2026-02-01")


def view_of(place: str) -> PlaceView:
    return PlaceView(
        location=place,
        developments=tuple(told for told in STORY if place in told.at),
        answered={told.id: told for told in STORY},
        voices=VOICES,
        assessors=frozenset({"deepstate"}),
    )


def ask(place: str, *, valid_at: str, known_at: str | None = None) -> PlaceState:
    """The state on a date, known by the end of a date or now."""
    known_before = NOW if known_at is None else date(known_at) + timedelta(days=1)
    return state_at(view_of(place).known_by(known_before), date(valid_at) + timedelta(days=1))


def shares(state: PlaceState) -> dict[str, dict[str, Share]]:
    return {position.voice: position.shares for position in state.positions}


def between(state: PlaceState) -> list[tuple[str, str]]:
    return [found.between for found in state.disagreements]


def test_the_story_is_told_in_eighteen_developments_without_a_fault() -> None:
    assert len({told.id for told in STORY}) == 18
    assert [fault for told in STORY for fault in told.find_faults()] == []


def test_in_may_2022_russia_held_it() -> None:
    state = ask("kupiansk", valid_at="2022-05-01")
    assert (state.status, state.holder, state.certain) == ("held", "russia", True)
    assert state.because == ("kupiansk-2022-occupied",)


def test_in_october_2022_ukraine_held_it() -> None:
    state = ask("kupiansk", valid_at="2022-10-15")
    assert (state.status, state.holder, state.certain) == ("held", "ukraine", True)
    assert state.because == ("kupiansk-2022-recaptured",)


def test_in_late_november_2025_it_was_disputed() -> None:
    state = ask("kupiansk", valid_at="2025-11-25")
    assert (state.status, state.holder) == ("disputed", None)
    assert shares(state)["russia"] == {"russia": ALL}
    assert shares(state)["ukraine"] == {"russia": Share(min=0, max=1, max_open=True)}
    found = {each.between: each for each in state.disagreements}["russia", "ukraine"]
    assert (found.party, found.gap) == ("russia", 0.0)
    assert found.since == date("2025-11-19")
    assert found.because == ("kupiansk-claimed", "kupiansk-claim-denied")


def test_on_13_december_all_that_the_report_tells_is_there() -> None:
    state = ask("kupiansk", valid_at="2025-12-13")
    assert state.status == "disputed"
    assert shares(state) == {
        "deepstate": {"ukraine": PART, "russia": PART},
        "romanian-report": {"ukraine": PART},
        "russia": {"russia": ALL},
        "ukraine": {"ukraine": PART},
    }
    assert between(state) == [("deepstate", "russia"), ("romanian-report", "russia"), ("russia", "ukraine")]
    assert [(entry.voice, entry.force, entry.mode, entry.because) for entry in state.encirclements] == [
        ("deepstate", "russia", "inferred", ("kupiansk-encircled-on-map",)),
        ("ukraine", "russia", "direct", ("kupiansk-encirclement",)),
    ]
    assert [cut.because for cut in state.supply_cuts] == [("kupiansk-supply-cut",)]
    assert state.fighting is not None
    assert state.last_visit is not None
    assert (state.last_visit.visitor, state.last_visit.occurred.edtf) == ("zelensky", "2025-12-12")
    assert state.population is not None
    assert state.population.count == 55_000


def test_the_map_is_only_surely_so_from_the_15th_and_the_voices_since_friday() -> None:
    positions = {position.voice: position for position in ask("kupiansk", valid_at="2025-12-13").positions}
    assert not positions["deepstate"].certain
    assert positions["ukraine"].certain
    assert positions["ukraine"].since == date("2025-12-12")
    assert ask("kupiansk", valid_at="2025-12-14").certain


def test_the_quarrel_of_the_parties_goes_on_since_the_claim() -> None:
    """Ukraine said less than all, then part: it never stopped contradicting Russia's voice."""
    state = ask("kupiansk", valid_at="2025-12-13")
    since = {found.between: found.since for found in state.disagreements}
    assert since["russia", "ukraine"] == date("2025-11-19")
    assert since["romanian-report", "russia"] == date("2025-11-19")
    assert since["deepstate", "russia"] == date("2025-12-10")


def test_what_was_known_on_30_november_is_claim_and_denial_alone() -> None:
    state = ask("kupiansk", valid_at="2025-12-13", known_at="2025-11-30")
    assert state.status == "disputed"
    assert state.because == ("kupiansk-claimed", "kupiansk-claim-denied")
    assert (state.encirclements, state.supply_cuts) == ((), ())
    assert (state.fighting, state.last_visit, state.population) == (None, None, None)


def test_of_2022_nothing_was_told_before_13_december() -> None:
    assert ask("kupiansk", valid_at="2022-05-01", known_at="2025-12-12").status == "unknown"
    assert ask("kupiansk", valid_at="2022-05-01", known_at="2025-12-13").status == "held"


def test_on_1_november_nothing_was_known() -> None:
    state = ask("kupiansk", valid_at="2025-12-13", known_at="2025-11-01")
    assert (state.status, state.positions, state.because) == ("unknown", (), ())


@pytest.mark.parametrize(("known_at", "status"), [("2025-11-22", "unknown"), ("2025-11-23", "disputed")])
def test_the_claim_was_public_when_three_weeks_ago_had_surely_passed(known_at: str, status: str) -> None:
    assert ask("kupiansk", valid_at="2025-12-13", known_at=known_at).status == status


def test_the_claim_is_contradicted_by_deepstate() -> None:
    (claim,) = (told for told in STORY if told.id == "kupiansk-claimed")
    assert isinstance(claim, Claim)
    outcome = judge_claim(claim, [fold_ground(view_of("kupiansk"), NOW)], retracted=False)
    assert (outcome.value, outcome.rule) == ("contradicted", "outcome/1")
    assert [(said.voice, said.verdict, said.development) for said in outcome.assessors] == [
        ("deepstate", "contradicts", "kupiansk-deepstate")
    ]


def test_the_counter_claims_are_borne_out_by_deepstate() -> None:
    for id, place in (("kupiansk-recapture", "kupiansk"), ("villages-recapture", "kupiansk-villages")):
        (claim,) = (told for told in STORY if told.id == id)
        assert isinstance(claim, Claim)
        assert judge_claim(claim, [fold_ground(view_of(place), NOW)], retracted=False).value == "borne-out"


def test_the_villages_are_divided_and_the_regions_unknown() -> None:
    state = ask("kupiansk-villages", valid_at="2025-12-13")
    assert (state.status, state.because) == ("divided", ("villages-deepstate", "villages-recapture"))
    for region in ("donetsk-oblast", "donbas", "kharkiv-oblast"):
        assert ask(region, valid_at="2025-12-13").status == "unknown"


def test_the_history_tells_it_in_order() -> None:
    spells = trace_history(view_of("kupiansk"), NOW).status
    assert [
        (spell.start.date().isoformat(), spell.value, spell.holder, spell.certain) for spell in spells
    ] == [
        ("2022-02-25", "held", "russia", False),
        ("2022-03-01", "held", "russia", True),
        ("2022-09-01", "held", "ukraine", False),
        ("2022-10-01", "held", "ukraine", True),
        ("2025-11-19", "disputed", None, False),
        ("2025-11-24", "disputed", None, True),
        ("2025-12-10", "disputed", None, False),
        ("2025-12-15", "disputed", None, True),
    ]


def test_it_does_not_matter_in_which_order_it_was_told() -> None:
    view = view_of("kupiansk")
    movers = [told for told in view.developments if told.family != "happening"]
    before = date("2025-12-14")
    expected = state_at(PlaceView(location=K, developments=tuple(movers), answered=view.answered), before)
    for order in list(permutations(movers))[::50]:
        told = PlaceView(location=K, developments=order, answered=view.answered)
        assert state_at(told, before) == expected
