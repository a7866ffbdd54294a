"""Bakhmut over HTTP, over time: history, timeline, comparison and replay, worked out by hand."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from tests.api.talking import Api


def test_the_status_of_bakhmut_spell_by_spell(bakhmut: Api) -> None:
    """Certain or not, one spell; what turns each is said on the page of the dossier."""
    history = bakhmut.read("/v1/locations/bakhmut/history", valid_at="2023-05-31", known_at="2023-06-30")
    turns = [
        (next(spells)["from"][:10], status, holder)
        for (status, holder), spells in groupby(
            history["status"], lambda each: (each["value"], each["holder"])
        )
    ]
    assert turns == [
        ("2022-08-03", "divided", None),  # the table says contested
        ("2022-10-24", "held", "ukraine"),  # the table, alone
        ("2023-01-20", "divided", None),
        ("2023-04-02", "disputed", None),  # "in the legal sense"
        ("2023-04-06", "divided", None),  # Prigozhin: the enemy goes nowhere
        ("2023-04-11", "disputed", None),  # more than 80% against a third
        ("2023-05-01", "divided", None),  # Ukraine says part, and no figure any more
        ("2023-05-12", "disputed", None),  # Wagner's more than 95% against Russia's 90% of April
    ]
    wagner = [
        next(spells) for _, spells in groupby(history["voices"]["wagner"], lambda each: each["because"])
    ]
    assert [spell["from"][:10] for spell in wagner] == [
        "2023-03-08", "2023-03-20", "2023-04-02", "2023-04-06", "2023-04-11",
        "2023-05-05", "2023-05-12", "2023-05-17", "2023-05-20",
    ]  # fmt: skip


def test_the_timeline_of_a_place_is_in_the_order_of_effect_and_knows_its_clock(bakhmut: Api) -> None:
    items = bakhmut.read("/v1/locations/soledar/timeline", known_at="2023-01-12", limit=100)["items"]
    starts = [item["occurred"]["earliest"] for item in items]
    assert starts == sorted(starts)
    told_by_then = {item["id"] for item in items}
    assert {"soledar-claimed-by-wagner", "soledar-isw-part", "soledar-mod-blocks"} <= told_by_then
    assert not {"soledar-isw-captured", "soledar-claimed-by-mod", "soledar-withdrawal"} & told_by_then


def test_what_became_public_between_two_days(bakhmut: Api) -> None:
    """On 12 and on 14 January, of the same 14 January: three voices moved, and the others did not."""
    compared = bakhmut.read(
        "/v1/locations/soledar/compare",
        valid_at="2023-01-14",
        known_at="2023-01-14",
        against_known_at="2023-01-12",
    )
    moved = {change["key"]: change for change in compared["changes"] if change["aspect"] == "position"}
    assert set(moved) == {"isw", "russia", "ukraine"}
    assert moved["russia"]["against"] is None
    assert moved["isw"]["against"]["because"] == ["soledar-isw-part"]
    assert moved["isw"]["value"]["because"] == ["soledar-isw-captured"]
    reasons = {each["development"]: each["reason"] for each in compared["developments"]}
    for told_since in ("soledar-isw-captured", "soledar-mod-credits-wagner", "soledar-held-by-ukraine"):
        assert reasons[told_since] == "became-public"
    assert reasons.get("soledar-claimed-by-wagner") != "became-public"  # public on both days


def test_the_replay_of_january_as_it_became_known(bakhmut: Api) -> None:
    """A report of a day is surely public when the day is over, so each turn is a midnight, or a minute."""
    asked: dict[str, Any] = {"valid_at": "2023-01-31", "from": "2023-01-09", "to": "2023-01-31"}
    response = bakhmut.get("/v1/locations/soledar/replay", along="known", **asked)
    frames = [json.loads(line) for line in response.text.splitlines()]
    assert [(frame["t"][:16], frame["state"]["status"]) for frame in frames] == [
        ("2023-01-09T00:00", "divided"),  # where it starts: the table's "contested" of August
        ("2023-01-11T00:00", "divided"),  # the British update of the 10th
        ("2023-01-12T00:00", "disputed"),  # the claim, ISW's first report and the denial, of the 11th
        ("2023-01-13T00:00", "disputed"),  # the civilians
        ("2023-01-14T00:00", "disputed"),  # ISW's second report, the Ministry, the General Staff
        ("2023-01-15T00:00", "disputed"),  # "controls"
        ("2023-01-17T03:39", "disputed"),  # the table's edit, a minute after it was seen
        ("2023-01-19T00:00", "disputed"),  # the British update of the 18th
        ("2023-01-26T00:00", "held"),  # the withdrawal
    ]


def test_where_russia_and_wagner_disagreed_in_mid_may(bakhmut: Api) -> None:
    """On the flanks, over Ukraine's advance; in the city, more than 95% against Russia's last figure, 90%."""
    found = bakhmut.read("/v1/disagreements", valid_at="2023-05-12", known_at="2023-05-13", limit=1000)
    theirs = {each["id"]: each for each in found["items"] if each["between"] == ["russia", "wagner"]}
    assert set(theirs) == {"bakhmut", "bakhmut-flanks"}
    city, flanks = theirs["bakhmut"], theirs["bakhmut-flanks"]
    assert (city["party"], city["since"]) == ("russia", "2023-05-12T00:00:00Z")
    assert (city["moved_last"]["voice"], city["moved_last"]["development"]) == (
        "wagner",
        "bakhmut-95-percent",
    )
    # On the 11th, Russia's voice denied what Wagner's confirmed.
    assert (flanks["party"], flanks["since"]) == ("ukraine", "2023-05-11T00:00:00Z")
    # In January they had disagreed about nothing but the credit, which is no position.
    january = bakhmut.read("/v1/disagreements", valid_at="2023-01-31", known_at="2023-01-31", limit=1000)
    assert ["russia", "wagner"] not in [each["between"] for each in january["items"]]
