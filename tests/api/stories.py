"""A small story to write to: parties, an assessor, outlets, places, a document to quote, and a claim."""

from __future__ import annotations

from typing import Any

from tests.api.talking import Api

ACTORS = (
    {"id": "red", "kind": "party", "name": "Red"},
    {"id": "blue", "kind": "party", "name": "Blue"},
    {"id": "red-army", "kind": "unit", "name": "Red army", "speaks_for": "red"},
    {"id": "blue-army", "kind": "unit", "name": "Blue army", "speaks_for": "blue"},
    {"id": "mappers", "kind": "assessor", "name": "Mappers"},
    {"id": "gazette", "kind": "outlet", "name": "Gazette"},
    {"id": "herald", "kind": "outlet", "name": "Herald"},
    {"id": "wire", "kind": "agency", "name": "Wire"},
)
PLACES = (
    {"id": "hill", "kind": "settlement", "name": "Hill", "point": [30.0, 50.0]},
    {"id": "mill", "kind": "settlement", "name": "Mill", "point": [31.0, 51.0], "part_of": "shire"},
    {"id": "shire", "kind": "region", "name": "Shire"},
)
DOCUMENTS = (
    {
        "id": "gazette-1",
        "publisher": "gazette",
        "title": "Hill claimed",
        "published": "2025-03-03",
        "text": "The red army said on Monday that it holds all of Hill. The blue army denied it.",
    },
    {"id": "herald-1", "publisher": "herald", "title": "Red claims Hill", "published": "2025-03-04"},
)


def claim(id: str = "claim", **fields: Any) -> dict[str, Any]:
    """The red army claims all of Hill, unless told otherwise."""
    return {
        "id": id,
        "kind": "occupation-claimed",
        "at": "hill",
        "by": "red-army",
        "holder": "red",
        "share": "all",
        "reported": "2025-03-03",
        **fields,
    }


def denial(id: str = "denial", **fields: Any) -> dict[str, Any]:
    """The blue army denies it."""
    body = {"id": id, "kind": "claim-denied", "at": "hill", "by": "blue-army", "claim": "claim"}
    return {**body, "reported": "2025-03-03", **fields}


def assessment(id: str = "assessment", **fields: Any) -> dict[str, Any]:
    """The mappers show Hill as all red."""
    body = {"id": id, "kind": "control-assessed", "at": "hill", "by": "mappers", "reported": "2025-03-10"}
    return {**body, "control": {"red": "all"}, **fields}


def statement(id: str | None = None, **fields: Any) -> dict[str, Any]:
    """Somebody said something of Hill."""
    body = {"kind": "statement-made", "at": "hill", "reported": "2025-03-05", "summary": "Words."}
    return {**body, **({"id": id} if id else {}), **fields}


def quoting(exact: str, **fields: Any) -> list[dict[str, Any]]:
    """The sources of something that quotes the Gazette."""
    return [{"document": "gazette-1", "quote": {"exact": exact}, **fields}]


def set_the_stage(api: Api) -> int:
    """Records everybody and everything but developments; the log position after it."""
    dossier = {"palimpsest": 1, "actors": ACTORS, "locations": PLACES, "documents": DOCUMENTS}
    position: int = api.write("/v1/dossiers", dossier)["log_position"]
    return position


def report(api: Api, *developments: dict[str, Any]) -> int:
    """Reports developments; the log position after them."""
    positions: list[int] = [api.write("/v1/developments", each)["log_position"] for each in developments]
    return positions[-1]
