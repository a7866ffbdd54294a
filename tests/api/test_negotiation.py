"""Which of the media types offered a client gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.negotiation import choose

JSON, ATOM, ICS = "application/json", "application/atom+xml", "text/calendar"
OFFERED = (JSON, ATOM, ICS)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        (" ", JSON),
        ("*/*", JSON),
        (BROWSER, JSON),
        (ATOM, ATOM),
        ("Application/ATOM+XML", ATOM),
        ("application/atom+xml; charset=utf-8", ATOM),
        ("text/*", ICS),
        ("application/*", JSON),
        # the weight decides, wherever it stands
        (f"{JSON};q=0.5, {ATOM};q=0.9", ATOM),
        (f"{JSON};q=0.5,{ATOM};q=0.9,{ICS}", ICS),
        (f"{ATOM};Q=0.1, */*;q=0.01", ATOM),
        # alike: what is named before what is let through, then what is offered first
        (f"{ICS}, {ATOM}", ATOM),
        (f"{ICS}, */*", ICS),
        (f"{ATOM}, {JSON}", JSON),
        # the closest range decides on a type, whatever others say
        (f"*/*, {JSON};q=0", ATOM),
        (f"{JSON};q=0.1, application/*;q=0.9, text/*;q=0.2", ATOM),
        (f"application/*;q=0, {ATOM}", ATOM),
        # nothing fits
        ("image/png", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=0.000", None),
        ("application/atom", None),
        # what is no media range says nothing
        (f"atom, {ICS}", ICS),
        (f"{ATOM};q=2, {ICS};q=0.1", ICS),
        (f"{ATOM};q=high, {ICS};q=0.1", ICS),
        (",,;q=1, ,", None),
        ('text/x; a="b, */*", text/calendar;q=0.3', ICS),
        ('text/x; a="b; q=0.1"; q=0.2, application/*;q=0.1', JSON),
    ],
)
def test_what_a_client_gets(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


@given(st.text(alphabet='aptxj/*;=q.019," +', max_size=40))
def test_any_header_is_read(accept: str) -> None:
    assert choose(accept, OFFERED) in (*OFFERED, None)
