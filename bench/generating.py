"""Developments from a seed: the same every time, in a mix like that of a real timeline."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from cli.previews import as_entry
from domain.catalogue import KINDS
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, LocationRegistered
from domain.shares import ALL, NONE, PART
from domain.streams import Thing, what_of
from domain.times import When
from ledger.application import Ledger

START = datetime(2022, 2, 24, tzinfo=UTC)
DAYS = 1_400
PLACES = 5_488
"""As many as GeoNames has in Ukraine."""
PARTIES = ("east", "west")
UNITS = ("east-army", "west-army")
ASSESSORS = ("mapper", "institute")
MIX = {
    "control-assessed": 40,
    "fighting-reported": 20,
    "occupation-claimed": 10,
    "strike-reported": 10,
    "claim-denied": 6,
    "recapture-claimed": 6,
    "advance-claimed": 4,
    "statement-made": 4,
}


def place_ids(places: int) -> list[str]:
    """The ids of the places."""
    return [f"place-{number:05}" for number in range(places)]


def registry(places: int) -> list[Thing]:
    """Two parties, their armies, two assessors, an outlet, and so many places."""
    return [
        *(ActorRegistered(id=party, kind="party", name=party.title()) for party in PARTIES),
        *(ActorRegistered(id=u, kind="unit", name=u.title(), speaks_for=u.split("-")[0]) for u in UNITS),
        *(ActorRegistered(id=name, kind="assessor", name=name.title()) for name in ASSESSORS),
        ActorRegistered(id="paper", kind="outlet", name="Paper"),
        *(
            LocationRegistered(
                id=name,
                kind="settlement",
                name=name.title(),
                point=(22 + number % 180 / 10, 44 + number % 80 / 10),
            )
            for number, name in enumerate(place_ids(places))
        ),
    ]


def developments(count: int, places: int, seed: int = 1, prefix: str = "d") -> Iterator[Development]:
    """So many developments over the places, in the order in which they are reported, with ids that begin
    with `prefix`.
    """
    choose = random.Random(seed)
    names = place_ids(places)
    claims: dict[str, str] = {}
    kinds, weights = zip(*MIX.items(), strict=True)
    for number in range(count):
        kind = choose.choices(kinds, weights)[0]
        place = choose.choice(names)
        if kind == "claim-denied" and place not in claims:
            kind = "occupation-claimed"
        reported = _day(START + timedelta(days=number * DAYS // count))
        fields: dict[str, Any] = {
            "id": f"{prefix}{number:07}",
            "at": (place,),
            "occurred": reported,
            "reported": reported,
            "summary": f"Report {number} of something at {place}.",
        }
        yield KINDS[kind](**fields, **_more(choose, kind, claims.get(place)))
        if kind == "occupation-claimed":
            claims[place] = fields["id"]


def split_answered(told: Sequence[Development]) -> tuple[list[Development], list[Development]]:
    """Those that others answer, and all others: once the first are told, the rest may be told at once."""
    answered = {each.answers for each in told}
    first = [each for each in told if each.id in answered]
    return first, [each for each in told if each.id not in answered]


def write_dossier(path: Path, count: int) -> int:
    """Writes the registry and so many developments as a dossier in NDJSON; the number of its entries."""
    entries = 0
    with path.open("wb") as file:
        file.write(b'{"palimpsest":1}\n')
        for event in chain(registry(PLACES), developments(count, PLACES)):
            file.write(msgspec.json.encode({what_of(event): as_entry(event)}) + b"\n")
            entries += 1
    return entries


def revise(ledger: Ledger, count: int, seed: int = 1) -> None:
    """Corrects about one development in a hundred, retracts half as many, and ties as many to others."""
    choose = random.Random(seed)
    for number in choose.sample(range(count), count // 40):
        identifier = f"d{number:07}"
        match choose.choice(("correct", "correct", "retract", "link", "link")):
            case "correct":
                found = ledger.load_development(identifier)
                assert found is not None
                assert isinstance(found.body, Development)
                if found.body.answers is not None:
                    continue  # the claim may be retracted by now
                body = replace(found.body, summary="Corrected.")
                ledger.correct(identifier, body, "It was told otherwise.", recorded_by="bench")
            case "retract":
                ledger.retract(identifier, "It was not so.", recorded_by="bench")
            case _:
                ledger.link(identifier, "supports", f"d{(number + 1) % count:07}", recorded_by="bench")


def _day(start: datetime) -> When:
    return When(edtf=start.date().isoformat(), earliest=start, latest=start + timedelta(days=1))


def _more(choose: random.Random, kind: str, claim: str | None) -> dict[str, Any]:
    party = choose.choice(PARTIES)
    match kind:
        case "control-assessed":
            control = choose.choice(({"east": ALL}, {"west": ALL}, {"east": PART, "west": PART}))
            return {"by": choose.choice(ASSESSORS), "control": control}
        case "fighting-reported" | "strike-reported":
            return {"by": "paper"}
        case "claim-denied":
            return {"by": choose.choice(UNITS), "claim": claim}
        case "statement-made":
            return {"by": party}
    return {"by": f"{party}-army", "holder": party, "share": choose.choice((ALL, PART, NONE))}
