"""The claims about Bakhmut and what became of them, worked out by hand; and what edits do to them."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

from tests.api.talking import BAKHMUT, Api

SUMMER = {"valid_at": "2023-06-30", "known_at": "2023-06-30"}
LATE = {"valid_at": "2025-05-31", "known_at": "2025-05-31"}


def judged(claim: dict[str, Any]) -> dict[str, tuple[str, float | None]]:
    return {each["voice"]: (each["development"], each["lead_days"]) for each in claim["outcome"]["assessors"]}


OUTCOMES: tuple[tuple[str, dict[str, str], str, dict[str, tuple[str, float | None]]], ...] = (
    # Soledar. On the 11th both assessors had it at less than all; then ISW at all from the 11th, the
    # British from the 16th: one day and six days after the earliest day of the claim.
    ("soledar-claimed-by-wagner", {"valid_at": "2023-01-11", "known_at": "2023-01-11"}, "contradicted", {
        "isw": ("soledar-isw-part", None), "uk-mod": ("soledar-uk-most", None)}),
    ("soledar-claimed-by-wagner", {"valid_at": "2023-01-14", "known_at": "2023-01-14"}, "disputed", {
        "isw": ("soledar-isw-captured", 1.0), "uk-mod": ("soledar-uk-most", None)}),
    ("soledar-claimed-by-wagner", SUMMER, "borne-out", {
        "isw": ("soledar-isw-captured", 1.0), "uk-mod": ("soledar-uk-withdrawn", 6.0)}),
    # Two years on, a map is the first of its assessor here: 721 days to 10 January 2025, and 111 more.
    ("soledar-claimed-by-wagner", LATE, "borne-out", {
        "isw": ("soledar-isw-captured", 1.0), "uk-mod": ("soledar-uk-withdrawn", 6.0),
        "deepstate": ("deepstate-2025", 842.0)}),
    # The Ministry came a day after ISW.
    ("soledar-claimed-by-mod", SUMMER, "borne-out", {
        "isw": ("soledar-isw-captured", -1.0), "uk-mod": ("soledar-uk-withdrawn", 4.0)}),
    # Ukraine's claim of 14 January is judged until its own withdrawal of the 16th.
    ("soledar-held-by-ukraine", SUMMER, "contradicted", {
        "isw": ("soledar-isw-captured", None), "uk-mod": ("soledar-uk-most", None)}),
    ("soledar-withdrawal", SUMMER, "borne-out", {
        "isw": ("soledar-isw-captured", -5.0), "uk-mod": ("soledar-uk-withdrawn", 0.0)}),
    # "Some or all" lies within "some or all": 20 days of August, 30 of September, 9 of October.
    ("zaitseve-claimed", SUMMER, "borne-out", {"isw": ("zaitseve-isw", 59.0)}),
    # At both places that it names.
    ("opytne-ivanhrad-claimed", SUMMER, "borne-out", {"uk-mod": ("opytne-ivanhrad-uk", 1.0)}),
    # "At least part" decides nothing of "all", and of two villages no assessor says anything here.
    ("krasna-hora-claimed", SUMMER, "open", {}),
    ("klishchiivka-claimed", SUMMER, "open", {}),
    ("blahodatne-claimed", SUMMER, "open", {}),
    # The east of the city: "most" on 11 March, and all of it on the 17th, nine days after the claim.
    ("bakhmut-east-claimed", {"valid_at": "2023-03-12", "known_at": "2023-03-12"}, "contradicted", {
        "uk-mod": ("bakhmut-east-uk-most", None)}),
    ("bakhmut-east-claimed", SUMMER, "borne-out", {"uk-mod": ("bakhmut-east-uk-all", 9.0)}),
    # "Roughly 65%" meets "about 70%" and does not lie within it: nothing is decided.
    ("bakhmut-70-percent", SUMMER, "open", {}),
    # "In the legal sense": judged from 2 to 6 April, when Prigozhin himself says less than all.
    ("bakhmut-taken-legally", LATE, "contradicted", {
        "isw": ("bakhmut-isw-65-percent", None), "uk-mod": ("bakhmut-uk-river", None)}),
    # "At least 76.5%" may be more or less than "more than 80%".
    ("bakhmut-80-percent", SUMMER, "open", {}),
    # What the other side of the front confirms. The claim took effect on the 8th at the earliest.
    ("flanks-retaken", SUMMER, "borne-out", {"isw": ("flanks-isw", 4.0)}),
    ("flanks-20-square-kilometres", SUMMER, "borne-out", {"isw": ("flanks-isw", -4.0)}),
    # The claim of 20 May: ISW a day later; DeepState not on the 22nd, but in 2025, 712 days after; and the
    # British update of 7 April still stands, the last one in which they share out the city.
    ("bakhmut-claimed", SUMMER, "disputed", {
        "isw": ("bakhmut-isw-secured", 1.0), "deepstate": ("bakhmut-deepstate-small-part", None),
        "uk-mod": ("bakhmut-uk-centre", None)}),
    ("bakhmut-claimed", LATE, "disputed", {
        "isw": ("bakhmut-isw-secured", 1.0), "deepstate": ("deepstate-2025", 712.0),
        "uk-mod": ("bakhmut-uk-centre", None)}),
    # The small part that Ukraine kept.
    ("bakhmut-small-part", SUMMER, "disputed", {
        "isw": ("bakhmut-isw-secured", None), "deepstate": ("bakhmut-deepstate-small-part", 1.0)}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "clocks", "outcome", "assessors"),
    OUTCOMES,
    ids=[f"{claim}-{clocks['known_at']}" for claim, clocks, *_ in OUTCOMES],
)
def test_what_became_of_a_claim(
    bakhmut: Api,
    claim: str,
    clocks: dict[str, str],
    outcome: str,
    assessors: dict[str, tuple[str, float | None]],
) -> None:
    found = bakhmut.read(f"/v1/claims/{claim}", **clocks)
    assert (found["outcome"]["value"], found["outcome"]["rule"]) == (outcome, "outcome/1")
    assert judged(found) == assessors


def test_what_befell_the_claim_of_the_whole_city(bakhmut: Api) -> None:
    claim = bakhmut.read("/v1/claims/bakhmut-claimed", **SUMMER)
    befell = [(entry["what"], entry["voice"], entry["development"]) for entry in claim["entries"]]
    assert [entry for entry in befell if entry[0] in ("made", "denied", "confirmed")] == [
        ("made", "wagner", "bakhmut-claimed"),
        ("denied", "ukraine", "bakhmut-claim-denied"),
        ("denied", "ukraine", "bakhmut-litak-held"),
        ("confirmed", "russia", "bakhmut-confirmed-by-mod"),
        ("confirmed", "russia", "bakhmut-confirmed-by-putin"),
        ("confirmed", "ukraine", "bakhmut-hearts-answer"),
        ("denied", "ukraine", "bakhmut-hearts-clarified"),
    ]
    # Five papers and agencies, and one man whom they have it from.
    assert (claim["reports"], claim["origins"]) == (5, 1)


def test_a_claim_is_repeated_by_its_own_voice(bakhmut: Api) -> None:
    claim = bakhmut.read("/v1/claims/bakhmut-small-part", **SUMMER)
    repeated = [entry["development"] for entry in claim["entries"] if entry["what"] == "repeated"]
    assert repeated == ["bakhmut-outskirts-may", "bakhmut-outskirts-june"]
    early = bakhmut.read("/v1/claims/bakhmut-small-part", valid_at="2023-06-01", known_at="2023-06-01")
    assert [entry["what"] for entry in early["entries"]].count("repeated") == 1  # the second is of 3 June


def test_the_claims_about_a_place_are_those_that_were_public(bakhmut: Api) -> None:
    listed = bakhmut.read("/v1/locations/soledar/claims", known_at="2023-01-12")["items"]
    assert [claim["id"] for claim in listed] == ["soledar-claimed-by-wagner"]
    listed = bakhmut.read("/v1/locations/soledar/claims", known_at="2023-01-31")["items"]
    assert [claim["id"] for claim in listed] == [
        "soledar-claimed-by-mod",
        "soledar-claimed-by-wagner",
        "soledar-held-by-ukraine",
        "soledar-withdrawal",
    ]


RECORDS: tuple[tuple[str, dict[str, int], list[float]], ...] = (
    # Borne out: Soledar, the east, and the east as a part of the city. Contradicted: the legal sense.
    # Disputed: the claim of 20 May. Open: six claims of four villages, and seven shares of the city.
    ("wagner", {"borne-out": 3, "contradicted": 1, "disputed": 1, "open": 13}, [1.0, 3.0, 9.0]),
    # Soledar a day after ISW, the two villages, Zaitseve; the 90% of April is open.
    ("russia", {"borne-out": 3, "open": 1}, [-1.0, 1.0, 59.0]),
    # Borne out: both claims of the flanks, and the withdrawal, which ISW saw first. Contradicted: Soledar on
    # 14 January, the third of March. Disputed: the positions of 1 May, the small part. Open: Zaitseve.
    ("ukraine", {"borne-out": 3, "contradicted": 2, "disputed": 2, "open": 1}, [-5.0, -4.0, 4.0]),
)


@pytest.mark.parametrize(("voice", "outcomes", "leads"), RECORDS, ids=[each[0] for each in RECORDS])
def test_the_record_of_a_voice_by_the_end_of_june(
    bakhmut: Api, voice: str, outcomes: dict[str, int], leads: list[float]
) -> None:
    record = bakhmut.read(f"/v1/actors/{voice}/record", **SUMMER)
    assert {name: count for name, count in record["outcomes"].items() if count} == outcomes
    assert record["claims"] == sum(outcomes.values())
    # A claim's lead is that to the first assessor who bears it out.
    assert (record["median_lead_days"], record["leads"]) == (median(leads), len(leads))


def body_of(api: Api, development: str) -> dict[str, Any]:
    """The recorded development as a correction sends it: without what the ledger added."""
    found = api.read(f"/v1/developments/{development}")
    kept = ("kind", "at", "by", "occurred", "reported", "holder", "share", "manner", "summary", "sources")
    return {name: found[name] for name in kept if found.get(name) is not None}


def test_two_tellings_of_one_statement_are_joined_and_one_is_traced_to_its_origin(fresh: Api) -> None:
    fresh.record(BAKHMUT)
    claim = fresh.read("/v1/claims/bakhmut-80-percent", **SUMMER)
    assert (claim["reports"], claim["origins"]) == (2, 1)
    link = {"type": "same-report", "to": "bakhmut-80-percent", "reason": "One statement of 11 April."}
    joined = fresh.write("/v1/developments/bakhmut-80-percent-ria/links", link)["log_position"]
    claim = fresh.read("/v1/claims/bakhmut-80-percent", **SUMMER)
    assert (claim["reports"], claim["origins"]) == (3, 2)  # RIA Novosti seemed to be a source of its own
    body = body_of(fresh, "bakhmut-80-percent-ria")
    body["sources"][0]["via"] = ["wagner", "ria"]
    correction = {"reason": "RIA Novosti quotes Prigozhin.", "body": body}
    fresh.write("/v1/developments/bakhmut-80-percent-ria/corrections", correction)
    claim = fresh.read("/v1/claims/bakhmut-80-percent", **SUMMER)
    assert (claim["reports"], claim["origins"]) == (3, 1)
    before = fresh.read("/v1/claims/bakhmut-80-percent", **SUMMER, log_position=joined)
    assert (before["reports"], before["origins"]) == (3, 2)  # what the ledger answered until then
    record = fresh.read("/v1/actors/wagner/record", **SUMMER)
    assert (record["claims"], record["distinct"], record["outcomes"]["open"]) == (18, 17, 12)


def test_a_report_that_puts_words_in_a_mouth_is_marked_and_then_taken_back(fresh: Api) -> None:
    """Reports had the President confirm the loss of Bakhmut; his spokesman denied that he did."""
    recorded = fresh.record(BAKHMUT)
    misread = "/v1/developments/bakhmut-hearts-answer"
    link = {"type": "misattributes", "to": "bakhmut-hearts-clarified", "reason": "He denied the capture."}
    linked = fresh.write(f"{misread}/links", link)["log_position"]
    revisions = fresh.read(f"{misread}/revisions")["items"]
    assert revisions[-1]["link"]["type"] == "misattributes"
    assert revisions[-1]["link"]["to"] == "bakhmut-hearts-clarified"
    fresh.write(f"{misread}/retraction", {"reason": "The President did not say so."})

    def reasons_of_ukraine(position: int | None) -> list[str]:
        clocks = {"valid_at": "2023-05-21", "known_at": "2023-05-21", "log_position": position}
        positions = fresh.state("bakhmut", **clocks)["positions"]
        return next(each["because"] for each in positions if each["voice"] == "ukraine")

    # The denial stands alone only because of the confirmation before it.
    assert reasons_of_ukraine(linked) == ["bakhmut-hearts-clarified"]
    assert reasons_of_ukraine(None) == ["bakhmut-small-part", "bakhmut-hearts-clarified"]

    def confirmed(position: int | None) -> list[str]:
        claim = fresh.read("/v1/claims/bakhmut-claimed", **SUMMER, log_position=position)
        return [entry["development"] for entry in claim["entries"] if entry["what"] == "confirmed"]

    by_russia = ["bakhmut-confirmed-by-mod", "bakhmut-confirmed-by-putin"]
    assert confirmed(None) == by_russia
    assert confirmed(recorded) == confirmed(linked) == [*by_russia, "bakhmut-hearts-answer"]


def test_a_window_is_narrowed_and_the_ledger_still_answers_what_it_held(fresh: Api) -> None:
    """With the British update at hand, an editor dates the withdrawal to the 16th."""
    recorded = fresh.record(BAKHMUT)
    body = {**body_of(fresh, "soledar-withdrawal"), "occurred": "2023-01-16"}
    correction = {"reason": "The British update dates it.", "body": body}
    fresh.write("/v1/developments/soledar-withdrawal/corrections", correction)
    asked = {"valid_at": "2023-01-17", "known_at": "2023-01-31"}
    assert fresh.state("soledar", **asked)["certain"] is True
    assert fresh.state("soledar", **asked, log_position=recorded)["certain"] is False
