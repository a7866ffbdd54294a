"""Shares in every form that people, files and clients write them in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.shares import ALL, MOST, NONE, PART, Share
from intake.shares import resolve_share, write_share

UNIT = st.floats(min_value=0, max_value=1)


def between(low: float, high: float, *, min_open: bool = False, max_open: bool = False) -> Share:
    return Share(min=low, max=high, min_open=min_open, max_open=max_open)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ("none", NONE),
        (" Part ", PART),
        ("MOST", MOST),
        ("all", ALL),
        (0, NONE),
        (1, ALL),
        (0.4, between(0.4, 0.4)),
        (-0.0, NONE),
        ("0.25", between(0.25, 0.25)),
        (".5", between(0.5, 0.5)),
        ("1", ALL),
        ("40%", between(0.4, 0.4)),
        ("33.3 %", between(0.333, 0.333)),
        ("100%", ALL),
        ([0.016, 0.05], between(0.016, 0.05)),
        ((0, 1), between(0.0, 1.0)),
        (["40%", "60%"], between(0.4, 0.6)),
        ("[0.5,1)", MOST),
        ("( 0 , 1 )", PART),
        ("(40%, 60%]", between(0.4, 0.6, min_open=True)),
        ({"min": 0.5, "max": 1}, between(0.5, 1.0)),
        ({"min": 0, "max": 1, "min_open": True, "max_open": True}, PART),
        (MOST, MOST),
    ],
)
def test_written(written: object, share: Share) -> None:
    resolved = resolve_share(written)
    assert resolved == share
    assert isinstance(resolved.min, float)
    assert str(resolved.min) != "-0.0"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "not understood"),
        ("half", "not understood"),
        ("0,5", "not understood"),
        ("[0,1", "not understood"),
        ("1e-2", "not understood"),
        ("０.５", "not understood"),
        ("0." + "1" * 100, "at most 60 characters"),
        (-0.1, "between 0 and 1"),
        (1.01, "between 0 and 1"),
        (10**400, "between 0 and 1"),
        ("-0.1", "between 0 and 1"),
        ("101%", "between 0 and 1"),
        ("[0.5,1.5]", "between 0 and 1"),
        (float("nan"), "between 0 and 1"),
        (float("inf"), "between 0 and 1"),
        (None, "not of nothing"),
        (True, "type bool"),
        ([True, 1], "type bool"),
        ([0.1, None], "not of nothing"),
        (["part", "all"], "type str"),
        ([], "two numbers, .* not 0"),
        ([0.1, 0.2, 0.3], "two numbers, .* not 3"),
        ([0.6, 0.4], "holds no number"),
        ("(0.5,0.5]", "holds no number"),
        ("[1,0]", "holds no number"),
        (between(0.5, 1.5), "holds no number"),
        ({}, "min is missing"),
        ({"min": 0.5}, "max is missing"),
        ({"min": 0.5, "max": 1, "open": True}, "no field 'open'"),
        ({"min": 0.5, "max": 1, "max_open": 1}, "true or false"),
        ({"min": "x", "max": 1}, "type str"),
        ({0.5}, "type set"),
    ],
)
def test_refused(written: object, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        resolve_share(written)
    assert str(raised.value).endswith(".")


@given(UNIT, UNIT, st.booleans(), st.booleans())
def test_the_printed_form_is_the_same_again(low: float, high: float, min_open: bool, max_open: bool) -> None:
    share = between(low, high, min_open=min_open, max_open=max_open)
    assume(share.is_possible)
    assert resolve_share(asdict(share)) == share


@given(st.decimals(0, 1, places=4), st.decimals(0, 1, places=4), st.sampled_from("[("), st.sampled_from("])"))
def test_the_written_form_is_what_it_says(low: Decimal, high: Decimal, opening: str, closing: str) -> None:
    share = between(float(low), float(high), min_open=opening == "(", max_open=closing == ")")
    assume(share.is_possible)
    assert resolve_share(f"{opening}{low},{high}{closing}") == share
    assert resolve_share(f"{opening}{low * 100}%, {high * 100}%{closing}") == share


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["min", "max"]), inner),
    )
)
def test_anything_is_a_share_or_a_value_error(written: object) -> None:
    with suppress(ValueError):
        assert resolve_share(written).is_possible


@given(st.text(alphabet="[(0123456789.,%-)] ", max_size=70))
def test_any_figures_are_a_share_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        assert resolve_share(text).is_possible


@given(st.integers(0, 1_000), st.integers(0, 1_000), st.booleans(), st.booleans())
def test_what_is_written_is_read_again(low: int, high: int, min_open: bool, max_open: bool) -> None:
    share = between(low / 1_000, high / 1_000, min_open=min_open, max_open=max_open)
    assume(share.is_possible)
    assert resolve_share(write_share(share)) == share


@pytest.mark.parametrize("word", ["none", "part", "most", "all"])
def test_what_has_a_word_is_written_with_it(word: str) -> None:
    assert write_share(resolve_share(word)) == word
