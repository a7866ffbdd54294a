"""Every importer of other people's data has a page, with its options and its terms."""

from __future__ import annotations

import pytest

from intake.catalogue import IMPORTERS, Importer
from tests.docs.pages import DOCS, codes, read, table

OTHERS = [importer for importer in IMPORTERS if importer.read.__module__.startswith("intake.importers.")]


def test_every_page_is_of_an_importer_and_every_importer_has_one() -> None:
    pages = {path.stem for path in (DOCS / "importers").glob("*.md")}
    assert pages == {importer.name for importer in OTHERS}


@pytest.mark.parametrize("importer", OTHERS, ids=lambda importer: importer.name)
def test_the_page_has_the_name_and_every_option(importer: Importer) -> None:
    page = read(f"importers/{importer.name}.md")
    assert page.startswith(f"# {importer.name}\n")
    told = {row[0].strip("`"): row[1] for row in table(page) if row[0].startswith("`--")}
    assert told == {
        f"--{option.name}": "required" if option.required else option.default or ""
        for option in importer.options
    }


@pytest.mark.parametrize("importer", OTHERS, ids=lambda importer: importer.name)
def test_the_page_of_options_is_linked_from_the_command(importer: Importer) -> None:
    assert f"(importers/{importer.name}.md)" in read("cli.md")
    assert importer.name in codes(read("cli.md"))
