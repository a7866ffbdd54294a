"""The options of a format, as declared and as given."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from intake.sources import Option, Source, check_options

OPTIONS = (
    Option(name="country", metavar="CODE", help="The country.", required=True),
    Option(name="radius", metavar="KM", help="How far.", default="5"),
    Option(name="layer", metavar="NAME", help="Which one."),
)


def test_what_is_not_given_has_its_default() -> None:
    assert check_options("f", OPTIONS, {"country": "UA"}) == {"country": "UA", "radius": "5"}
    assert check_options("f", OPTIONS, {"country": "UA", "radius": "2", "layer": "x"})["radius"] == "2"


def test_everything_wrong_is_told_at_once_with_the_options_that_there_are() -> None:
    with pytest.raises(InvalidInput) as raised:
        check_options("f", OPTIONS, {"contry": "UA"})
    assert [(fault.path, fault.message) for fault in raised.value.faults] == [
        ("--contry", "The format 'f' does not take it; its options: --country, --radius, --layer."),
        ("--country", "The format 'f' needs it: The country."),
    ]


def test_a_source_without_a_file_says_so() -> None:
    with pytest.raises(TypeError):
        _ = Source().file
