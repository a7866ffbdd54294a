"""Two settings of the clocks side by side."""

from __future__ import annotations

from typing import Any

from tests.api.stories import assessment, claim, denial, report, set_the_stage, statement
from tests.api.talking import Api

PLACE = "/v1/locations/kupiansk"


def changes(compared: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(change["aspect"], change["key"]): change for change in compared["changes"]}


def reasons(compared: dict[str, Any]) -> dict[str, str]:
    return {each["development"]: each["reason"] for each in compared["developments"]}


def test_what_the_world_learnt_between_two_dates(kupiansk: Api) -> None:
    compared = kupiansk.read(
        f"{PLACE}/compare", valid_at="2025-12-13", known_at="2025-12-13", against_known_at="2025-11-30"
    )
    told = changes(compared)
    assert told["position", "ukraine"]["against"]["because"] == ["kupiansk-claim-denied"]
    assert told["position", "ukraine"]["value"]["because"] == ["kupiansk-recapture"]
    assert told["visit", ""]["against"] is None
    assert told["visit", ""]["value"]["visitor"] == "zelensky"
    assert ("position", "russia") not in told
    assert reasons(compared)["kupiansk-recapture"] == "became-public"
    assert compared["clocks"]["log_position"] == compared["against"]["log_position"]
    assert compared["against"]["known_at"] == "2025-11-30T23:59:59.999999Z"
    assert compared["against"]["valid_at"] == compared["clocks"]["valid_at"]


def test_nothing_differs_from_itself(kupiansk: Api) -> None:
    compared = kupiansk.read(f"{PLACE}/compare")
    for part in ("changes", "claims", "happenings", "developments", "actors"):
        assert compared[part] == []


def test_claims_and_happenings_stand_beside_the_changes(kupiansk: Api) -> None:
    compared = kupiansk.read(
        f"{PLACE}/compare", valid_at="2025-12-13", known_at="2025-12-13", against_known_at="2025-11-30"
    )
    made = {each["id"]: each for each in compared["claims"]}
    assert made["kupiansk-claimed"]["against"]["outcome"]["value"] == "open"
    assert made["kupiansk-claimed"]["value"]["outcome"]["value"] == "contradicted"
    assert [entry["what"] for entry in made["kupiansk-claimed"]["entries"]] == ["contradicted"]
    assert made["kupiansk-claimed"]["made_by"] == ["kupiansk-deepstate"]
    assert made["kupiansk-recapture"]["against"] is None
    assert made["kupiansk-recapture"]["made_by"] == ["kupiansk-recapture"]
    happened = {each["id"]: each for each in compared["happenings"]}
    assert happened["kupiansk-visit"]["value"]["visitor"] == "zelensky"
    assert happened["kupiansk-visit"]["against"] is None
    told = changes(compared)
    assert told["position", "ukraine"]["made_by"] == ["kupiansk-recapture"]
    every = {name for part in ("changes", "claims", "happenings") for each in compared[part]
             for name in each["made_by"]}  # fmt: skip
    assert {each["development"] for each in compared["developments"]} == every
    assert all(
        (each["against"], each["value"]) == ("not-public", "counts") for each in compared["developments"]
    )


def test_voices_leave_their_positions_their_claims_and_what_they_told(kupiansk: Api) -> None:
    query = {"valid_at": "2025-12-13", "known_at": "2025-12-13", "against_known_at": "2025-11-30"}
    compared = kupiansk.read(f"{PLACE}/compare", voices="russia", **query)
    assert {key for aspect, key in changes(compared) if aspect in ("position", "disagreement")} == set()
    assert [each["id"] for each in compared["claims"]] == ["kupiansk-claimed"]
    assert compared["claims"][0]["value"]["outcome"]["value"] == "contradicted"
    assert compared["happenings"] == []
    theirs = kupiansk.read(f"{PLACE}/compare", voices="ukraine", **query)
    assert [each["id"] for each in theirs["claims"]] == ["kupiansk-recapture"]
    assert {each["value"]["voice"] for each in theirs["happenings"]} == {"ukraine"}


def test_what_we_said_before_a_correction_and_say_now(fresh: Api) -> None:
    set_the_stage(fresh)
    before = report(fresh, claim())
    body = {"reason": "Misread.", "body": claim(holder="blue")}
    fresh.write("/v1/developments/claim/corrections", body)
    compared = fresh.read("/v1/locations/hill/compare", against_log_position=before)
    assert changes(compared)["status", ""]["against"]["holder"] == "red"
    assert changes(compared)["status", ""]["value"]["holder"] == "blue"
    assert reasons(compared) == {"claim": "corrected"}
    assert changes(compared)["status", ""]["made_by"] == ["claim"]
    [event] = compared["developments"][0]["events"]
    assert (event["log_position"], event["revision"], event["change"]) == (before + 1, 2, "corrected")
    assert (event["recorded_by"], event["reason"]) == ("the editor", "Misread.")
    assert event["changed"] == {"holder": {"from": "red", "to": "blue"}}
    [revision] = fresh.read("/v1/developments/claim/revisions")["items"][1:]
    assert {name: revision[name] for name in event} == event
    pinned = fresh.get("/v1/locations/hill/compare", log_position=before + 1, against_log_position=before)
    again = fresh.get("/v1/locations/hill/compare", log_position=before + 1, against_log_position=before)
    assert pinned.content == again.content
    assert fresh.get("/v1/locations/hill/compare", against_log_position=0).status_code == 404


def test_every_sort_of_event_is_told_with_who_and_why(fresh: Api) -> None:
    set_the_stage(fresh)
    before = report(fresh, claim(), denial(), statement("words"), assessment(control={"red": "none"}))
    fresh.write("/v1/developments/denial/retraction", {"reason": "Never said."})
    body = statement("words", summary="Two.")
    fresh.write("/v1/developments/words/corrections", {"reason": "A slip.", "body": body})
    link = {"type": "contradicts", "to": "claim", "reason": "The map says otherwise."}
    fresh.write("/v1/developments/assessment/links", link)
    now = report(fresh, claim("again", share="part"))
    compared = fresh.read("/v1/locations/hill/compare", log_position=now, against_log_position=before)
    made = {each["development"]: each for each in compared["developments"]}
    assert {name: each["reasons"] for name, each in made.items()} == {
        "again": ["recorded"],
        "assessment": ["linked"],
        "denial": ["retracted"],
        "words": ["corrected"],
    }
    assert (made["denial"]["against"], made["denial"]["value"]) == ("counts", "retracted")
    assert made["denial"]["events"][0]["reason"] == "Never said."
    assert made["assessment"]["events"][0]["link"]["to"] == "claim"
    assert made["again"]["events"][0]["recorded_by"] == "the editor"
    assert made["words"]["events"][0]["changed"] == {"summary": {"from": "Words.", "to": "Two."}}
    [told] = compared["happenings"]
    assert (told["against"]["summary"], told["value"]["summary"]) == ("Words.", "Two.")
    claimed = {each["id"]: each for each in compared["claims"]}
    assert claimed["claim"]["made_by"] == ["assessment", "denial"]
    assert [entry["what"] for entry in claimed["claim"]["entries"]] == ["linked"]
    assert [entry["what"] for entry in claimed["claim"]["gone"]] == ["denied"]
    assert claimed["again"]["against"] is None
    back = fresh.read("/v1/locations/hill/compare", log_position=before, against_log_position=now)
    assert {each["development"] for each in back["developments"]} == set(made)
    assert {each["id"] for each in back["claims"]} == {"claim", "again"}


def test_an_actor_described_anew_is_named_with_the_event(fresh: Api) -> None:
    set_the_stage(fresh)
    before = report(fresh, claim())
    army = {"id": "red-army", "kind": "unit", "name": "Red army", "speaks_for": "blue"}
    now = fresh.write("/v1/actors/red-army/descriptions", army)["log_position"]
    compared = fresh.read("/v1/locations/hill/compare", log_position=now, against_log_position=before)
    told = changes(compared)
    for voice in ("red", "blue"):
        assert told["position", voice]["made_by"] == ["claim"]
        assert told["position", voice]["described"] == ["red-army"]
    assert reasons(compared) == {"claim": "voice"}
    [actor] = compared["actors"]
    assert (actor["against"]["voice"], actor["value"]["voice"]) == ("red", "blue")
    assert [event["log_position"] for event in actor["events"]] == [now]
    assert actor["events"][0]["recorded_by"] == "the editor"
    assert compared["claims"][0]["value"]["voice"] == "blue"


def test_any_mixture_of_clocks_may_be_compared(fresh: Api) -> None:
    """What we said last week of that day, and what we say now of another, with what is public since."""
    set_the_stage(fresh)
    before = report(fresh, claim())
    now = report(fresh, assessment())
    clocks: dict[str, Any] = {
        "log_position": now,
        "valid_at": "2025-03-20",
        "known_at": "2025-03-20",
        "against_log_position": before,
        "against_valid_at": "2025-03-05",
        "against_known_at": "2025-03-05",
    }
    first = fresh.get("/v1/locations/hill/compare", **clocks)
    compared = first.json()
    assert compared["against"]["valid_at"] == "2025-03-05T23:59:59.999999Z"
    assert compared["against"]["known_at"] == "2025-03-05T23:59:59.999999Z"
    assert (compared["against"]["log_position"], compared["clocks"]["log_position"]) == (before, now)
    [maker] = compared["developments"]
    assert maker["reasons"] == ["recorded", "became-public", "took-effect"]
    assert (maker["against"], maker["value"]) == ("not-recorded", "counts")
    report(fresh, denial())
    again = fresh.get("/v1/locations/hill/compare", **clocks)
    assert again.content == first.content
    assert "immutable" in again.headers["cache-control"]


def test_what_cannot_be_compared_is_one_clear_problem(kupiansk: Api) -> None:
    for path, query in (
        (f"{PLACE}/compare", {"against_valid_at": "yesterday"}),
        (f"{PLACE}/compare", {"against_log_position": 10**9}),
    ):
        assert kupiansk.get(path, **query).status_code == 422
    assert kupiansk.get("/v1/locations/nowhere/compare").status_code == 404
