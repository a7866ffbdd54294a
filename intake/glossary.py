"""What the fields of the record mean, in words and with examples, for every schema that names them.

A field means the same wherever it stands, so it is explained once, under its name; where a class means
something of its own by it, under `Class.field`. A name has its unit beside it where it has one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Meaning: TypeAlias = tuple[str] | tuple[str, Any]
"""What a field holds, and an example of it where that says more."""

WRITTEN = "Written"
"""How the name of a schema ends whose fields are those of a class in the forms that people write."""

RECORD: dict[str, Meaning] = {
    # every development
    "id": (
        "Its id: 1 to 120 of `a-z`, `0-9`, `.`, `_` and `-`, starting with a letter or digit.",
        "kupiansk-claimed",
    ),
    "kind": ("What sort of thing it is.",),
    "at": ("The ids of the places it is about.", ["kupiansk"]),
    "by": ("The id of the actor who says it; null where nobody is named.", "russian-army"),
    "occurred": ("When it was so: the valid time. Left out, it is the same as `reported`.",),
    "reported": ("When it became public. It needs an end.",),
    "during": (
        "How to read `occurred`: at some time `within` it, or `throughout`, from its start to its end.",
        "within",
    ),
    "when_text": ("The source's own words for the time; null where the date was plain.", "three weeks ago"),
    "sources": ("The documents in which it was found, each once.",),
    "reliability": ("How reliable the source is, by the Admiralty code: A (completely) to F (unknown).", "B"),
    "credibility": ("How credible the report is, by the Admiralty code: 1 (confirmed) to 6 (unknown).", 3),
    "summary": ("It in one plain sentence.", "The Russian army claims the whole of Kupiansk."),
    "manner": ("The verb the voice itself used, kept as data.", "liberated"),
    "part": ("The part of the place that is meant, in words.", "northern districts"),
    # claims, answers and assessments
    "holder": ("The id of the party said to hold it.", "russia"),
    "share": ("How much of the place the holder is said to hold: an interval within 0 and 1.",),
    "control": ("Who is said to hold how much: shares of the place (0 to 1) by the id of the party.",),
    "claim": ("The id of the claim that is answered.", "kupiansk-claimed"),
    "legend": ("The assessor's own category, as its map or text calls it.",),
    "category": ("The assessor's word.", "Occupied"),
    "Legend.version": ("The version of the legend that has this word.", "2025-11"),
    # happenings
    "force": ("The id of the party whose force it is.", "russia"),
    "encircled_by": ("The id of the party said to encircle it.", "ukraine"),
    "strength": ("How strong the force is said to be, in the source's words.", "about 200 soldiers"),
    "area": ("Where it is said to be encircled, in words.", "the city centre"),
    "weapon": ("What the strike was made with, in words.", "glide bomb"),
    "visitor": ("The id of the actor who came.", "zelensky"),
    "office": ("The office the visitor held.", "President of Ukraine"),
    "purpose": ("What the visit was for, in words.", "to meet the troops"),
    "medium": ("What the evidence is.", "video"),
    "geolocated": ("Whether somebody worked out where it was taken; null where that is not said.", True),
    "count": ("How many people.", 26000),
    "as_of_text": ("The source's own words for the time of the count.", "before the war"),
    # sources
    "document": ("The id of the document.", "romanian-report-2025-12-13"),
    "via": ("The ids of the actors through whom it came, the origin first.", ["russian-army", "reuters"]),
    "mode": ("How the document has it: in the voice's own words, in paraphrase, or inferred.", "direct"),
    "quote": ("The passage that carries the report. It stands in the document's text.",),
    "exact": ("The passage itself, word for word.", "Kupiansk has been liberated"),
    "prefix": ("The words right before it, to tell it from others that are alike.",),
    "suffix": ("The words right after it.",),
    # the registry
    "name": ("Its name, as it is shown.", "Kupiansk"),
    "names": ("Its names by language tag (BCP 47).", {"uk": "Куп'янськ"}),
    "aliases": ("Former names and other spellings, by which it is found.", ["Kupyansk"]),
    "point": ("[longitude, latitude] in degrees, WGS 84.", [37.6158, 49.71]),
    "part_of": ("The id of the place that it is part of.", "kharkiv-oblast"),
    "refs": ("Its ids in other registers, by the name of the register.", {"geonames": "703656"}),
    "population": ("How many people live there, as a register has it.", 26000),
    "speaks_for": ("The id of the party with whose voice it speaks: for an official or a unit.", "russia"),
    "publisher": ("The id of the actor who published it.", "agerpres"),
    "title": ("Its title.", "Zelensky visits Kupiansk"),
    "url": ("Where it was found, by http or https.",),
    "published": ("When it was published: a date (EDTF) as text.", "2025-12-13"),
    "language": ("The language it is in, as a tag (BCP 47).", "uk"),
    "licence": ("The terms under which it may be used.", "CC BY 4.0"),
    "note": ("Whatever else is to be known of it.",),
    "sha256": ("The hash of a secret salt and its text, in hexadecimal; null without a text.",),
    # what editors add
    "reason": ("Why, in the editor's words.", "The source corrected itself."),
    "body": ("The whole development as it should have been.",),
    "Linked.type": (
        "How it is tied. `misattributes`: it puts words in a mouth that did not say them.",
        "supports",
    ),
    "Linked.to": ("The id of the other development.", "kupiansk-visit"),
    # times and shares
    "edtf": ("The date as written (EDTF, ISO 8601-2).", "2025-11-20"),
    "earliest": ("The first instant that may be meant.", "2025-11-20T00:00:00Z"),
    "latest": (
        "The first instant after all that may be meant; null for an open end.",
        "2025-11-21T00:00:00Z",
    ),
    "sure_from": ("From when a time `throughout` is sure; null for `earliest`.", "2025-11-20T00:00:00Z"),
    "sure_until": ("Until when it is sure; null for `latest`.", "2025-11-21T00:00:00Z"),
    "min": ("The least share of the place, 0 to 1.", 0.5),
    "max": ("The greatest share of the place, 0 to 1.", 1),
    "min_open": ("Whether it is more than `min`, rather than at least that.", False),
    "max_open": ("Whether it is less than `max`, rather than at most that.", True),
    "Document.text": ("Its text, in which quotes must stand. It is kept outside the log.",),
    # a dossier
    "palimpsest": ("The version of the format.",),
    "timezone": ("The time zone in which a date is a day; left out, UTC.", "Europe/Kyiv"),
    "Dossier.title": ("What the dossier is about.", "Kupiansk, autumn 2025"),
    "Dossier.description": ("How it came about, and what it leaves out.",),
    "actors": ("The actors that it registers.",),
    "locations": ("The places that it registers.",),
    "documents": ("The documents that it archives.",),
    "developments": ("The developments that it reports.",),
}


def explain_fields(schemas: Mapping[str, Any], glossary: Mapping[str, Meaning]) -> None:
    """Adds what each field means to JSON Schemas by name, wherever they do not say it themselves."""
    for name, schema in schemas.items():
        owner = name.removesuffix(WRITTEN)
        for field, described in schema.get("properties", {}).items():
            meaning = glossary.get(f"{owner}.{field}") or glossary.get(field)
            if meaning and "description" not in described:
                _explain(described, *meaning)


def _explain(described: dict[str, Any], words: str, *examples: Any) -> None:
    described["description"] = words
    if examples and not {"examples", "const", "enum"} & set(described):
        described["examples"] = [*examples]
