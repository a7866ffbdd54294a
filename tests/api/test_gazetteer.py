"""Search in the places of a whole country: 5,488 of Ukraine, from GeoNames."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.application import Ledger
from ledger.database import Database
from projections.reading.places import SEARCH_NAMES
from tests.api.talking import Api
from tests.servers import wait_until
from tests.ukraine import read_batches

KUPIANSK = "kupyansk"


@pytest.fixture(scope="module")
def ukraine(module_url: str, api: Api) -> Api:
    """The application, after the import of the whole country."""
    position = None
    with Database(module_url) as database, Ledger(database) as ledger:
        for batch in read_batches():
            receipt = ledger.record(batch.items, recorded_by="test", found=batch.found)
            position = receipt.log_position or position
    asked: dict[str, Any] = {"min_log_position": position, "limit": 1}
    wait_until(lambda: api.get("/v1/locations", **asked).status_code == 200, what="the names of all places")
    return api


def found(api: Api, typed: str, **query: Any) -> list[str]:
    return [item["id"] for item in api.read("/v1/locations", q=typed, **query)["items"]]


@pytest.mark.parametrize(
    "typed",
    [
        *("Kupiansk", "Kupyansk", "kupiansk", "Kupjansk", "Купянск", "КУПЯНСК", "Купʼянськ"),
        *("Куп'янськ", "Куп’янськ", "Куп`янськ", "Купянськ", "Kup", "куп"),
        *("Kupiandk", "Kupansk", "Kpuiansk", "Kuppiansk", "Kupiabsk", "Купинск", "Купянсд"),
    ],
)
def test_kupiansk_is_found_first_however_it_is_typed(ukraine: Api, typed: str) -> None:
    assert found(ukraine, typed)[0] == KUPIANSK


def test_its_namesakes_follow(ukraine: Api) -> None:
    assert found(ukraine, "Kupiansk")[:2] == [KUPIANSK, "kupiansk-vuzlovyi"]
    assert found(ukraine, "Kupiansk-Vuzlovyi")[0] == "kupiansk-vuzlovyi"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Lyman", "lyman-donetsk"),  # of 13
        ("Avdiivka", "avdiyivka-donetsk"),  # of 3
        ("Авдеевка", "avdiyivka-donetsk"),
        ("Kiev", "kyiv"),
        ("Киев", "kyiv"),
        ("Odessa", "odesa"),
        ("Kharkov", "kharkiv"),
        ("Bahmut", "bakhmut"),
        ("Артемовск", "bakhmut"),
        ("Sievierodonetsk", "siverskodonetsk"),
        ("Severodonetsk", "siverskodonetsk"),
        ("Сєвєродонецьк", "siverskodonetsk"),
        ("Chervonohrad", "sheptytskyi"),
        ("Zaporozhye", "zaporizhzhya-687700"),
        ("Izuim", "izyum"),
        ("Sumi", "sumy"),
    ],
)
def test_a_newsroom_finds_the_town_it_means(ukraine: Api, typed: str, first: str) -> None:
    assert found(ukraine, typed)[0] == first


def test_the_name_itself_comes_before_larger_towns_once_called_so(ukraine: Api) -> None:
    assert found(ukraine, "Stanislav")[:2] == ["stanislav", "ivano-frankivsk"]
    namesakes = found(ukraine, "Oleksandrivka")
    assert "donetsk" in namesakes
    places = {item["id"]: item["name"] for item in ukraine.read("/v1/locations", q="Oleksandrivka")["items"]}
    assert {places[each] for each in namesakes[: namesakes.index("donetsk")]} == {"Oleksandrivka"}


def test_places_of_one_name_come_by_size(ukraine: Api) -> None:
    items = [
        item
        for item in ukraine.read("/v1/locations", q="Oleksandrivka")["items"]
        if item["name"] == "Oleksandrivka"
    ]
    sizes = [item["registered_population"] for item in items]
    assert len(sizes) > 15
    known = [size for size in sizes if size is not None]
    assert sizes == sorted(known, reverse=True) + [None] * (len(sizes) - len(known))


def test_a_search_looks_names_up_in_its_indexes(ukraine: Api, module_url: str) -> None:
    assert found(ukraine, "Kupiansk")
    asked: dict[str, Any] = {
        "folded": "kupiansk",
        "prefix": "kupiansk%",
        "pieces": ["kup", "upi"],
        "telling": ["kup", "upi"],
    }
    asked |= {"position": 10**6, "enough": 0.5, "limit": 500}
    with Database(module_url) as database, database.connection() as connection:
        connection.execute("ANALYZE projections.location_names")
        plan = "\n".join(row[0] for row in connection.execute(f"EXPLAIN {SEARCH_NAMES}", asked))
    assert "Seq Scan" not in plan
    assert "location_names_folded" in plan
    assert "location_names_trigrams" in plan
