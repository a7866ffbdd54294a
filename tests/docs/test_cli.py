"""docs/cli.md and the command say the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from cli.main import app
from intake.catalogue import IMPORTERS
from tests.docs.pages import codes, sections, table

PAGE = "cli.md"
SECTIONS = {**sections(PAGE, 2), **sections(PAGE, 3)}


def commands(group: TyperGroup, name: str = "") -> Iterator[tuple[str, TyperCommand]]:
    """Every command that does something, by its words."""
    for word, command in group.commands.items():
        words = f"{name} {word}".strip()
        if isinstance(command, TyperGroup):
            yield from commands(command, words)
        elif isinstance(command, TyperCommand):
            yield words, command


def palimpsest() -> TyperGroup:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return group


COMMANDS = dict(commands(palimpsest()))


def test_every_command_has_a_section_and_no_other_has() -> None:
    groups = {name.split()[0] for name in COMMANDS if " " in name}
    assert set(SECTIONS) == set(COMMANDS) | groups


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_in_the_table(name: str) -> None:
    options = [
        each for each in COMMANDS[name].params if isinstance(each, TyperOption) and each.name != "help"
    ]
    rows = table(SECTIONS[name])
    told = {option: row for row in rows for option in codes(row[0])}
    assert set(told) == {opt for option in options for opt in option.opts}
    for option in options:
        said = told[option.opts[0]][1]
        assert (said == "required") == option.required
        if isinstance(option.default, str | int) and not option.is_flag and option.default != "-":
            assert said == str(option.default)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_usage_is_shown(name: str) -> None:
    assert f"`palimpsest {name}" in SECTIONS[name]


def test_every_format_is_told() -> None:
    assert {importer.name for importer in IMPORTERS} <= set(codes(SECTIONS["import"]))
