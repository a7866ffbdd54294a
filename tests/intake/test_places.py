"""The books of what is registered already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.registry import LocationRegistered
from intake.places import ActorBook, PlaceBook, Sighting, distance_km
from tests.builders import actor, location

KUPIANSK = location(
    "kupiansk", names={"uk": "Куп'янськ"}, point=(37.616, 49.710), refs={"geonames": "703656"}
)
FAR = location("kupiansk-2", name="Kupyansk", point=(30.0, 50.0))
REGION = location("kupiansk-raion", kind="district", name="Kupiansk", point=(37.616, 49.711))
POINTLESS = location("kupiansk-3", name="Kupiansk")


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((0.0, 0.0), (0.0, 0.0), 0.0),
        ((0.0, 0.0), (0.0, 90.0), 10_007.5),
        ((0.0, 0.0), (180.0, 0.0), 20_015.1),
        ((179.5, 0.0), (-179.5, 0.0), 111.2),
        ((30.52, 50.45), (36.23, 49.99), 408.5),
    ],
)
def test_distances_are_those_on_a_globe(
    one: tuple[float, float], other: tuple[float, float], km: float
) -> None:
    assert distance_km(one, other) == pytest.approx(km, abs=1.0)
    assert distance_km(other, one) == pytest.approx(distance_km(one, other))


def test_a_place_is_found_by_id_reference_and_any_spelling() -> None:
    book = PlaceBook(lambda: [KUPIANSK, FAR])
    assert book.find("kupiansk") == book.with_ref("geonames", "703656") == KUPIANSK
    assert book.find("703656") is None
    assert book.with_ref("wikidata", "703656") is None
    assert book.named("КУПЯНСК") == (KUPIANSK, FAR)
    assert book.named("Izium") == ()
    assert list(book) == [KUPIANSK, FAR]


def test_the_nearest_of_a_name_lies_within_reach_and_is_no_region() -> None:
    book = PlaceBook(lambda: [FAR, KUPIANSK, POINTLESS, REGION])
    assert book.nearest_named("Kupiansk", (37.6, 49.7), within_km=10) == KUPIANSK
    assert book.nearest_named("Kupiansk", (37.6, 49.7), within_km=1) is None
    assert book.nearest_named("Kupiansk", (33.0, 50.0), within_km=1_000) == FAR
    assert book.nearest_named("Izium", (37.6, 49.7), within_km=1_000) is None


def test_a_book_is_read_once_and_only_when_it_is_asked() -> None:
    read: list[str] = []

    def load() -> list[LocationRegistered]:
        read.append("read")
        return [KUPIANSK]

    book = PlaceBook(load)
    assert read == []
    assert book.find("kupiansk")
    assert book.named("kupiansk")
    assert read == ["read"]


def test_actors_are_found_by_id() -> None:
    book = ActorBook(lambda: [actor("russia")])
    assert book.find("russia") == actor("russia")
    assert book.find("ukraine") is None
    assert ActorBook().find("russia") is None


OFF_BY_5_KM = (37.616, 49.755)
LARGE = location("kupiansk", name="Kupyansk", point=(37.616, 49.710), population=27_169, aliases=("Stary",))


def seen(
    *names: str, point: tuple[float, float] | None = OFF_BY_5_KM, people: int | None = 28_000
) -> Sighting:
    return Sighting(names=names or ("Kupiansk",), point=point, population=people)


def recognised(sighting: Sighting, *places: LocationRegistered) -> str | None:
    found = PlaceBook(lambda: places).recognise(sighting, within_km=10)
    return found.id if found else None


@pytest.mark.parametrize("name", ["Kupiansk", "Купянск", "Купʼянськ", "Kupjansk"])
def test_a_place_of_the_name_and_size_within_reach_is_recognised(name: str) -> None:
    assert recognised(seen(name), LARGE) == "kupiansk"
    assert recognised(seen("Somewhere", name), LARGE) == "kupiansk"
    assert recognised(seen(name, point=(37.616, 49.9)), LARGE) is None
    assert recognised(seen("Izium"), LARGE) is None


@pytest.mark.parametrize(
    ("people", "registered", "alone", "beside_a_namesake"),
    [
        (1_000, 1_000, True, True),
        (1_000, 2_000, True, True),
        (1_000, 2_001, True, False),
        (5_000, 1_000, True, False),
        (5_001, 1_000, False, False),
        (None, 1_000, True, True),
        (1_000, None, True, True),
        (0, 1_000, True, True),
    ],
)
def test_one_of_another_size_is_another_place(
    people: int | None, registered: int | None, alone: bool, beside_a_namesake: bool
) -> None:
    near, far = replace(LARGE, population=registered), replace(FAR, population=5_000)
    assert (recognised(seen(people=people), near) == "kupiansk") is alone
    assert (recognised(seen(people=people), near, far) == "kupiansk") is beside_a_namesake


def test_of_several_within_reach_the_nearest_of_the_size_is_meant() -> None:
    village = location("village", name="Kupiansk", point=OFF_BY_5_KM, population=300)
    assert recognised(seen(people=28_000), village, LARGE) == "kupiansk"
    assert recognised(seen(people=299), village, LARGE) == "village"
    assert recognised(seen(people=None), village, LARGE) == "village"


def test_an_alias_counts_after_every_name_and_only_with_the_size() -> None:
    assert recognised(seen("Stary"), LARGE) == "kupiansk"
    assert recognised(seen("Stary", people=None), LARGE) is None
    assert recognised(seen("Stary", people=13_000), LARGE) is None
    assert recognised(seen("Stary"), replace(LARGE, population=None)) is None
    other = location("stary", name="Stary", point=(37.616, 49.8), population=20_000)
    assert recognised(seen("Stary"), LARGE, other) == "stary"


@pytest.mark.parametrize(
    ("people", "registered", "is_it"),
    [
        (14_144, 14_144, True),
        (14_144, 14_800, True),
        (14_144, 14_900, False),
        (687, 687, True),
        (687, 690, False),
        (None, 687, False),
        (687, None, False),
        (0, 0, False),
    ],
)
def test_without_a_point_it_takes_one_count_and_no_namesake(
    people: int | None, registered: int | None, is_it: bool
) -> None:
    place = replace(LARGE, population=registered)
    told = seen(point=None, people=people)
    assert (recognised(told, place) == "kupiansk") is is_it
    assert recognised(told, place, FAR) is None
    assert recognised(told, place, location("elsewhere", name="Elsewhere", aliases=("Kupiansk",))) is None
    assert (recognised(seen("Stary", point=None, people=people), place) == "kupiansk") is is_it


def test_a_region_is_no_place_of_its_name() -> None:
    region = replace(REGION, population=28_000)
    assert recognised(seen(), region) is None
    assert recognised(seen(point=None), region) is None


def test_aliases_are_told_apart_from_names() -> None:
    book = PlaceBook(lambda: [LARGE, location("stary", name="Stary", aliases=("Stary", "Старый"))])
    assert [place.id for place in book.named("Stary")] == ["stary"]
    assert [place.id for place in book.known_as("Стари")] == ["kupiansk"]
    assert book.nearest_named("Stary", (37.616, 49.710), within_km=10) is None
