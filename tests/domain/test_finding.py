"""Which places a typed name means: how like the names are, and then how large the places."""

from __future__ import annotations

import pytest
from hypothesis import assume
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.finding import NamedPlace, is_one_slip, rank_places, telling_pieces, worth_a_look
from domain.names import fold_name, trigrams
from tests.domain.strategies import quick


def named(place: str, name: str, population: int | None = None, *, is_alias: bool = False) -> NamedPlace:
    return NamedPlace(
        place=place, name=name, folded=fold_name(name), is_alias=is_alias, population=population
    )


KUPIANSK = (
    named("kupiansk", "Kupyansk", 27_169),
    named("kupiansk", "Куп’янськ", 27_169),
    named("vuzlovyi", "Kupiansk-Vuzlovyi", 8_397),
    named("kupyanka", "Kupyanka", 900_000),
    named("kupka", "Kupka", 2_000),
)


@pytest.mark.parametrize(
    "typed",
    [
        *("Kupiansk", "Kupyansk", "Купянск", "Куп'янськ", "Купʼянськ", "Куп’янськ", "Куп`янськ", "Купянськ"),
        *("Kupiandk", "Kupansk", "Kupiannsk", "Kupuansk", "uKpiansk", "Kupiasnk", "Купинск"),
    ],
)
def test_kupiansk_comes_before_its_namesakes_however_it_is_typed(typed: str) -> None:
    assert rank_places(typed, KUPIANSK)[0] == "kupiansk"


def test_what_is_liker_comes_first_whatever_the_size() -> None:
    names = [
        named("alike", "Novostanislav", 9_000),
        named("slip-of-an-alias", "Stanisvlav", 8_000, is_alias=True),
        named("slip", "Stanizlav", 7_000),
        named("alias-begins", "Stanislavove", 6_000, is_alias=True),
        named("begins", "Stanislavka", 5_000),
        named("alias", "Stanislav", 238_196, is_alias=True),
        named("other-script", "Станислав", 3_000),
        named("exact", "Stanislav", 2),
        named("unlike", "Kharkiv", 1_400_000),
    ]
    ranked = ["exact", "other-script", "alias", "begins", "alias-begins", "slip", "slip-of-an-alias", "alike"]
    assert rank_places("Stanislav", names) == ranked


def test_of_places_equally_like_the_larger_comes_first_then_the_id() -> None:
    names = [
        named("lyman-a", "Lyman"),
        named("lyman-b", "Lyman", 500),
        named("lyman-c", "Lyman", 20_000),
        named("lyman-d", "Lyman", 500),
        named("lyman-e", "Lyman", 0),
    ]
    ranked = ["lyman-c", "lyman-b", "lyman-d", "lyman-e", "lyman-a"]
    assert rank_places("Lyman", names) == rank_places("Lyman", names[::-1]) == ranked
    assert rank_places("Liman", names) == ranked
    assert rank_places("Ly", names) == ranked


def test_a_place_is_as_like_as_the_likest_of_its_names() -> None:
    names = [named("bakhmut", "Artemivsk", 80_500, is_alias=True), named("bakhmut", "Bakhmut", 80_500)]
    names += [named("kypuche", "Kypuche", 7_000), named("kypuche", "Artemivsk", 7_000)]
    assert rank_places("Artemivsk", names) == ["kypuche", "bakhmut"]


def test_a_slip_in_a_name_of_three_letters_is_another_name() -> None:
    assert rank_places("Kyiv", [named("lviv", "Lviv")]) == []
    assert rank_places("Symy", [named("sumy", "Sumy")]) == ["sumy"]


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("sumy", "sumi", True),
        ("sumy", "smuy", True),
        ("sumy", "sum", True),
        ("sumy", "sumyy", True),
        ("sumy", "xsumy", True),
        ("sumy", "sumy", False),
        ("sumy", "ysum", False),
        ("sumy", "yums", False),
        ("sumy", "suimyx", False),
        ("", "a", True),
        ("aa", "aaa", True),
    ],
)
def test_a_slip_is_one_letter_or_two_neighbours(one: str, other: str, is_slip: bool) -> None:
    assert is_one_slip(one, other) is is_one_slip(other, one) is is_slip


KEYS = st.text(alphabet="aiksv", min_size=1, max_size=14).map(fold_name).filter(bool)


@quick
@for_all(KEYS, st.text(alphabet="aksv", max_size=4), st.integers(0, 14), st.integers(0, 4))
def test_what_is_worth_a_look_has_one_of_the_telling_pieces(
    typed: str, other: str, at: int, without: int
) -> None:
    name = fold_name(typed[:at] + other + typed[at + without :])
    wanted, pieces = set(trigrams(typed)), set(trigrams(name))
    shared = 2 * len(wanted & pieces) / (len(wanted) + len(pieces))
    assume(shared >= worth_a_look(typed))
    assert pieces & set(telling_pieces(typed))


def test_endings_that_many_names_have_are_not_looked_for() -> None:
    assert telling_pieces("oleksandrivka") == [
        " ol",
        "ole",
        "lek",
        "eks",
        "ksa",
        "san",
        "and",
        "ndr",
        "dri",
        "riv",
    ]
    assert telling_pieces("k") == ["  k", " k "]
