"""Shares, windows and whole ledgers made at random, small enough that ties and collisions are common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations, combinations_with_replacement, product
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain.catalogue import KINDS
from domain.kinds.envelope import Development, Source
from domain.positions import PlaceView
from domain.shares import WORDS, Share, is_consistent
from domain.times import When
from tests.domain.builders import given, instant

# Machines that run tests are busy, so slowness is no failure; nothing is kept between runs.
quick = settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
on_ledgers = settings(quick, max_examples=60)

PARTIES = ("russia", "ukraine", "wagner")
SPEAKERS = ("russia", "russian-army", "ukraine", "zelensky", "deepstate", "isw", "outlet")
LAST_START = 7
MOVERS = (
    *("occupation-claimed", "advance-claimed", "recapture-claimed", "withdrawal-announced"),
    *("claim-denied", "claim-denied", "claim-denied", "claim-confirmed", "claim-repeated", "claim-renounced"),
    *("control-assessed", "control-assessed", "control-reported"),
)
"""The kinds that move positions, denials and assessments more often than others."""


def shares(ends: st.SearchStrategy[float]) -> st.SearchStrategy[Share]:
    """Possible shares with ends taken from `ends`."""
    return st.builds(
        lambda one, other, low, high: Share(
            min=min(one, other), max=max(one, other), min_open=low, max_open=high
        ),
        ends,
        ends,
        st.booleans(),
        st.booleans(),
    ).filter(lambda share: share.is_possible)


any_share = shares(st.floats(min_value=0, max_value=1))

# What ledgers are made of is listed rather than drawn bit by bit, which is several times as quick.
QUARTERS = tuple(
    share
    for low, high in combinations_with_replacement((0.0, 0.25, 0.5, 0.75, 1.0), 2)
    for min_open, max_open in product((False, True), repeat=2)
    if (share := Share(min=low, max=high, min_open=min_open, max_open=max_open)).is_possible
)
"""Few enough that they often touch; the plain reading needs them to be quarters."""
OFTEN = (*WORDS.values(), *WORDS.values(), *QUARTERS[::3])
CONTROLS = tuple(
    control
    for one, other in combinations(PARTIES, 2)
    for ours, theirs in product(OFTEN, repeat=2)
    if is_consistent(control := {one: ours, other: theirs})
)
quarters = st.sampled_from((*OFTEN, *OFTEN, *QUARTERS))
controls = st.sampled_from(CONTROLS)


def windows_of(start: int, days: int | None) -> list[When]:
    """A window that starts at midnight, with every part of it that may be sure."""
    earliest, noon = instant(start), instant(start + 0.5)
    latest = None if days is None else earliest + timedelta(days=days)
    ends = (None,) if latest is None else (None, latest - timedelta(hours=12))
    sure = [*product((None, noon), ends), (earliest, earliest)]  # in the last, nothing is sure
    return [
        When(edtf="then", earliest=earliest, latest=latest, sure_from=sure_from, sure_until=sure_until)
        for sure_from, sure_until in sure
    ]


WINDOWS = tuple(
    window
    for start in range(1, LAST_START + 1)
    for days in (1, 2, 4, None)
    for window in windows_of(start, days)
)
windows = st.sampled_from(WINDOWS)
closed_windows = st.sampled_from(tuple(window for window in WINDOWS if window.latest is not None))
during = st.sampled_from(("within", "within", "within", "throughout"))
parties = st.sampled_from(PARTIES)
speakers = st.sampled_from(SPEAKERS)
sources = st.sampled_from(
    ((), (Source(document="report", mode="direct"),), (Source(document="report", mode="inferred"),))
)


@st.composite
def developments(draw: st.DrawFn, id: str, kind: str, claims: tuple[str, ...]) -> Development:
    """A development of the kind; an answer points at one of `claims`, which may be none or missing."""
    cls = KINDS[kind]
    fields: dict[str, Any] = {
        "by": draw(speakers),
        "occurred": draw(windows),
        "reported": draw(closed_windows),
        "during": draw(during),
    }
    match kind:
        case "withdrawal-announced":
            fields["holder"] = draw(parties)
        case "occupation-claimed" | "recapture-claimed" | "advance-claimed" | "control-reported":
            fields |= {"holder": draw(parties), "share": draw(quarters)}
        case "control-assessed":
            fields["control"] = draw(controls)
        case "encirclement-reported" | "presence-reported":
            fields["force"] = draw(parties)
        case "encirclement-lifted" | "supply-cut":
            fields["force"] = draw(st.sampled_from((None, *PARTIES)))
        case "visit-reported":
            fields["visitor"] = "zelensky"
        case "population-reported":
            fields["count"] = draw(st.integers(0, 9))
        case _ if cls.family == "answer":
            fields["claim"] = draw(st.sampled_from(claims))
    if cls.family == "happening":
        fields |= {"sources": draw(sources), "by": draw(st.sampled_from((fields["by"], None)))}
    return cls(id=id, at=("here",), **fields)


@st.composite
def places(draw: st.DrawFn, *, kinds: Sequence[str] = (*MOVERS, *MOVERS, *KINDS), most: int = 9) -> PlaceView:
    """All that counts for a place, of any kinds, in no order."""
    drawn = draw(st.lists(st.sampled_from(kinds), min_size=4, max_size=most))
    ids = {f"d{number}": kind for number, kind in enumerate(drawn)}
    claims = tuple(id for id, kind in ids.items() if KINDS[kind].family == "claim")
    pointed_at = (*claims, *claims, *claims, next(iter(ids)), "missing")
    return given(*(draw(developments(id, kind, pointed_at)) for id, kind in ids.items()))


def turning_points(view: PlaceView) -> list[datetime]:
    """Every instant at which anything in the view begins, ends or becomes sure."""
    return sorted(
        {
            turn
            for development in view.developments
            for when in (development.occurred, development.reported)
            for turn in (when.earliest, when.latest, when.sure_from, when.sure_until)
            if turn is not None
        }
    )


bounds = st.builds(
    lambda half_days, offset: instant(half_days / 2) + timedelta(microseconds=offset),
    st.integers(6, 2 * LAST_START + 8),
    st.sampled_from((-1, 0, 1)),
)
"""Bounds at and around the instants at which windows begin and end."""
