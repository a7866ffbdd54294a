"""Shares, windows and whole ledgers made at random, small enough that ties and collisions are common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from domain.catalogue import KINDS
from domain.kinds.envelope import Development, Source
from domain.positions import PlaceView
from domain.shares import Share, is_consistent
from domain.times import When
from tests.domain.builders import given, instant

# Machines that run tests are busy, so slowness is no failure; nothing is kept between runs.
quick = settings(
    max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

PARTIES = ("russia", "ukraine", "wagner")
SPEAKERS = ("russia", "russian-army", "ukraine", "zelensky", "deepstate", "isw", "outlet")
LAST_DAY = 14


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
quarters = shares(st.sampled_from((0.0, 0.25, 0.5, 0.75, 1.0)))
"""Few enough that they often touch; the plain reading needs them to be quarters."""

controls = (
    st.dictionaries(st.sampled_from(PARTIES), quarters, min_size=1, max_size=2)
    .filter(is_consistent)
)


@st.composite
def windows(draw: st.DrawFn, *, open_ended: bool = True) -> When:
    """A window of a few days that starts at midnight, perhaps with a part that is sure."""
    start = draw(st.integers(1, 10))
    lengths = (1, 2, 4, None) if open_ended else (1, 2, 4)
    length = draw(st.sampled_from(lengths))
    earliest = instant(start)
    latest = None if length is None else earliest + timedelta(days=length)
    sure_from = draw(st.sampled_from((None, earliest + timedelta(hours=12))))
    sure_until = None
    if latest is not None and draw(st.booleans()):
        sure_until = latest - timedelta(hours=12)
    if sure_from is not None and sure_until is not None and draw(st.booleans()):
        sure_from = sure_until = earliest  # a window of which nothing is sure
    return When(edtf="then", earliest=earliest, latest=latest, sure_from=sure_from, sure_until=sure_until)


@st.composite
def developments(draw: st.DrawFn, id: str, claims: tuple[str, ...]) -> Development:
    """A development of any kind; answers point at one of `claims`, which may be none or missing."""
    # Most of what is drawn moves positions; the first kinds of the catalogue do.
    movers, others = tuple(KINDS)[:10], tuple(KINDS)[10:]
    kind = draw(st.sampled_from((*movers, *movers, *others)))
    cls = KINDS[kind]
    fields: dict[str, Any] = {
        "occurred": draw(windows()),
        "reported": draw(windows(open_ended=False)),
        "during": draw(st.sampled_from(("within", "within", "throughout"))),
    }
    if cls.family == "happening":
        fields["by"] = draw(st.sampled_from((*SPEAKERS, None)))
        mode = draw(st.sampled_from(("direct", "inferred", None)))
        fields["sources"] = () if mode is None else (Source(document="report", mode=mode),)
    else:
        fields["by"] = draw(st.sampled_from(SPEAKERS))
    match kind:
        case "withdrawal-announced":
            fields["holder"] = draw(st.sampled_from(PARTIES))
        case "occupation-claimed" | "recapture-claimed" | "advance-claimed":
            fields |= {"holder": draw(st.sampled_from(PARTIES)), "share": draw(quarters)}
        case "control-assessed":
            fields["control"] = draw(controls)
        case "control-reported":
            fields |= {"holder": draw(st.sampled_from(PARTIES)), "share": draw(quarters)}
        case "encirclement-reported" | "presence-reported":
            fields["force"] = draw(st.sampled_from(PARTIES[:2]))
        case "encirclement-lifted" | "supply-cut":
            fields["force"] = draw(st.sampled_from((*PARTIES[:2], None)))
        case "visit-reported":
            fields["visitor"] = "zelensky"
        case "population-reported":
            fields["count"] = draw(st.integers(0, 9))
        case _ if cls.family == "answer":
            fields["claim"] = draw(st.sampled_from(claims))
    return cls(id=id, at=("here",), **fields)


@st.composite
def places(draw: st.DrawFn, *, most: int = 8) -> PlaceView:
    """All that counts for a place, of any kinds, in no order."""
    count = draw(st.integers(1, most))
    ids = tuple(f"d{number}" for number in range(count))
    made = [
        draw(developments(id, tuple(other for other in (*ids, "missing") if other != id))) for id in ids
    ]
    return given(*made)


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
    lambda half_days, offset: instant(1 + half_days / 2) + timedelta(microseconds=offset),
    st.integers(-1, 2 * LAST_DAY),
    st.sampled_from((-1, 0, 1)),
)
"""Bounds at and around the instants at which windows begin and end."""
