"""Finding places: by name in any script, in a box, by status and holder, for some voices."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.talking import Api


@pytest.fixture(scope="module")
def told(kupiansk: Api) -> Api:
    places = (
        {"id": "fiji", "kind": "area", "name": "Fiji", "point": [178.0, -17.8]},
        {"id": "samoa", "kind": "area", "name": "Samoa", "point": [-172.1, -13.8]},
        {"id": "greenwich", "kind": "area", "name": "Greenwich", "point": [0.0, 51.5]},
        {"id": "kupyansk-vuzlovyi", "kind": "settlement", "name": "Kupiansk-Vuzlovyi"},
        {
            "id": "bakhmut",
            "kind": "settlement",
            "name": "Bakhmut",
            "names": {"uk": "Бахмут", "ru": "Артёмовск"},
        },
    )
    for place in places:
        kupiansk.write("/v1/locations", place)
    return kupiansk


def found(api: Api, **query: Any) -> list[str]:
    return [item["id"] for item in api.read("/v1/locations", **query)["items"]]


@pytest.mark.parametrize(
    "typed",
    [
        "Kupiansk",
        "kupiansk",
        "KUPIANSK",
        "Kupjansk",
        "Kupyansk",
        "Kup'yansk",
        "Купянск",
        "купянск",
        "Куп'янськ",
        "Куп’янськ",
        "Купʼянськ",
        "Куп`янськ",
        "КУП'ЯНСЬК",
        "Kupians",
        "Kupi",
        "куп",
        "  Kupiansk  ",
        "Kupiansc",
        "Kupiandk",
        "Kupansk",
        "Kupiiansk",
        "Куп'янск",
        "Купянсь",
    ],
)
def test_a_place_is_found_however_it_is_written(told: Api, typed: str) -> None:
    assert found(told, q=typed)[0] in ("kupiansk", "kupiansk-villages", "kupyansk-vuzlovyi")
    assert "kupiansk" in found(told, q=typed)


def test_the_exact_name_comes_first_and_then_what_begins_with_it(told: Api) -> None:
    assert found(told, q="Kupiansk") == ["kupiansk", "kupyansk-vuzlovyi"]
    assert found(told, q="Kupiansk", limit=1) == ["kupiansk"]
    assert found(told, q="Артемовск") == ["bakhmut"]
    assert found(told, q="Бахмут") == ["bakhmut"]
    assert "bakhmut" in found(told, q="Bahmut")


def test_of_namesakes_the_larger_comes_first_and_those_of_unknown_size_last(told: Api) -> None:
    sizes = {"lyman-a": None, "lyman-b": 600, "lyman-c": 20_469, "lyman-d": 600, "lyman-e": 0}
    for identifier, size in sizes.items():
        place = {"id": identifier, "kind": "settlement", "name": "Lyman", "population": size}
        told.write("/v1/locations", {name: value for name, value in place.items() if value is not None})
    told.write(
        "/v1/locations", {"id": "lymany", "kind": "settlement", "name": "Lymany", "population": 90_000}
    )
    ranked = ["lyman-c", "lyman-b", "lyman-d", "lyman-e", "lyman-a"]
    assert found(told, q="Lyman") == [*ranked, "lymany"]
    assert found(told, q="Лиман") == [*ranked, "lymany"]
    assert found(told, q="Lyman", limit=2) == ranked[:2]
    assert found(told, q="Lym") == ["lymany", *ranked]
    [first, *_] = told.read("/v1/locations", q="Lyman")["items"]
    assert first["registered_population"] == told.state("lyman-c")["registered_population"] == 20_469
    assert told.state("lyman-c")["population"] is None
    assert told.state("lyman-a")["registered_population"] is None


def test_a_place_described_anew_is_found_by_its_new_size_and_aliases(told: Api) -> None:
    for identifier in ("rubizhne-1", "rubizhne-2"):
        told.write("/v1/locations", {"id": identifier, "kind": "settlement", "name": "Rubizhne"})
    before = told.read("/v1/locations", q="Rubizhne")["clocks"]["log_position"]
    described = {"id": "rubizhne-2", "kind": "settlement", "name": "Rubizhne", "population": 55_247}
    described |= {"aliases": ["Rubezhnoe", "Rubizhne"]}
    told.write("/v1/locations/rubizhne-2/descriptions", described)
    assert found(told, q="Rubizhne") == ["rubizhne-2", "rubizhne-1"]
    assert found(told, q="Рубежное") == ["rubizhne-2"]
    assert found(told, q="Rubizhne", log_position=before) == ["rubizhne-1", "rubizhne-2"]
    assert found(told, q="Рубежное", log_position=before) == []
    assert told.state("rubizhne-2")["aliases"] == ["Rubezhnoe", "Rubizhne"]


def test_a_name_comes_before_an_alias_however_large(told: Api) -> None:
    stanislav = {"id": "stanislav", "kind": "settlement", "name": "Stanislav", "population": 4_900}
    told.write("/v1/locations", stanislav)
    frankivsk = {"id": "ivano-frankivsk", "kind": "settlement", "name": "Ivano-Frankivsk"}
    told.write("/v1/locations", {**frankivsk, "aliases": ["Stanislav"], "population": 238_196})
    assert found(told, q="Станіслав") == ["stanislav", "ivano-frankivsk"]


@pytest.mark.parametrize(
    "typed", ["", " ", "'", "%", "_", "100%", "zzzzz", "'; drop table x; --", "\\", "💥"]
)
def test_what_is_like_nothing_finds_nothing(told: Api, typed: str) -> None:
    assert found(told, q=typed) == []


def test_a_search_holds_to_the_other_filters(told: Api) -> None:
    assert found(told, q="Kupiansk", status="disputed") == ["kupiansk"]
    assert found(told, q="Kupiansk", part_of="donbas") == []
    assert found(told, q="Kupiansk", part_of="kharkiv-oblast") == ["kupiansk"]
    assert found(told, q="Kupiansk", bbox="37,49,38,50") == ["kupiansk"]
    assert found(told, q="Kupiansk", bbox="0,0,1,1") == []
    assert found(told, q="Kupiansk", log_position=1) == []


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ("37,49,38,50", ["kupiansk"]),
        ("37.616,49.71,37.616,49.71", ["kupiansk"]),
        ("170,-20,-170,-10", ["fiji", "samoa"]),
        ("179,-20,-170,-10", ["samoa"]),
        ("170,-20,-179,-10", ["fiji"]),
        ("-180,-90,180,90", ["fiji", "greenwich", "kupiansk", "samoa"]),
        ("0,0,180,90", ["greenwich", "kupiansk"]),
        ("180,-90,-180,90", []),
        ("1,1,2,2", []),
        (" 37 , 49 , 38 , 50 ", ["kupiansk"]),
        ("3.7e1,49,38,50", ["kupiansk"]),
    ],
)
def test_a_box_holds_the_places_in_it_across_the_antimeridian_too(
    told: Api, box: str, inside: list[str]
) -> None:
    assert found(told, bbox=box) == inside


def test_places_by_status_at_the_clocks(told: Api) -> None:
    now = {"valid_at": "2025-12-13"}
    assert found(told, status="disputed", **now) == ["kupiansk"]
    assert found(told, status="divided", **now) == ["kupiansk-villages"]
    assert found(told, status="disputed,divided", **now) == ["kupiansk", "kupiansk-villages"]
    both = told.http.get("/v1/locations?status=disputed&status=divided&valid_at=2025-12-13").json()["items"]
    assert [item["id"] for item in both] == ["kupiansk", "kupiansk-villages"]
    assert "kupiansk" not in found(told, status="unknown", **now)
    assert found(told, status="held", valid_at="2022-05-01") == ["kupiansk"]
    assert found(told, status="disputed", valid_at="2025-12-13", known_at="2025-11-01") == []


def test_places_by_holder_and_by_what_they_are_part_of(told: Api) -> None:
    assert found(told, holder="russia", valid_at="2022-05-01") == ["kupiansk"]
    assert found(told, holder="ukraine", valid_at="2022-10-15") == ["kupiansk"]
    assert found(told, holder="russia", valid_at="2022-10-15") == []
    assert found(told, part_of="kharkiv-oblast") == ["kupiansk", "kupiansk-villages"]
    assert found(told, part_of="donbas") == ["donetsk-oblast"]


def test_only_the_voices_that_are_named_count(told: Api) -> None:
    russia = told.state(valid_at="2025-12-13", voices="russia")
    assert (russia["status"], russia["holder"]) == ("held", "russia")
    assert [position["voice"] for position in russia["positions"]] == ["russia"]
    assert russia["disagreements"] == []
    two = told.state(valid_at="2025-12-13", voices="ukraine,deepstate")
    assert two["status"] == "divided"
    assert told.state(valid_at="2025-12-13", voices="trump")["status"] == "unknown"
    assert found(told, status="held", voices="russia", valid_at="2025-12-13") == ["kupiansk"]
    spells = told.read("/v1/locations/kupiansk/history", voices="russia")
    assert set(spells["voices"]) == {"russia"}
    timeline = told.read("/v1/locations/kupiansk/timeline", voices="russia,deepstate")["items"]
    assert {item["voice"] for item in timeline} == {"russia", "deepstate"}


def test_a_timeline_of_some_kinds_and_a_window(told: Api) -> None:
    path = "/v1/locations/kupiansk/timeline"
    assert [item["id"] for item in told.read(path, kinds="visit-reported,evidence-published")["items"]] == [
        "kupiansk-video",
        "kupiansk-visit",
    ]
    of_2022 = told.read(path, valid_to="2022-12-31")["items"]
    assert {item["id"] for item in of_2022} == {
        "kupiansk-population",
        "kupiansk-2022-occupied",
        "kupiansk-2022-recaptured",
    }
    later = told.read(path, valid_from="2022-10-01")["items"]
    assert len(of_2022) + len(later) == 14
    assert told.read(path, valid_from="2023-01-01", valid_to="2023-12-31")["items"] == []


def test_a_place_in_a_list_is_the_same_as_alone(told: Api) -> None:
    for item in told.read("/v1/locations", valid_at="2025-12-13")["items"]:
        state = told.state(item["id"], valid_at="2025-12-13")
        assert {name: state[name] for name in item} == item
