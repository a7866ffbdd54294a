"""JSON Schemas (2020-12) of what people write, generated from the classes it is read into.

A date or a share is written in many forms and stored in one; here are the written ones.
"""

from __future__ import annotations

import copy
import inspect
from typing import Any

import msgspec

from domain.catalogue import DEVELOPMENT_KINDS, KINDS
from domain.editorial import Linked, Retracted
from domain.kinds.envelope import SLUG
from domain.kinds.happenings import MOST_PEOPLE, StatementMade
from domain.registry import (
    LANGUAGE,
    LONGEST_NAME,
    LONGEST_TAG,
    MOST_ALIASES,
    ActorRegistered,
    DocumentArchived,
    LocationRegistered,
)
from intake.glossary import RECORD, explain_fields

TEMPLATE = "#/components/schemas/{name}"

SHARE_WRITTEN: dict[str, Any] = {
    "title": "Share, as written",
    "description": "How much of the place: a word, a number from 0 to 1, or an interval.",
    "anyOf": [
        {"enum": ["all", "most", "part", "none"]},
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        {"type": "string", "examples": ["[0.5,1)", "40%"]},
        {"$ref": TEMPLATE.format(name="Share")},
    ],
}
WHEN_WRITTEN: dict[str, Any] = {
    "title": "Date, as written",
    "description": "EDTF (ISO 8601-2), such as 2025-11-20, 2025-11-21~, 2022-09 or 2022-02-27/2022-09-10; "
    "or, where a document's date is known, words such as Friday.",
    "anyOf": [
        {"type": "string", "examples": ["2025-11-21~"]},
        {"type": "integer", "description": "A year."},
        {"$ref": TEMPLATE.format(name="When")},
    ],
}
WRITTEN = {"Share": SHARE_WRITTEN, "When": WHEN_WRITTEN}

_ID = {"pattern": f"^{SLUG.pattern}$"}
_SAID = {"pattern": r"\S"}
_PEOPLE = {"minimum": 0, "maximum": MOST_PEOPLE}
_DEGREES = [{"type": "number", "minimum": -most, "maximum": most} for most in (180, 90)]
_ACTORS = ("by", "holder", "force", "encircled_by", "visitor", "publisher", "speaks_for")
RULES: dict[str, dict[str, Any]] = {
    **dict.fromkeys((*_ACTORS, "id", "at", "claim", "part_of", "to"), _ID),
    "at": {"minItems": 1, "uniqueItems": True, **_ID},
    "reason": _SAID,
    "title": _SAID,
    "name": {"maxLength": LONGEST_NAME, **_SAID},
    "names": {"propertyNames": {"pattern": f"^{LANGUAGE.pattern}$", "maxLength": LONGEST_TAG}},
    "aliases": {"maxItems": MOST_ALIASES},
    "language": {"pattern": f"^{LANGUAGE.pattern}$"},
    "url": {"pattern": r"^https?://\S+$"},
    "count": _PEOPLE,
    "population": _PEOPLE,
    "point": {
        "anyOf": [
            {"type": "array", "prefixItems": _DEGREES, "minItems": 2, "maxItems": 2},
            {"type": "null"},
        ]
    },
}
"""What `find_faults` of the domain holds fields to, as far as a schema can say it of a field alone."""


def component_schemas() -> dict[str, Any]:
    """Every component of the write side, by name, for OpenAPI."""
    classes = [*DEVELOPMENT_KINDS, ActorRegistered, LocationRegistered, DocumentArchived, Linked, Retracted]
    _, components = msgspec.json.schema_components(classes, ref_template=TEMPLATE)
    for schema in components.values():
        schema["description"] = inspect.cleandoc(schema["description"])
    stored = {name: schema for name, schema in components.items() if name in _KIND_NAMES}
    for name in ("ActorRegistered", "LocationRegistered", "Linked", "Retracted"):
        _rule(components[name])
    written = {f"{name}Written": _as_written(schema) for name, schema in stored.items()}
    document = copy.deepcopy(components["DocumentArchived"])
    document["title"] = "DocumentArchived, as written"
    document["properties"]["text"] = {"type": "string"}
    del document["properties"]["sha256"]
    components |= written
    components |= {
        "ShareWritten": SHARE_WRITTEN,
        "WhenWritten": WHEN_WRITTEN,
        "DocumentWritten": _rule(document),
        "Development": _union(""),
        "DevelopmentWritten": _union("Written"),
        "CorrectionWritten": _correction(),
    }
    components["DossierWritten"] = _dossier()
    explain_fields(components, RECORD)
    return components


_KIND_NAMES = {cls.__name__ for cls in DEVELOPMENT_KINDS}


def _union(suffix: str) -> dict[str, Any]:
    """All kinds, told apart by `kind`."""
    refs = {kind: TEMPLATE.format(name=cls.__name__ + suffix) for kind, cls in KINDS.items()}
    return {
        "oneOf": [{"$ref": ref} for ref in refs.values()],
        "discriminator": {"propertyName": "kind", "mapping": refs},
    }


def _as_written(schema: dict[str, Any]) -> dict[str, Any]:
    """A kind as people write it: dates and shares in any form, and what may be left out left out."""
    written = copy.deepcopy(schema)
    written["title"] = f"{schema['title']}, as written"
    written["properties"] = {name: _written(value) for name, value in written["properties"].items()}
    optional = {"id", "occurred"}
    written["required"] = sorted({*written["required"], "kind"} - optional)
    at = written["properties"]["at"]
    written["properties"]["at"] = {"anyOf": [{"type": "string"}, at]}
    if schema["title"] == StatementMade.__name__:
        written["required"].append("summary")
        written["properties"]["summary"] = {"type": "string", "minLength": 1}
    return _rule(written)


def _written(value: Any) -> Any:
    """The schema of a value, with resolved dates and shares replaced by the forms people write."""
    if isinstance(value, list):
        return [_written(part) for part in value]
    if not isinstance(value, dict):
        return value
    for name in WRITTEN:
        if value.get("$ref") == TEMPLATE.format(name=name):
            return {"$ref": TEMPLATE.format(name=f"{name}Written")}
    return {key: _written(part) for key, part in value.items() if key != "default"}


def _rule(schema: dict[str, Any]) -> dict[str, Any]:
    """Holds what people write to the rules of its fields, and to no other fields."""
    for name, described in schema["properties"].items():
        described.update(RULES.get(name, {}))
    return _close(schema)


def _close(schema: dict[str, Any]) -> dict[str, Any]:
    """Allows no other fields, and null for each that may be left out: it says the same."""
    for name, described in schema["properties"].items():
        if name not in schema["required"] and {"type": "null"} not in described.get("anyOf", ()):
            schema["properties"][name] = {"anyOf": [described, {"type": "null"}]}
    schema["additionalProperties"] = False
    return schema


def _correction() -> dict[str, Any]:
    return _close(
        {
            "title": "A correction",
            "type": "object",
            "properties": {
                "reason": {"type": "string", **_SAID},
                "body": {"$ref": TEMPLATE.format(name="DevelopmentWritten")},
            },
            "required": ["reason", "body"],
        }
    )


def _dossier() -> dict[str, Any]:
    sections = {
        "actors": "ActorRegistered",
        "locations": "LocationRegistered",
        "documents": "DocumentWritten",
        "developments": "DevelopmentWritten",
    }
    return _close(
        {
            "title": "A dossier",
            "type": "object",
            "properties": {
                "palimpsest": {"const": 1},
                "title": {"type": "string"},
                "description": {"type": "string"},
                "timezone": {"type": "string"},
                **{
                    section: {"type": "array", "items": {"$ref": TEMPLATE.format(name=name)}}
                    for section, name in sections.items()
                },
            },
            "required": ["palimpsest"],
        }
    )


def dossier_schema() -> dict[str, Any]:
    """The JSON Schema of a dossier, on its own (docs/dossier.schema.json)."""
    components = component_schemas()
    dossier = components.pop("DossierWritten")
    for name in ("Development", *_KIND_NAMES):
        del components[name]
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **dossier, "$defs": components}
    moved: dict[str, Any] = msgspec.json.decode(
        msgspec.json.encode(document).replace(b"#/components/schemas/", b"#/$defs/")
    )
    return moved
