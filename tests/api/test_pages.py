"""Long lists in pages: complete, in order, at the clocks of the first page whatever is written since."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from tests.api.stories import assessment, claim, denial, set_the_stage, statement
from tests.api.talking import Api

PLACES = 250
LONG = 230


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    places = [
        {"id": f"p-{n:03}", "kind": "area", "name": f"Place {n}", "part_of": "shire"} for n in range(PLACES)
    ]
    held = [assessment(f"held-{n:03}", at=f"p-{n:03}") for n in range(0, PLACES, 2)]
    long = [
        statement(f"s-{n:03}", occurred=occurred(n), reported=f"2025-04-{1 + n % 2:02}", at="mill")
        for n in range(LONG)
    ]
    claims = [claim(f"c-{n:02}", at="mill") for n in range(30)]
    answers = [
        denial(f"a-{n:02}", kind="claim-confirmed", by="red", at="mill", claim=f"c-{n:02}") for n in range(30)
    ]
    actors = [{"id": f"a-{n:03}", "kind": "other", "name": f"Actor {n}"} for n in range(120)]
    documents = [{"id": f"d-{n:03}", "publisher": "herald", "title": f"Document {n}"} for n in range(120)]
    dossier = {
        "palimpsest": 1,
        "actors": actors,
        "locations": places,
        "documents": documents,
        "developments": [*held, *long, *claims, *answers],
    }
    api.write("/v1/dossiers", dossier)
    return api


def pages(
    api: Api, path: str, between: Callable[[int], object] = lambda number: None, **query: Any
) -> Iterator[dict[str, Any]]:
    """Every page, by the links from one to the next."""
    response = api.get(path, **query)
    number = 0
    while True:
        assert response.status_code == 200
        yield response.json()
        following = response.links.get("next")
        if following is None:
            return
        between(number)
        number += 1
        response = api.http.get(following["url"])


def ids(api: Api, path: str, **query: Any) -> list[str]:
    return [item["id"] for page in pages(api, path, **query) for item in page["items"]]


def occurred(number: int) -> str:
    """A day, or the two days from then on."""
    day = f"2025-{1 + number % 3:02}-{1 + number % 11:02}"
    return f"{day}/2025-{1 + number % 3:02}-{2 + number % 11:02}" if number % 4 == 0 else day


def place_in_order(item: dict[str, Any]) -> tuple[Any, ...]:
    """What docs/positions.md says of the order of effect; every window here has an end."""
    windows = [item[name][end] for name in ("occurred", "reported") for end in ("earliest", "latest")]
    return (*windows, item.get("claim") is not None, item["id"])


def test_places_come_by_id_each_once(told: Api) -> None:
    everything = ids(told, "/v1/locations", limit=1000)
    assert len(everything) == PLACES + 3
    assert everything == sorted(everything)
    for limit in (1, 7, 100, PLACES + 2, PLACES + 3):
        if limit > 1:
            assert ids(told, "/v1/locations", limit=limit) == everything
    sizes = [len(page["items"]) for page in pages(told, "/v1/locations")]
    assert sizes == [100, 100, 53]


def test_filters_hold_from_page_to_page(told: Api) -> None:
    held = [f"p-{n:03}" for n in range(0, PLACES, 2)]
    assert ids(told, "/v1/locations", holder="red", part_of="shire", limit=40) == ["mill", *held]
    assert ids(told, "/v1/locations", status="held", limit=125) == ["mill", *held]
    unknown = [f"p-{n:03}" for n in range(1, PLACES, 2)]
    assert ids(told, "/v1/locations", status="unknown", part_of="shire", limit=20) == unknown


def test_a_long_timeline_comes_in_order_both_ways(told: Api) -> None:
    path = "/v1/locations/mill/timeline"
    forward = [item for page in pages(told, path, limit=17) for item in page["items"]]
    assert len(forward) == LONG + 30 + 30
    order = [place_in_order(item) for item in forward]
    assert order == sorted(order)
    told_that_day = [item["id"] for item in forward if item["kind"] != "statement-made"]
    assert told_that_day == [f"{letter}-{n:02}" for letter in "ca" for n in range(30)]
    backward = [item for page in pages(told, path, limit=50, order="desc") for item in page["items"]]
    assert backward == forward[::-1]
    some = ids(told, path, kinds="occupation-claimed", limit=4)
    assert some == [f"c-{n:02}" for n in range(30)]
    some = ids(told, path, kinds="claim-confirmed", limit=4, order="desc")
    assert some == [f"a-{n:02}" for n in reversed(range(30))]
    window = ids(told, path, kinds="statement-made", valid_from="2025-02-01", valid_to="2025-02-28", limit=10)
    expected = [item["id"] for item in forward if item["occurred"]["edtf"].startswith("2025-02")]
    assert window == expected


def test_claims_actors_and_documents_come_in_pages_too(told: Api) -> None:
    assert ids(told, "/v1/locations/mill/claims", limit=7) == [f"c-{n:02}" for n in range(30)]
    actors = ids(told, "/v1/actors", limit=50)
    assert actors == sorted(actors)
    assert len(actors) == 128
    assert ids(told, "/v1/actors", kind="party", limit=1) == ["blue", "red"]
    assert ids(told, "/v1/documents", publisher="herald", limit=33) == [f"d-{n:03}" for n in range(120)] + [
        "herald-1"
    ]


def test_the_log_comes_in_pages(told: Api) -> None:
    read: list[int] = []
    for page in pages(told, "/v1/events", limit=97):
        read += [item["log_position"] for item in page["items"]]
    assert read == list(range(1, page["head"] + 1))


def test_a_link_is_pinned_to_the_clocks_of_its_page(told: Api) -> None:
    response = told.get(
        "/v1/locations", limit=10, tz="Europe/Kyiv", recorded_at="2999-01-01", status="held,unknown"
    )
    clocks = response.json()["clocks"]
    query = dict(parse_qsl(urlsplit(response.links["next"]["url"]).query))
    assert query["log_position"] == str(clocks["log_position"])
    assert query["valid_at"] == clocks["valid_at"]
    assert query["known_at"] == clocks["known_at"]
    assert (query["limit"], query["status"], query["tz"]) == ("10", "held,unknown", "Europe/Kyiv")
    assert "recorded_at" not in query


def test_every_later_page_leads_to_the_first(told: Api) -> None:
    response = told.get("/v1/locations", limit=100, part_of="shire")
    first = response.json()
    assert "first" not in response.links
    while following := response.links.get("next"):
        response = told.http.get(following["url"])
        assert told.http.get(response.links["first"]["url"]).json() == {
            **first,
            "clocks": response.json()["clocks"],
        }
    assert response.json()["items"] != first["items"]


LISTS = (
    "/v1/locations",
    "/v1/locations/mill/timeline",
    "/v1/locations/mill/timeline?order=desc",
    "/v1/locations/mill/claims",
    "/v1/disagreements",
    "/v1/disagreements?sort=gap",
    "/v1/actors",
    "/v1/actors/red/claims",
    "/v1/documents",
)


@pytest.mark.parametrize("path", LISTS)
def test_pages_of_any_size_make_the_list_whatever_is_written_between(told: Api, path: str) -> None:
    """Each page of another size, and a write after each that would change every list."""
    choose = random.Random(path)
    path, _, query = path.partition("?")
    asked: dict[str, Any] = dict(parse_qsl(query))
    whole = told.read(path, **asked, limit=1000)
    items: list[Any] = []
    response = told.get(path, **asked, limit=choose.randint(1, 40))
    pinned = response.json()["clocks"]
    while True:
        page = response.json()
        assert page["clocks"] == {**pinned, "recorded_at": page["clocks"]["recorded_at"]}
        items += page["items"]
        following = response.links.get("next")
        if following is None:
            break
        disturb(told, f"{len(items)}-{choose.getrandbits(32):08x}")
        address = httpx2.URL(following["url"]).copy_set_param("limit", choose.randint(20, 60))
        response = told.http.get(address)
    assert [without_age(item) for item in items] == [without_age(item) for item in whole["items"]]
    assert len(items) > 20


def disturb(api: Api, name: str) -> None:
    """Something new in every list, at its start and in its middle."""
    for front in ("0", "p-1"):
        place = {"id": f"{front}-{name}", "kind": "area", "name": name, "part_of": "shire"}
        actor = {"id": f"{front}-{name}", "kind": "other", "name": name}
        document = {"id": f"{front}-{name}", "publisher": "herald", "title": name}
        said = [
            claim(f"{front}-claim-{name}", at="mill"),
            assessment(f"{front}-held-{name}", at=["mill", place["id"]], control={"blue": "all"}),
            assessment(f"{front}-said-{name}", by="gazette", kind="control-reported", at=place["id"]),
        ]
        api.write(
            "/v1/dossiers",
            {
                "palimpsest": 1,
                "actors": [actor],
                "locations": [place],
                "documents": [document],
                "developments": said,
            },
        )


def without_age(item: dict[str, Any]) -> dict[str, Any]:
    """An item less what grows with the clock."""
    return {name: value for name, value in item.items() if name != "age_days"}


def test_pages_stay_what_they_were_while_others_write(told: Api) -> None:
    before = told.head()
    places = ids(told, "/v1/locations", limit=1000)
    timeline = ids(told, "/v1/locations/mill/timeline", limit=1000)

    def write(number: int) -> None:
        """Something new at the front, in the middle and at the end; one thing less, another elsewhere."""
        told.write("/v1/locations", {"id": f"a-new-{number}", "kind": "area", "name": "New"})
        told.write("/v1/locations", {"id": f"z-new-{number}", "kind": "area", "name": "New"})
        told.write("/v1/developments", statement(f"early-{number}", at="mill", occurred="2020-01-01"))
        told.write("/v1/developments", statement(f"late-{number}", at="mill", occurred="2025-06-01"))
        told.write(f"/v1/developments/s-{200 + number}/retraction", {"reason": "Made up."})
        moved = {"reason": "Elsewhere.", "body": statement(f"s-{100 + number}", at="hill")}
        told.write(f"/v1/developments/s-{100 + number}/corrections", moved)

    seen = [item["id"] for page in pages(told, "/v1/locations", write, limit=90) for item in page["items"]]
    assert seen == places
    timeline_now = ids(told, "/v1/locations/mill/timeline", limit=1000)
    again = pages(told, "/v1/locations/mill/timeline", lambda number: write(10 + number), limit=90)
    assert [item["id"] for page in again for item in page["items"]] == timeline_now
    assert ids(told, "/v1/locations/mill/timeline", limit=64, log_position=before) == timeline
