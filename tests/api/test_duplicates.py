"""A report that looks like one recorded before is recorded, and the answer names what it looks like."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import pytest

from domain.likeness import RULE
from ledger.database import Database
from projections.reading.duplicates import READ_BEHIND, TOLD
from tests.api.stories import assessment, claim, denial, quoting, report, set_the_stage, statement
from tests.api.talking import Api, in_process
from tests.api.test_revising import correct, link, retract
from tests.servers import wait_until


@pytest.fixture
def api(fresh: Api) -> Api:
    set_the_stage(fresh)
    return fresh


def alike(receipt: dict[str, Any]) -> list[str]:
    """The ids that a receipt names."""
    return [each["development"] for each in receipt["possible_duplicates"]]


def written(api: Api, body: dict[str, Any]) -> list[str]:
    """What a development looks like, as it is recorded."""
    answered = api.post("/v1/developments", body)
    assert answered.status_code == 201, answered.text
    return alike(answered.json())


def test_the_answer_has_enough_to_judge_by(api: Api) -> None:
    source = quoting("it holds all of Hill", via=["red-army"])
    report(api, claim(summary="The red army has taken Hill.", sources=source))
    answered = api.post("/v1/developments", claim("again", by="red", share="part"))
    assert answered.status_code == 201
    assert api.read("/v1/developments/again")["share"]["max"] == 1.0
    [found] = answered.json()["possible_duplicates"]
    day = {
        "edtf": "2025-03-03",
        "earliest": "2025-03-03T00:00:00Z",
        "latest": "2025-03-04T00:00:00Z",
        "sure_from": None,
        "sure_until": None,
    }
    assert found == {
        "development": "claim",
        "rule": RULE,
        "kind": "occupation-claimed",
        "at": ["hill"],
        "by": "red-army",
        "voice": "red",
        "occurred": day,
        "reported": day,
        "documents": ["gazette-1"],
        "summary": "The red army has taken Hill.",
    }


def test_the_same_again_is_told_the_same_again(api: Api) -> None:
    """So that an answer that was lost on its way can be asked for."""
    report(api, claim())
    first = api.post("/v1/developments", claim("again"))
    second = api.post("/v1/developments", claim("again"))
    assert (first.status_code, second.status_code) == (201, 200)
    assert alike(first.json()) == alike(second.json()) == ["claim"]
    # And then it is compared with what came later, too.
    assert alike(api.write("/v1/developments", claim())) == ["again"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"by": "red"}, True),
        ({"by": "gazette"}, False),
        ({"holder": "blue"}, False),
        ({"kind": "recapture-claimed"}, False),
        ({"at": "mill"}, False),
        ({"at": ["mill", "hill"]}, True),
        ({"occurred": "2025-03-03T23:59:59Z"}, True),
        ({"occurred": "2025-03-04"}, False),
        ({"occurred": "2025-03-02"}, False),
        ({"occurred": "2025-03-04~"}, True),
        ({"occurred": "2025-02/2025-04"}, True),
        ({"reported": "2025-09-01"}, False),
        ({"reported": "2025-09-01", "occurred": "2025-03-03"}, True),
    ],
    ids=str,
)
def test_what_counts_is_place_kind_voice_and_valid_time(
    kinds_told: Api, fields: dict[str, Any], expected: bool
) -> None:
    body = claim(f"like-{kinds_told.head()}", **fields)
    assert ("claim" in alike(kinds_told.write("/v1/dossiers", dossier(body))["items"][0])) is expected
    retract(kinds_told, body["id"])


@pytest.fixture(scope="module")
def kinds_told(module_url: str) -> Iterator[Api]:
    """The claim is recorded, and everything that is compared with it is taken back."""
    with in_process(module_url) as api:
        set_the_stage(api)
        report(api, claim())
        yield api


def dossier(*developments: dict[str, Any], **sections: Any) -> dict[str, Any]:
    return {"palimpsest": 1, **sections, "developments": list(developments)}


def test_a_visit_of_somebody_else_is_another_one(api: Api) -> None:
    visit = {"kind": "visit-reported", "at": "hill", "reported": "2025-03-03"}
    report(api, {**visit, "id": "first", "visitor": "red"})
    assert written(api, {**visit, "id": "other", "visitor": "blue"}) == []
    assert written(api, {**visit, "id": "same", "visitor": "red"}) == ["first"]


def test_who_speaks_is_as_it_is_described_by_then(api: Api) -> None:
    report(api, claim())
    assert written(api, claim("press-1", by="gazette")) == []
    described = {"id": "gazette", "kind": "official", "name": "Gazette", "speaks_for": "red"}
    assert api.post("/v1/actors/gazette/descriptions", described).status_code == 201
    assert written(api, claim("press-2", by="gazette")) == ["claim", "press-1"]


def test_what_was_retracted_is_not_named(api: Api) -> None:
    report(api, claim(), claim("second"))
    retract(api, "claim")
    assert written(api, claim("third")) == ["second"]
    retract(api, "third")
    assert alike(api.post("/v1/developments", claim("third")).json()) == []


def test_what_is_joined_already_is_not_named(api: Api) -> None:
    report(api, claim(), claim("second"), claim("third"))
    link(api, "second", "same-report", "claim")
    link(api, "third", "supports", "claim")
    # The second is joined to the first, the third only supports it.
    assert alike(api.post("/v1/developments", claim("second")).json()) == ["third"]
    assert alike(correct(api, claim(share="most")).json()) == ["third"]
    link(api, "third", "same-report", "second")
    assert alike(correct(api, claim(share="part")).json()) == []


def test_a_correction_tells_what_it_looks_like_now(api: Api) -> None:
    report(api, claim(), claim("elsewhere", at="mill"))
    answered = correct(api, claim("elsewhere"))
    assert answered.status_code == 201
    assert answered.json() == answered.json() | {"id": "elsewhere", "revision": 2}
    assert alike(answered.json()) == ["claim"]
    assert alike(correct(api, claim("elsewhere", at="mill")).json()) == []
    # The first one is compared with what the second became.
    assert written(api, claim("third", at="mill")) == ["elsewhere"]


def test_the_nearest_come_first_and_no_more_than_a_few(api: Api) -> None:
    days = ("2025-02-01/2025-03-31", "2025-03-01/2025-03-09", "2025-03-02/2025-03-05", "2025-03-03")
    for number, day in enumerate(days):
        report(api, claim(f"c{number}", occurred=day))
    assert written(api, claim("sought")) == ["c3", "c2", "c1", "c0"]
    report(api, *(claim(f"same-{number}") for number in range(TOLD)))
    assert written(api, claim("last")) == ["c3", "same-0", "same-1", "same-2", "same-3"]


def test_a_dossier_is_compared_with_the_ledger_and_within_itself(api: Api) -> None:
    report(api, claim())
    actors = [{"id": "speaker", "kind": "official", "name": "Speaker", "speaks_for": "red"}]
    within = dossier(
        claim("one", by="speaker"),
        claim("two", at="mill"),
        claim("three", at="mill"),
        denial("four"),
        claim(),
        assessment("five"),
        actors=actors,
    )
    answered = api.post("/v1/dossiers", within)
    assert answered.status_code == 201
    told = {item["id"]: alike(item) for item in answered.json()["items"]}
    assert told == {
        "speaker": [],
        "one": ["claim"],
        "two": [],
        "three": ["two"],
        "four": [],
        "claim": ["one"],  # unchanged, so compared with all that is recorded by now
        "five": [],
    }
    again = api.post("/v1/dossiers", within)
    assert again.status_code == 200
    assert {item["id"]: alike(item) for item in again.json()["items"]} == told | {"two": ["three"]}


def test_what_is_no_development_looks_like_nothing(api: Api) -> None:
    receipt = api.write("/v1/actors", {"id": "new", "kind": "other", "name": "New"})
    assert "possible_duplicates" not in receipt


@pytest.mark.parametrize("projector", ["on", "off"])
def test_of_two_that_are_written_at_once_one_is_told_of_the_other(database_url: str, projector: str) -> None:
    """Fifty at the same moment: each pair is told to one of the two, the one that comes later in the log."""
    with in_process(database_url, projector=projector) as api:
        set_the_stage(api)
        with ThreadPoolExecutor(50) as pool:
            bodies = [claim(f"c{number:02}", by=("red", "red-army")[number % 2]) for number in range(50)]
            receipts = list(pool.map(lambda body: api.write("/v1/developments", body), bodies))
        ordered = sorted(receipts, key=lambda receipt: receipt["log_position"])
        before: list[str] = []
        told = set()
        for receipt in ordered:
            # All fifty are equally near, so that those named are the first by id of those recorded before.
            assert alike(receipt) == sorted(before)[:TOLD]
            told |= {frozenset((receipt["id"], other)) for other in alike(receipt)}
            before.append(receipt["id"])
        first = [receipt["id"] for receipt in ordered[: TOLD + 1]]
        assert {frozenset(pair) for pair in combinations(first, 2)} <= told


@pytest.mark.parametrize("projector", ["on", "off"])
def test_every_pair_that_is_written_at_once_is_told(database_url: str, projector: str) -> None:
    with in_process(database_url, projector=projector) as api:
        set_the_stage(api)
        bodies = [
            claim(f"{pair:02}-{side}", occurred=f"2025-{1 + pair // 25:02}-{1 + pair % 25:02}")
            for pair in range(25)
            for side in ("a", "b")
        ]
        with ThreadPoolExecutor(50) as pool:
            receipts = list(pool.map(lambda body: api.write("/v1/developments", body), bodies))
        position = {receipt["id"]: receipt["log_position"] for receipt in receipts}
        told = {receipt["id"]: alike(receipt) for receipt in receipts}
        for pair in range(25):
            earlier, later = sorted((f"{pair:02}-a", f"{pair:02}-b"), key=lambda id: position[id])
            assert (told[earlier], told[later]) == ([], [earlier])


# What cannot be told is null, and the write is done


def test_stopped_read_models_answer_from_the_log_and_far_behind_it_null(database_url: str) -> None:
    with in_process(database_url, projector="off") as api:
        set_the_stage(api)
        report(api, claim())
        assert written(api, claim("again")) == ["claim"]
        filling = [statement(f"s{number}", at="mill") for number in range(READ_BEHIND)]
        api.write("/v1/dossiers", dossier(*filling))
        answered = api.post("/v1/developments", claim("late"))
        assert answered.status_code == 201
        assert answered.json()["possible_duplicates"] is None
        assert api.post("/v1/developments", claim("late")).status_code == 200
        items = api.write("/v1/dossiers", dossier(claim("later")))["items"]
        assert [(item["status"], item["possible_duplicates"]) for item in items] == [("new", None)]
        assert correct(api, claim("late", share="most")).json()["possible_duplicates"] is None
        assert api.head() > READ_BEHIND
    with in_process(database_url, api.keys) as api:
        head = api.head()
        wait_until(
            lambda: api.get("/v1/developments/claim", min_log_position=head).status_code == 200,
            what="the read models to catch up",
        )
        # Sent again when the read models are there again, it is answered.
        assert alike(api.write("/v1/developments", claim("later"))) == ["again", "claim", "late"]


@pytest.mark.parametrize(
    "harm",
    [
        "ALTER TABLE projections.development_places RENAME TO away",
        "ALTER TABLE projections.location_voices DROP COLUMN voice",
        "ALTER SCHEMA projections RENAME TO away",
    ],
)
def test_the_write_is_done_whatever_befalls_the_read_models(database_url: str, harm: str) -> None:
    with in_process(database_url, projector="off") as api, Database(database_url) as database:
        set_the_stage(api)
        with database.connection() as connection:
            connection.execute(harm)
        for id in ("one", "two"):
            answered = api.post("/v1/developments", claim(id))
            assert answered.status_code == 201
            assert answered.json()["possible_duplicates"] is None


def test_a_swap_of_the_tables_is_not_waited_for(database_url: str) -> None:
    with in_process(database_url, projector="off") as api, Database(database_url) as database:
        set_the_stage(api)
        with database.connection() as connection:
            connection.execute("LOCK TABLE projections.checkpoints IN ACCESS EXCLUSIVE MODE")
            assert api.write("/v1/developments", claim())["possible_duplicates"] is None
        assert alike(api.write("/v1/developments", claim())) == []
