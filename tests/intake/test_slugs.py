"""Ids made of names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kinds.envelope import SLUG
from intake.slugs import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Kherson", "kherson"),
        ("Kamianets-Podilskyi", "kamianets-podilskyi"),
        ("Bile (Snake Island)", "bile-snake-island"),
        ("Luk’yanivka", "lukyanivka"),
        ("Qarağy", "qaragy"),
        ("Куп'янськ", "kupiansk"),
        ("庫皮揚斯克", "place"),
        ("", "place"),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


@given(st.text(max_size=200))
def test_whatever_the_name_it_is_an_id(name: str) -> None:
    assert SLUG.fullmatch(slug_of(name))
