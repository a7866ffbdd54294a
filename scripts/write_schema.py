"""Writes docs/dossier.schema.json, the JSON Schema of a dossier, from the classes it is read into."""

from __future__ import annotations

import json
from pathlib import Path

from intake.schema import dossier_schema

SCHEMA = Path(__file__).parent.parent / "docs" / "dossier.schema.json"


def render() -> str:
    """The schema as it stands in the file."""
    return json.dumps(dossier_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(render(), encoding="utf-8")
