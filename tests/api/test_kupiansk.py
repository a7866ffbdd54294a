"""The Kupiansk story over HTTP, from the real server: every row of the table it was written for."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ledger.database import Database
from projections.catalogue import PROJECTIONS
from projections.engine.rebuilding import rebuild
from tests.api.talking import KUPIANSK, YAML, Api, Served

ALL = {"min": 1.0, "max": 1.0, "min_open": False, "max_open": False}
LESS_THAN_ALL = {"min": 0.0, "max": 1.0, "min_open": False, "max_open": True}
PART = {"min": 0.0, "max": 1.0, "min_open": True, "max_open": True}
BEFORE_THE_RECAPTURE = {"valid_at": "2025-12-13", "known_at": "2025-11-30"}

REPEATED = (
    "/v1/locations/kupiansk?valid_at=2025-12-13",
    "/v1/locations/kupiansk?valid_at=2025-12-13&known_at=2025-11-30",
    "/v1/locations/kupiansk?valid_at=2022-05-01&tz=Europe/Kyiv",
    "/v1/locations/kupiansk?voices=russia,deepstate",
    "/v1/locations/kupiansk/timeline?",
    "/v1/locations/kupiansk/timeline?order=desc&limit=5&valid_from=2025-11-01",
    "/v1/locations/kupiansk/history?",
    "/v1/locations/kupiansk/claims?",
    "/v1/locations?",
    "/v1/locations?q=kupiansk",
    "/v1/locations?status=disputed",
    "/v1/claims/kupiansk-claimed?",
    "/v1/developments/kupiansk-recapture?",
    "/v1/developments/kupiansk-recapture/revisions?",
    "/v1/actors?",
    "/v1/actors/russia?",
    "/v1/documents?",
    "/v1/documents/romanian-report-2025-12-13?",
)


@pytest.fixture(scope="module")
def told(running: tuple[Served, Api]) -> Api:
    """A client of the real server, after the story was recorded."""
    _, api = running
    api.write("/v1/actors", {"id": "somebody", "kind": "other", "name": "Recorded before the dossier"})
    receipt = api.post("/v1/dossiers", KUPIANSK, headers=YAML)
    assert receipt.status_code == 201
    assert receipt.json()["new"] == 36
    return api


def shares(state: dict[str, Any], voice: str) -> dict[str, Any] | None:
    found = [position["shares"] for position in state["positions"] if position["voice"] == voice]
    return found[0] if found else None


def test_in_may_2022_russia_held_it(told: Api) -> None:
    state = told.state(valid_at="2022-05-01")
    assert (state["status"], state["holder"]) == ("held", "russia")
    assert state["because"] == ["kupiansk-2022-occupied"]


def test_in_october_2022_ukraine_held_it(told: Api) -> None:
    state = told.state(valid_at="2022-10-15")
    assert (state["status"], state["holder"]) == ("held", "ukraine")
    assert state["because"] == ["kupiansk-2022-recaptured"]


def test_after_the_claim_it_is_disputed(told: Api) -> None:
    state = told.state(valid_at="2025-11-25")
    assert (state["status"], state["holder"]) == ("disputed", None)
    assert shares(state, "russia") == {"russia": ALL}
    assert shares(state, "ukraine") == {"russia": LESS_THAN_ALL}
    between = [each for each in state["disagreements"] if each["between"] == ["russia", "ukraine"]]
    assert len(between) == 1
    assert between[0]["party"] == "russia"
    assert between[0]["gap"] == 0.0
    assert between[0]["since"] == "2025-11-19T00:00:00Z"
    assert between[0]["because"] == ["kupiansk-claimed", "kupiansk-claim-denied"]


def test_on_13_december_everything_is_there(told: Api) -> None:
    state = told.state(valid_at="2025-12-13")
    assert state["status"] == "disputed"
    assert shares(state, "ukraine") == {"ukraine": PART}
    assert shares(state, "deepstate") == {"ukraine": PART, "russia": PART}
    assert shares(state, "russia") == {"russia": ALL}
    encircled = {each["voice"]: each for each in state["encirclements"]}
    assert set(encircled) == {"ukraine", "deepstate"}
    assert {each["force"] for each in encircled.values()} == {"russia"}
    assert {each["encircled_by"] for each in encircled.values()} == {"ukraine"}
    assert (encircled["ukraine"]["mode"], encircled["deepstate"]["mode"]) == ("direct", "inferred")
    assert encircled["ukraine"]["because"] == ["kupiansk-encirclement"]
    assert state["last_visit"]["visitor"] == "zelensky"
    assert state["last_visit"]["occurred"]["edtf"] == "2025-12-12"
    assert state["last_visit"]["occurred"]["earliest"] == "2025-12-12T00:00:00Z"
    assert state["last_visit"]["because"] == ["kupiansk-visit"]
    assert state["population"]["count"] == 55000
    assert state["population"]["because"] == ["kupiansk-population"]
    assert state["fighting"]["because"] == ["kupiansk-fighting"]
    assert [each["because"] for each in state["supply_cuts"]] == [["kupiansk-supply-cut"]]


def test_at_the_end_of_november_only_claim_and_denial_were_known(told: Api) -> None:
    state = told.state(**BEFORE_THE_RECAPTURE)
    assert state["status"] == "disputed"
    assert sorted(state["because"]) == ["kupiansk-claim-denied", "kupiansk-claimed"]
    assert shares(state, "russia") == {"russia": ALL}
    assert shares(state, "ukraine") == {"russia": LESS_THAN_ALL}
    assert {position["voice"] for position in state["positions"]} == {"russia", "ukraine"}
    assert state["encirclements"] == []
    assert (state["last_visit"], state["population"], state["fighting"]) == (None, None, None)
    timeline = told.read("/v1/locations/kupiansk/timeline", **BEFORE_THE_RECAPTURE)
    assert [item["id"] for item in timeline["items"]] == ["kupiansk-claimed", "kupiansk-claim-denied"]


def test_at_the_start_of_november_nothing_was_known(told: Api) -> None:
    state = told.state(valid_at="2025-12-13", known_at="2025-11-01")
    assert (state["status"], state["holder"], state["because"]) == ("unknown", None, [])
    assert state["positions"] == []


def test_before_the_dossier_the_place_was_not_recorded(told: Api) -> None:
    response = told.get("/v1/locations/kupiansk", log_position=1)
    assert response.status_code == 404
    problem = response.json()
    assert problem["type"] == "/v1/problems/not-recorded-yet"
    assert problem["log_position"] == 1
    assert "'kupiansk' was not recorded yet at log position 1." in problem["detail"]


def test_the_claim_was_denied_and_is_contradicted(told: Api) -> None:
    claim = told.read("/v1/claims/kupiansk-claimed")
    assert claim["outcome"]["value"] == "contradicted"
    assert claim["outcome"]["rule"] == "outcome/1"
    [judgement] = claim["outcome"]["assessors"]
    assert (judgement["voice"], judgement["verdict"]) == ("deepstate", "contradicts")
    assert (judgement["development"], judgement["lead_days"]) == ("kupiansk-deepstate", None)
    told_so = [(entry["what"], entry["voice"], entry["development"]) for entry in claim["entries"]]
    assert ("made", "russia", "kupiansk-claimed") in told_so
    assert ("denied", "ukraine", "kupiansk-claim-denied") in told_so
    assert ("contradicted", "deepstate", "kupiansk-deepstate") in told_so
    assert (claim["reports"], claim["origins"]) == (1, 1)


def test_every_field_of_the_contract_is_there(told: Api) -> None:
    state = told.state(valid_at="2025-12-13")
    fields = "id name status holder positions disagreements encirclements fighting last_visit population"
    assert set(fields.split()) | {"because", "clocks"} <= set(state)
    assert {"voice", "shares", "since", "certain", "previous", "because"} <= set(state["positions"][0])
    assert {"between", "party", "gap", "since", "because"} <= set(state["disagreements"][0])
    assert {"force", "encircled_by", "voice", "mode", "because"} <= set(state["encirclements"][0])
    assert {"valid_at", "known_at", "recorded_at", "log_position"} == set(state["clocks"])
    assert {"edtf", "earliest", "latest"} <= set(state["last_visit"]["occurred"])
    claim = told.read("/v1/claims/kupiansk-claimed")
    assert {"id", "outcome", "entries", "reports", "origins"} <= set(claim)
    entry = {"what", "voice", "development", "occurred", "reported", "log_position"}
    assert all(entry <= set(each) for each in claim["entries"])
    history = told.read("/v1/locations/kupiansk/history")
    assert all({"from", "to", "value", "holder", "certain"} <= set(spell) for spell in history["status"])
    spells = [spell for spells in history["voices"].values() for spell in spells]
    assert all({"from", "to", "shares", "certain", "because"} <= set(spell) for spell in spells)
    assert [spells[-1]["to"] for spells in (history["status"], *history["voices"].values())] == [None] * 5


def test_the_history_tells_the_spells_one_after_the_other(told: Api) -> None:
    spells = told.read("/v1/locations/kupiansk/history")["status"]
    assert all(one["to"] == other["from"] for one, other in pairwise(spells))
    told_so = [(spell["value"], spell["holder"]) for spell in spells]
    assert told_so[0] == ("held", "russia")
    assert ("held", "ukraine") in told_so
    assert told_so[-1][0] == "disputed"


def test_the_clocks_are_repeated_as_they_were_used(told: Api) -> None:
    clocks = told.state(valid_at="2025-12-13", known_at="2025-11-30T12:00:00Z")["clocks"]
    assert clocks["valid_at"] == "2025-12-13T23:59:59.999999Z"
    assert clocks["known_at"] == "2025-11-30T12:00:00Z"
    assert clocks["log_position"] == told.head()
    kyiv = told.state(valid_at="2025-12-13", tz="Europe/Kyiv")["clocks"]
    assert kyiv["valid_at"] == "2025-12-13T21:59:59.999999Z"
    again = told.state(**{name: kyiv[name] for name in ("valid_at", "known_at", "log_position")})
    assert again["clocks"] | {"recorded_at": None} == kyiv | {"recorded_at": None}


def test_the_timeline_is_in_the_order_of_effect(told: Api) -> None:
    items = told.read("/v1/locations/kupiansk/timeline")["items"]
    assert len(items) == 14
    starts = [item["occurred"]["earliest"] for item in items]
    assert starts == sorted(starts)
    backwards = told.read("/v1/locations/kupiansk/timeline", order="desc")["items"]
    assert backwards == items[::-1]


def test_pinned_answers_stay_the_same_bytes_whatever_happens(
    running: tuple[Served, Api], told: Api, module_url: str
) -> None:
    """After writes of every sort, after a rebuild of every projection, and after a restart of the server."""
    position = told.head()
    urls = [f"{url}&log_position={position}" for url in REPEATED]
    before = {url: told.get(url) for url in urls}
    assert {response.status_code for response in before.values()} == {200}

    def unchanged(url: str) -> None:
        again = told.get(url)
        assert again.content == before[url].content, url
        assert again.headers["etag"] == before[url].headers["etag"]

    _write_of_every_sort(told)
    now = told.state(valid_at="2025-12-13")
    assert shares(now, "ukraine") is not None
    assert shares(now, "russia") is None
    for url in urls:
        unchanged(url)
    with Database(module_url) as database:
        for projection in PROJECTIONS:
            rebuild(database, projection)
    for url in urls:
        unchanged(url)
    running[0].restart()
    for url in urls:
        unchanged(url)
    told.get(f"/v1/locations/kupiansk?recorded_at={before[urls[0]].json()['clocks']['recorded_at']}")


def _write_of_every_sort(api: Api) -> None:
    """A correction, a retraction, links, descriptions, and things that have nothing to do with the place."""
    recapture = api.read("/v1/developments/kupiansk-recapture")
    body = {
        name: recapture[name]
        for name in ("kind", "at", "by", "occurred", "reported", "holder", "manner", "summary")
    }
    correction = {"reason": "It was most of the city.", "body": {**body, "share": "most"}}
    api.write("/v1/developments/kupiansk-recapture/corrections", correction)
    api.write("/v1/developments/kupiansk-claimed/retraction", {"reason": "It was never claimed."})
    link = {"type": "supports", "to": "kupiansk-visit", "reason": "The video shows the visit."}
    api.write("/v1/developments/kupiansk-video/links", link)
    place = {"id": "kupiansk", "kind": "settlement", "name": "Kupjansk", "point": [37.6, 49.7]}
    api.write("/v1/locations/kupiansk/descriptions", place)
    api.write("/v1/actors/russia/descriptions", {"id": "russia", "kind": "party", "name": "RF"})
    api.write("/v1/locations", {"id": "lyman", "kind": "settlement", "name": "Lyman"})
    for number in range(3):
        statement = {
            "id": f"said-{number}",
            "kind": "statement-made",
            "at": ["lyman", "kupiansk"],
            "reported": "2025-12-01",
            "summary": "Something.",
        }
        api.write("/v1/developments", statement)
