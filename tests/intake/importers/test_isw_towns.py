"""ISW's map of 2022 at real towns, and beside DeepState's of 2025, as the API tells it.

The rows of a town stand beside its test: the day, and the layers that it came into (+) and left (-).
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.kinds.envelope import Development
from intake.batches import Batch, join
from intake.importers.isw_layers import read_isw_layers
from intake.sources import Source
from ledger.application import Ledger
from ledger.database import Database
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from tests.api.talking import Api, in_process

TOWNS = {"kherson": 706448, "kupyansk": 703656, "lyman": 704204, "mariupol": 701822}
Spells = list[tuple[str, str]]


@pytest.fixture(scope="module")
def whole(layers: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Both files as one."""
    path = tmp_path_factory.mktemp("isw") / "both.ndjson"
    path.write_bytes(b"".join(gzip.decompress(file.read_bytes()) for file in layers))
    return join(read_isw_layers(Source(path=path)))


@pytest.fixture(scope="module")
def api(whole: Batch, shared_url: str) -> Iterator[Api]:
    """The application after the towns were imported."""
    ids = tuple(f"isw-layers.{number}." for number in TOWNS.values())
    at = {f"{name}-{number}" for name, number in TOWNS.items()}
    chosen = [
        item
        for item in whole.items
        if (item.event.id.startswith(ids) if isinstance(item.event, Development) else item.line is None)
        or item.event.id in at
    ]
    with Database(shared_url) as database, Ledger(database) as ledger:
        ledger.record(chosen, recorded_by="test")
        follower = Follower(database, PROJECTIONS)
        while follower.step():
            pass
    with in_process(shared_url) as client:
        yield client


def spells(api: Api, town: str, voice: str) -> Spells:
    """What a voice says of a town, as the days from which it says it: the same twice is one."""
    history = api.read(f"/v1/locations/{town}-{TOWNS[town]}/history")
    told: Spells = []
    for spell in history["voices"].get(voice, []):
        [(party, share)] = spell["shares"].items()
        word = (
            "open" if share["max"] > share["min"] and not (share["max_open"] or share["min_open"]) else party
        )
        word += " not all" if share["max_open"] else " some or all" if share["min_open"] else ""
        if not told or told[-1][1] != word:
            told.append((spell["from"][:10], word))
    return told


def test_both_files_are_read_and_every_line_accounted_for(whole: Batch) -> None:
    assert whole.found.faults == ()
    [told] = whole.remarks
    assert told == (
        "Places: 1,606; developments: 3,300; holes of one map passed over: 713. "
        "Places that left on the last day, which a later one has to bear out: 0."
    )
    assert {fault.message for fault in whole.left_out} == {
        "Reported partisan warfare says nothing of who holds a place."
    }
    assert len(whole.left_out) == 27 + 29


def test_each_file_by_itself_says_the_same(whole: Batch, layers: tuple[Path, Path]) -> None:
    def of(batch: Batch) -> dict[str, Development]:
        return {item.event.id: item.event for item in batch.items if isinstance(item.event, Development)}

    first, then = (of(join(read_isw_layers(Source(path=path)))) for path in layers)
    assert {**first, **then} == of(whole)
    assert {**then, **first} == of(whole)


@pytest.mark.parametrize(("day", "voice"), [("20220929", "isw"), ("20221121", "isw-ukrainian-claims")])
def test_the_days_on_which_the_drawing_had_a_hole_end_nothing(whole: Batch, day: str, voice: str) -> None:
    """On 29 September 523 places were in no assessed layer, on 21 November 169 in no claimed one."""
    events = [item.event for item in whole.items if isinstance(item.event, Development)]
    assert [event.id for event in events if event.id.endswith(f".{voice}.{day}")] == []


def test_kherson(api: Api) -> None:
    """02-25 +control, 02-26 -control, 03-02 +claimed, 03-03 +control -claimed, 11-09 +advance -control,
    11-11 -advance +counteroffensives, 11-21 -counteroffensives, 11-22 +counteroffensives.
    """
    assert spells(api, "kherson", "isw") == [
        ("2022-02-25", "russia"),
        ("2022-02-26", "open"),
        ("2022-03-03", "russia"),
        ("2022-11-09", "russia not all"),
        ("2022-11-11", "open"),
    ]
    assert spells(api, "kherson", "isw-russian-claims") == [("2022-03-02", "russia"), ("2022-03-03", "open")]
    assert spells(api, "kherson", "isw-ukrainian-claims") == [("2022-11-11", "ukraine some or all")]


def test_kupiansk(api: Api) -> None:
    """02-27 +control, 03-02 -control, 03-31 +advance, 04-22 -advance +control, 09-10 -control
    +counteroffensives, 11-21 -counteroffensives, 11-22 +counteroffensives.
    """
    assert spells(api, "kupyansk", "isw") == [
        ("2022-02-27", "russia"),
        ("2022-03-02", "open"),
        ("2022-03-31", "russia not all"),
        ("2022-04-22", "russia"),
        ("2022-09-10", "open"),
    ]
    state = api.state("kupyansk-703656", valid_at="2022-09-12", known_at="2022-09-09")
    assert (state["status"], state["holder"]) == ("held", "russia")
    # Nobody has said that the other side holds all of it.
    assert api.state("kupyansk-703656", valid_at="2022-09-12")["holder"] is None


def test_lyman(api: Api) -> None:
    """05-25 +advance, 05-26 -advance +control, 09-23 -control +advance, 10-01 -advance +counteroffensives."""
    assert spells(api, "lyman", "isw") == [
        ("2022-05-25", "russia not all"),
        ("2022-05-26", "russia"),
        ("2022-09-23", "russia not all"),
        ("2022-10-01", "open"),
    ]


def test_a_claim_that_isw_came_to_assess_is_borne_out(api: Api) -> None:
    """Mariupol: 03-02 +control, 03-07 -control, 04-11 +claimed, 04-16 +advance, 04-17 -claimed, 04-22
    -advance +control.
    """
    claims = api.read("/v1/locations/mariupol-701822/claims")["items"]
    assert [(claim["id"], claim["outcome"]["value"]) for claim in claims] == [
        ("isw-layers.701822.isw-russian-claims.20220411", "borne-out")
    ]
    [assessor] = claims[0]["outcome"]["assessors"]
    assert (assessor["voice"], assessor["lead_days"]) == ("isw", 11.0)
    assert (
        api.state("mariupol-701822", valid_at="2022-04-16", voices="isw,isw-russian-claims")["status"]
        == "disputed"
    )
