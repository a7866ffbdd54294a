"""What an operator reads: settings, projections, metrics."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi.testclient import TestClient

from api.settings import Settings
from projections.catalogue import PROJECTIONS
from projections.engine.checkpoints import READY_LAG
from tests.docs.pages import ROOT, code, codes, read, sections, table

PAGE = "operations.md"


def settings() -> dict[str, str]:
    """Every setting with its default, as one writes it in .env; "" for none."""
    defaults = {}
    for name, field in Settings.model_fields.items():
        default = field.default
        written = str(default).lower() if isinstance(default, bool) else str(default)
        defaults[f"PALIMPSEST_{name.upper()}"] = "" if default is None else written
    return defaults


def test_every_setting_is_told_with_its_default() -> None:
    told = {code(row[0]): code(row[1]) for row in table(sections(PAGE, 2)["Configuration"])}
    assert told == settings()


def test_every_setting_is_in_the_example_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    told = dict(re.findall(r"^#(PALIMPSEST_\w+)=(.*)$", text, re.MULTILINE))
    assert set(told) == set(settings())
    for name, default in settings().items():
        assert (
            Path(told[name]) == Path(default)
            if default and "DIR" in name
            else told[name] == default or not default
        )


def test_every_projection_is_told() -> None:
    rows = table(sections(PAGE, 2)["The read models"])
    assert [code(row[0]) for row in rows] == [projection.name for projection in PROJECTIONS]


def test_every_metric_is_told(client: TestClient) -> None:
    client.get("/v1/locations")
    found = re.findall(r"^# TYPE (\w+) \w+$", client.get("/metrics").text, re.MULTILINE)
    metrics = {name for name in found if not name.endswith("_created")}
    assert {name for name in codes(read(PAGE)) if name.startswith("palimpsest_")} == metrics


def test_the_readiness_limit_is_told() -> None:
    assert f"{READY_LAG:,} positions behind" in read(PAGE)
