"""Conditions stand until the voice that reported them lifts them; nothing expires by itself."""

from __future__ import annotations

from typing import Any

import pytest

from domain.conditions import Encirclement, Fighting, ForceCondition
from domain.kinds.envelope import Development, Source
from domain.states import PlaceState, state_at
from domain.times import When
from tests.domain.builders import (
    MICROSECOND,
    about,
    day,
    days,
    develop,
    encircled,
    end_of,
    from_day,
    given,
    instant,
    lifted,
)

INFERRED = (Source(document="d", mode="inferred"),)


def on(day_number: int, *developments: Development) -> PlaceState:
    return state_at(given(*developments), end_of(day_number))


def fighting(id: str, by: str | None, when: When, **fields: Any) -> Development:
    return develop("fighting-reported", id, when, by=by, **fields)


# Encirclements


def test_an_encirclement_stands_from_its_effect_with_all_that_was_said_of_it() -> None:
    report = encircled(
        "e", "zelensky", day(3), encircled_by="ukraine", strength="hundreds", area="centre", reported=day(4)
    )
    assert on(9, report).encirclements == (
        Encirclement(
            force="russia",
            encircled_by="ukraine",
            strength="hundreds",
            area="centre",
            voice="ukraine",
            mode="direct",
            since=instant(3),
            last_reported=instant(4),
            because=("e",),
        ),
    )
    assert state_at(given(report), instant(3)).encirclements == ()
    assert state_at(given(report), instant(3) + MICROSECOND).encirclements != ()


def test_there_is_one_entry_for_each_voice_mode_and_force() -> None:
    state = on(
        9,
        encircled("e1", "ukraine", day(1)),
        encircled("e2", "zelensky", day(2)),
        encircled("e3", "ukraine", day(3), sources=INFERRED),
        encircled("e4", "ukraine", day(4), force="wagner"),
        encircled("e5", "deepstate", day(5)),
        encircled("e6", None, day(6)),
    )
    found = [(entry.voice, entry.mode, entry.force, entry.because) for entry in state.encirclements]
    assert found == [
        ("ukraine", "direct", "russia", ("e1", "e2")),
        ("ukraine", "inferred", "russia", ("e3",)),
        ("ukraine", "direct", "wagner", ("e4",)),
        ("deepstate", "direct", "russia", ("e5",)),
        (None, "direct", "russia", ("e6",)),
    ]


def test_an_entry_tells_since_when_and_when_it_was_last_reported() -> None:
    (entry,) = on(
        9,
        encircled("e1", "ukraine", day(1), strength="hundreds", reported=day(8)),
        encircled("e2", "ukraine", day(2), strength="dozens", reported=day(5)),
    ).encirclements
    assert (entry.since, entry.last_reported) == (instant(1), instant(8))
    assert entry.strength == "hundreds", "what was reported last is shown, not what took effect last"


def test_nothing_expires_by_itself() -> None:
    assert len(state_at(given(encircled("e", "ukraine", day(1))), instant(10_000)).encirclements) == 1


def test_its_own_voice_lifts_an_encirclement() -> None:
    report = encircled("e", "ukraine", day(1))
    assert on(4, report, lifted("l", "zelensky", day(5))).encirclements != ()
    assert on(5, report, lifted("l", "zelensky", day(5))).encirclements == ()


@pytest.mark.parametrize("by", ["russia", "deepstate", None])
def test_no_other_voice_lifts_it(by: str | None) -> None:
    assert len(on(9, encircled("e", "ukraine", day(1)), lifted("l", by, day(5))).encirclements) == 1


def test_one_force_may_be_freed_and_another_not() -> None:
    reports = (encircled("e1", "ukraine", day(1)), encircled("e2", "ukraine", day(1), force="wagner"))
    (left,) = on(9, *reports, lifted("l", "ukraine", day(5), force="wagner")).encirclements
    assert left.force == "russia"
    assert on(9, *reports, lifted("l", "ukraine", day(5))).encirclements == ()


def test_lifting_ends_every_mode_in_which_the_voice_reported_it() -> None:
    reports = (encircled("e1", "ukraine", day(1)), encircled("e2", "ukraine", day(1), sources=INFERRED))
    assert on(9, *reports, lifted("l", "ukraine", day(5))).encirclements == ()


def test_what_is_reported_after_a_lift_is_a_new_encirclement() -> None:
    (entry,) = on(
        9,
        encircled("e1", "ukraine", day(1)),
        lifted("l", "ukraine", day(3)),
        encircled("e2", "ukraine", day(5)),
    ).encirclements
    assert (entry.since, entry.because) == (instant(5), ("e2",))


def test_a_lift_that_took_effect_before_the_report_lifts_nothing() -> None:
    for developments in (
        (encircled("e", "ukraine", day(5)), lifted("l", "ukraine", day(3))),
        (lifted("l", "ukraine", day(3)), encircled("e", "ukraine", day(5))),
    ):
        assert len(on(9, *developments).encirclements) == 1


def test_a_condition_reported_throughout_a_window_ends_with_it() -> None:
    report = encircled("e", "ukraine", days(3, 5), during="throughout")
    assert len(state_at(given(report), instant(6)).encirclements) == 1
    assert state_at(given(report), instant(6) + MICROSECOND).encirclements == ()


# Supply, presence, fighting


@pytest.mark.parametrize(
    ("kind", "part"), [("supply-cut", "supply_cuts"), ("presence-reported", "presences")]
)
def test_a_force_is_cut_off_or_present_until_further_notice(kind: str, part: str) -> None:
    state = on(9, develop(kind, "s", day(2), by="ukraine", force="russia", reported=day(3)))
    assert getattr(state, part) == (
        ForceCondition(
            force="russia",
            voice="ukraine",
            mode="direct",
            since=instant(2),
            last_reported=instant(3),
            because=("s",),
        ),
    )


def test_a_supply_may_be_cut_without_saying_whose() -> None:
    (cut,) = on(9, develop("supply-cut", "s", day(2), by="ukraine")).supply_cuts
    assert cut.force is None


def test_lifting_an_encirclement_leaves_the_supply_cut() -> None:
    cut = develop("supply-cut", "s", day(2), by="ukraine", force="russia")
    assert len(on(9, cut, lifted("l", "ukraine", day(5))).supply_cuts) == 1


def test_fighting_is_summed_up_over_all_who_report_it() -> None:
    state = on(
        9,
        fighting("f2", "zelensky", day(4), reported=day(5)),
        fighting("f1", "outlet", day(2), reported=day(8)),
        fighting("f3", None, day(6)),
    )
    assert state.fighting == Fighting(
        since=instant(2), last_reported=instant(8), voices=("outlet", "ukraine"), because=("f1", "f2", "f3")
    )


def test_without_a_report_there_is_no_condition() -> None:
    state = on(9, develop("strike-reported", "s", day(1)))
    assert (state.encirclements, state.supply_cuts, state.presences) == ((), (), ())
    assert (state.fighting, state.last_visit, state.population) == (None, None, None)


# Visits and population


def test_the_last_visit_is_the_one_that_took_place_last() -> None:
    early = develop("visit-reported", "v1", day(2), visitor="zelensky", reported=day(9))
    late = develop("visit-reported", "v2", day(5), visitor="trump", office="president", purpose="talks")
    for developments in ((early, late), (late, early)):
        visit = on(9, *developments).last_visit
        assert visit is not None
        assert (visit.visitor, visit.office, visit.purpose) == ("trump", "president", "talks")
        assert visit.occurred == day(5)
        assert visit.because == ("v2",)
    visit = on(4, early, late).last_visit
    assert visit is not None
    assert visit.visitor == "zelensky"


def test_a_visit_that_has_not_begun_is_not_told() -> None:
    assert on(4, develop("visit-reported", "v", about(7), visitor="zelensky")).last_visit is None


def test_the_population_is_the_count_of_the_latest_time() -> None:
    before = develop("population-reported", "p1", day(1), count=55_000, as_of_text="before the war")
    after = develop("population-reported", "p2", from_day(6), count=4_000, reported=day(7))
    population = on(9, after, before).population
    assert population is not None
    assert (population.count, population.because) == (4_000, ("p2",))
    population = on(5, after, before).population
    assert population is not None
    assert (population.count, population.as_of_text, population.occurred) == (
        55_000,
        "before the war",
        day(1),
    )
