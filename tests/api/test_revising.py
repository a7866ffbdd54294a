"""Corrections, retractions, links and descriptions: they count from then on, and never before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.api.stories import assessment, claim, denial, quoting, report, set_the_stage, statement
from tests.api.talking import Api


@pytest.fixture
def api(fresh: Api) -> Api:
    set_the_stage(fresh)
    return fresh


def correct(api: Api, body: dict[str, Any], **more: Any) -> httpx2.Response:
    return api.post(
        f"/v1/developments/{body['id']}/corrections", {"reason": "Misread.", "body": body}, **more
    )


def retract(api: Api, id: str, **more: Any) -> httpx2.Response:
    return api.post(f"/v1/developments/{id}/retraction", {"reason": "Made up."}, **more)


def link(api: Api, id: str, type: str, to: str) -> httpx2.Response:
    return api.post(f"/v1/developments/{id}/links", {"type": type, "to": to, "reason": "See there."})


def test_a_correction_counts_from_then_on_and_not_before(api: Api) -> None:
    before = report(api, claim())
    then = api.state("hill", log_position=before)
    answered = correct(api, claim(holder="blue"))
    assert answered.status_code == 201
    receipt = answered.json()
    assert receipt == receipt | {"id": "claim", "revision": 2}
    assert receipt["log_position"] > before
    assert answered.headers["location"] == "/v1/developments/claim"
    assert answered.headers["etag"] == '"2"'
    assert api.state("hill")["holder"] == "blue"
    assert api.state("hill", log_position=receipt["log_position"])["holder"] == "blue"
    assert api.state("hill", log_position=before) == then
    assert then["holder"] == "red"
    assert api.state("hill", recorded_at=then["clocks"]["recorded_at"])["holder"] == "red"
    assert api.state("hill", recorded_at=receipt["recorded_at"])["holder"] == "blue"


def test_a_retraction_counts_from_then_on_and_not_before(api: Api) -> None:
    before = report(api, claim())
    answered = retract(api, "claim")
    assert answered.status_code == 201
    assert api.state("hill")["status"] == "unknown"
    assert api.state("hill", log_position=before)["status"] == "held"
    first = api.read("/v1/developments/claim", log_position=before)
    assert api.state("hill", recorded_at=first["recorded_at"])["status"] == "held"
    assert api.read("/v1/locations/hill/timeline")["items"] == []
    assert len(api.read("/v1/locations/hill/timeline", log_position=before)["items"]) == 1
    assert api.read("/v1/developments/claim")["retracted"] is True
    assert first["retracted"] is False


def test_what_was_retracted_is_not_revised_any_more(api: Api) -> None:
    report(api, claim(), statement("said"))
    retract(api, "claim")
    head = api.head()
    for answered in (
        retract(api, "claim"),
        correct(api, claim(holder="blue")),
        link(api, "claim", "supports", "said"),
    ):
        assert answered.status_code == 409
        assert answered.json()["type"] == "/v1/problems/already-retracted"
    assert api.head() == head


def test_revisions_tell_who_when_why_and_what(api: Api) -> None:
    named = {"X-Request-ID": "the-request"}
    api.write("/v1/developments", claim(summary="All of it."), role="reporter", headers=named)
    correct(api, claim(summary="All of it.", share="most"))
    report(api, statement("said"))
    link(api, "claim", "supports", "said")
    retract(api, "claim", role="admin")
    items = api.read("/v1/developments/claim/revisions")["items"]
    assert [item["change"] for item in items] == ["reported", "corrected", "linked", "retracted"]
    assert [item["revision"] for item in items] == [1, 2, 3, 4]
    whom = ["the reporter", "the editor", "the editor", "the admin"]
    assert [item["recorded_by"] for item in items] == whom
    assert items[0]["request_id"] == "the-request"
    assert [item["reason"] for item in items] == [None, "Misread.", "See there.", "Made up."]
    assert [item["retracted"] for item in items] == [False, False, False, True]
    times = [item["recorded_at"] for item in items]
    assert times == sorted(times)
    assert items[0]["changed"] == items[2]["changed"] == items[3]["changed"] == {}
    assert set(items[1]["changed"]) == {"share"}
    assert items[1]["changed"]["share"]["from"]["min"] == 1.0
    assert items[1]["changed"]["share"]["to"]["min"] == 0.5
    assert items[2]["link"] == {"type": "supports", "to": "said", "reason": "See there."}
    positions = [item["log_position"] for item in items]
    assert [item["until_position"] for item in items] == [*positions[1:], None]
    earlier = api.read("/v1/developments/claim/revisions", log_position=positions[1])["items"]
    assert [item["revision"] for item in earlier] == [1, 2]
    assert earlier[1]["until_position"] is None


def test_what_was_not_public_yet_is_told_so(api: Api) -> None:
    report(api, claim())
    for path in ("/v1/developments/claim", "/v1/developments/claim/revisions", "/v1/claims/claim"):
        answered = api.get(path, known_at="2025-03-02")
        assert answered.status_code == 404
        assert answered.json()["type"] == "/v1/problems/not-public-yet"
        assert "'claim' was not public yet at 2025-03-02" in answered.json()["detail"]


def test_a_claim_tells_all_that_befell_it(api: Api) -> None:
    report(api, claim(), denial(), assessment(), statement("said"))
    repeated = {**denial("again"), "kind": "claim-repeated", "by": "red", "reported": "2025-03-04"}
    confirmed = {**denial("yes"), "kind": "claim-confirmed", "by": "gazette", "reported": "2025-03-05"}
    report(api, repeated, confirmed)
    correct(api, claim(manner="captured"))
    link(api, "said", "supports", "claim")
    found = api.read("/v1/claims/claim")
    told = {(entry["what"], entry["voice"], entry["development"]) for entry in found["entries"]}
    assert told == {
        ("made", "red", "claim"),
        ("denied", "blue", "denial"),
        ("repeated", "red", "again"),
        ("confirmed", "gazette", "yes"),
        ("borne-out", "mappers", "assessment"),
        ("corrected", "red", "claim"),
        ("linked", None, "said"),
    }
    assert found["outcome"]["value"] == "borne-out"
    assert found["outcome"]["assessors"][0]["lead_days"] == 7.0
    assert found["manner"] == "captured"
    assert [each["id"] for each in api.read("/v1/locations/hill/claims")["items"]] == ["claim"]


def test_a_renounced_claim_and_a_retracted_one(api: Api) -> None:
    report(api, claim(), denial())
    renounced = {**denial("sorry"), "kind": "claim-renounced", "by": "red", "reported": "2025-03-09"}
    position = report(api, renounced)
    assert api.read("/v1/claims/claim")["outcome"]["value"] == "renounced"
    assert api.state("hill")["status"] == "unclear"
    retract(api, "claim")
    found = api.read("/v1/claims/claim")
    assert found["outcome"] == {"value": "retracted", "rule": "outcome/1", "assessors": []}
    assert ("retracted", "claim") in {(entry["what"], entry["development"]) for entry in found["entries"]}
    assert [each["id"] for each in api.read("/v1/locations/hill/claims")["items"]] == ["claim"]
    assert api.read("/v1/claims/claim", log_position=position)["outcome"]["value"] == "renounced"


def test_an_answer_to_a_retracted_claim_moves_nothing(api: Api) -> None:
    before = report(api, claim(), denial())
    retract(api, "claim")
    assert api.state("hill")["positions"] == []
    assert len(api.state("hill", log_position=before)["positions"]) == 2
    refused = api.post("/v1/developments", denial("late"))
    assert refused.status_code == 422
    assert refused.json()["errors"][0] == {
        "path": "claim",
        "message": "'claim' was retracted, so it cannot be answered.",
        "code": "retracted-claim",
        "line": None,
    }
    retract(api, "denial")
    assert api.state("hill")["positions"] == []


def test_a_misattributed_report_leaves_the_count_and_stays_visible(api: Api) -> None:
    source = {"document": "herald-1", "via": ["wire"]}
    report(api, claim(sources=quoting("it holds all of Hill", via=["red-army"])))
    report(api, claim("same", sources=[source]))
    link(api, "same", "same-report", "claim")
    both = api.read("/v1/claims/claim")
    assert (both["reports"], both["origins"]) == (2, 2)
    position = api.head()
    link(api, "same", "misattributes", "claim")
    one = api.read("/v1/claims/claim")
    assert (one["reports"], one["origins"]) == (1, 1)
    wrong = {report["document"]: report["misattributed"] for report in one["sources"]}
    assert wrong == {"gazette-1": False, "herald-1": True}
    assert api.read("/v1/claims/claim", log_position=position)["reports"] == 2


def test_a_report_counts_from_when_it_was_public(api: Api) -> None:
    report(api, claim(sources=quoting("it holds all of Hill", via=["red-army"])))
    report(api, claim("same", reported="2025-03-20", sources=[{"document": "herald-1", "via": ["wire"]}]))
    link(api, "same", "same-report", "claim")
    assert api.read("/v1/claims/claim", known_at="2025-03-25")["reports"] == 2
    assert api.read("/v1/claims/claim", known_at="2025-03-10")["reports"] == 1


def test_a_correction_that_changes_nothing_is_refused(api: Api) -> None:
    head = report(api, claim())
    answered = correct(api, claim())
    assert answered.status_code == 422
    assert answered.json()["errors"][0]["code"] == "no-change"
    assert api.head() == head


def test_a_correction_without_an_id_is_of_the_address(api: Api) -> None:
    report(api, claim())
    body = claim(share="most")
    del body["id"]
    answered = api.post("/v1/developments/claim/corrections", {"reason": "Less.", "body": body})
    assert answered.status_code == 201
    assert api.read("/v1/developments/claim")["share"]["min"] == 0.5


def test_with_if_match_the_second_of_two_writers_is_told(api: Api) -> None:
    report(api, claim())
    etag = api.get("/v1/developments/claim").headers["etag"]
    seen = {"If-Match": etag}
    assert correct(api, claim(share="most"), headers=seen).status_code == 201
    head = api.head()
    late = correct(api, claim(share="part"), headers=seen)
    assert late.status_code == 412
    assert late.json()["type"] == "/v1/problems/revision-conflict"
    assert "revision 1 of 'claim', but it is now at revision 2" in late.json()["detail"]
    assert api.head() == head
    assert api.read("/v1/developments/claim")["share"]["min"] == 0.5
    again = {"If-Match": api.get("/v1/developments/claim").headers["etag"]}
    assert correct(api, claim(share="part"), headers=again).status_code == 201
    assert retract(api, "claim", headers={"If-Match": '"3"'}).status_code == 201


def test_an_if_match_that_names_no_revision_is_refused(api: Api) -> None:
    head = report(api, claim())
    key = f"Bearer {api.keys['editor']}".encode()
    for header in ('"nonsense"', "-1", '"1e5"', '"٣"', "9" * 30, '"1", "2"', ""):
        answered = api.http.post(
            "/v1/developments/claim/retraction",
            json={"reason": "Made up."},
            headers=[(b"Authorization", key), (b"If-Match", header.encode())],
        )
        assert answered.status_code == 422, header
        assert answered.json()["errors"][0]["path"] == "header.If-Match"
    assert api.head() == head


def test_of_those_who_correct_one_revision_one_wins_and_who_names_none_corrects_the_newest(api: Api) -> None:
    report(api, claim())
    seen = {"If-Match": '"1"'}
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda n: correct(api, claim(summary=f"Version {n}."), headers=seen), range(8))
        )
    assert sorted(answer.status_code for answer in answers) == [201, *[412] * 7]

    with ThreadPoolExecutor(8) as pool:
        unnamed = list(pool.map(lambda n: correct(api, claim(summary=f"Unnamed {n}.")), range(8)))
    assert [answer.status_code for answer in unnamed] == [201] * 8
    revisions = api.read("/v1/developments/claim/revisions")["items"]
    assert [each["revision"] for each in revisions] == list(range(1, 11))
    assert sorted(answer.json()["revision"] for answer in unnamed) == list(range(3, 11))


def test_places_and_actors_are_described_anew(api: Api) -> None:
    before = api.head()
    etag = api.get("/v1/locations/hill").headers["etag"]
    body = {"id": "hill", "kind": "settlement", "name": "Hilltop", "names": {"uk": "Пагорб"}}
    answered = api.post("/v1/locations/hill/descriptions", body, headers={"If-Match": etag})
    assert answered.status_code == 201
    assert answered.headers["location"] == "/v1/locations/hill"
    late = api.post("/v1/locations/hill/descriptions", {**body, "name": "X"}, headers={"If-Match": etag})
    assert late.status_code == 412
    assert api.state("hill")["name"] == "Hilltop"
    assert api.state("hill", log_position=before)["name"] == "Hill"
    assert [item["id"] for item in api.read("/v1/locations", q="пагорб")["items"]] == ["hill"]
    assert api.read("/v1/locations", q="пагорб", log_position=before)["items"] == []

    report(api, claim(by="gazette"))
    assert {position["voice"] for position in api.state("hill")["positions"]} == {"gazette"}
    actor = {"id": "gazette", "kind": "official", "name": "Gazette", "speaks_for": "red"}
    etag = api.get("/v1/actors/gazette").headers["etag"]
    assert api.post("/v1/actors/gazette/descriptions", actor, headers={"If-Match": etag}).status_code == 201
    assert {position["voice"] for position in api.state("hill")["positions"]} == {"red"}
    assert api.read("/v1/actors/gazette")["voice"] == "red"


def test_a_description_is_of_the_thing_at_the_address(api: Api) -> None:
    head = api.head()
    body = {"id": "mill", "kind": "settlement", "name": "Mill"}
    answered = api.post("/v1/locations/hill/descriptions", body)
    assert answered.status_code == 422
    assert answered.json()["errors"][0]["message"] == "The body is about 'mill', the address about 'hill'."
    nobody = {"id": "nobody", "kind": "other", "name": "Nobody"}
    assert api.post("/v1/actors/nobody/descriptions", nobody).status_code == 404
    assert api.head() == head


def test_what_is_not_there_cannot_be_revised(api: Api) -> None:
    head = api.head()
    for answered in (
        correct(api, claim("nothing")),
        retract(api, "nothing"),
        link(api, "no", "supports", "x"),
    ):
        assert answered.status_code == 404
        assert answered.json()["type"] == "/v1/problems/not-found"
    assert api.head() == head
