"""Which rows of the real table are places that GeoNames has registered: docs/matching.md, on all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.registry import LocationRegistered
from intake.batches import Batch, join
from intake.drafts import Draft, read_rows
from intake.importers.wiki_control import read_wiki_control
from intake.importers.wiki_control.cells import Row, count_of_inhabitants
from intake.importers.wiki_control.places import Listed, list_places
from intake.importers.wiki_control.placing import NEAR_KM, recognise_all
from intake.importers.wiki_control.versions import Line, restore_versions
from intake.places import COUNTED_ROUGHLY, SAME_COUNT, SAME_SIZE_ALONE, PlaceBook, distance_km
from intake.sources import Source
from tests.intake.importers.edits import developments, registered
from tests.ukraine import read_places

Matches = dict[Listed, LocationRegistered]


@pytest.fixture(scope="module")
def gazetteer() -> list[LocationRegistered]:
    """Every place of Ukraine."""
    return list(read_places())


@pytest.fixture(scope="module")
def listed(edits: Path) -> list[Listed]:
    """Every place of the table."""
    rows = read_rows(edits, Row, Draft(Source(path=edits)))
    lines = (Line(number=number, row=row) for number, row in rows)
    return list_places(restore_versions(lines).versions)[0]


@pytest.fixture(scope="module")
def matches(listed: list[Listed], gazetteer: list[LocationRegistered]) -> Matches:
    """The registered place of every row that is one."""
    return recognise_all(PlaceBook(lambda: gazetteer), listed)


@pytest.fixture(scope="module")
def batch(edits: Path, gazetteer: list[LocationRegistered]) -> Batch:
    """What the import records."""
    return join(read_wiki_control(Source(path=edits, places=PlaceBook(lambda: gazetteer))))


def test_two_of_three_places_are_registered_already(batch: Batch, matches: Matches) -> None:
    spoken_of = {each.at[0] for each in developments(batch)}
    new = registered(batch)
    assert (len(spoken_of), len(new)) == (524, 171)
    assert spoken_of - set(new) == {place.id for place in matches.values()}


def test_no_two_rows_became_one_place(matches: Matches) -> None:
    assert len(matches) == len({place.id for place in matches.values()}) == 353


def test_no_match_is_farther_away_or_of_another_size_than_is_stated(matches: Matches) -> None:
    without = []
    for row, place in matches.items():
        people = count_of_inhabitants(row.population)
        assert people
        if row.point is None:
            assert place.population is not None
            low, high = sorted((people, place.population))
            assert high <= low * (SAME_COUNT if people >= COUNTED_ROUGHLY else 1)
            without.append(row.names[0])
            continue
        assert place.point is not None
        assert distance_km(row.point, place.point) <= NEAR_KM
        if place.population:
            assert max(people, place.population) <= SAME_SIZE_ALONE * min(people, place.population)
    assert without == [
        *("Baturyn", "Dobra Krynytsia", "Novotoshkivske", "Bilolutsk", "Novopskov"),
        *("Sarny", "Varash", "Hadiach", "Stepnohirsk"),
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Kupiansk", "kupyansk"),
        ("Avdiivka", "avdiyivka-donetsk"),
        ("Kyiv", "kyiv"),
        ("Kherson", "kherson"),  # 283,649 people, and 66,000 in a newer GeoNames
        ("Sievierodonetsk", "siverskodonetsk"),
        ("Chernobyl", "chornobyl"),
        ("Chervonohrad", "sheptytskyi"),  # renamed in 2024
        ("Svitlodarsk", "svetlodarsk"),
        ("New York", "niu-york"),
        ("Terny", "terny-donetsk"),  # 764 people
    ],
)
def test_a_town_is_the_same_under_another_name(matches: Matches, name: str, place: str) -> None:
    assert [found.id for row, found in matches.items() if name in row.names] == [place]


@pytest.mark.parametrize(
    "of",
    [
        ("Sosnivka", "13"),  # the point is that of a town of 10,838
        ("Lukyanivka", "849"),  # that of a quarter of Kyiv
        ("Hornostaivka", "603"),
        ("Bobryk", "4299"),  # in Kyiv oblast; the point is that of a village in Sumy oblast
        ("Shevchenkove", "2913"),  # in Kyiv oblast; the point is in Mykolaiv oblast
        ("Chmyrivka", "4293"),  # the point is that of Kutuzivka
        ("Kramatorsk", "49"),
    ],
)
def test_a_namesake_is_another_place(listed: list[Listed], matches: Matches, of: tuple[str, str]) -> None:
    [row] = [row for row in listed if of in [life.key for life in row.lives]]
    assert row not in matches


def test_the_same_rows_are_the_same_places_the_next_time(
    edits: Path, gazetteer: list[LocationRegistered], batch: Batch
) -> None:
    after = [*gazetteer, *registered(batch).values()]
    again = join(read_wiki_control(Source(path=edits, places=PlaceBook(lambda: after))))
    assert registered(again) == {}
    assert developments(again) == developments(batch)
