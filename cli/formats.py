"""The options that formats take, at the commands that read files.

They are declared in the catalogue of importers. The command takes them out of its arguments before the rest
is read, and shows them in its help.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

if TYPE_CHECKING:
    from intake.catalogue import Importer

KEY = "palimpsest.format-options"


def given_options(context: typer.Context) -> dict[str, str]:
    """The options of formats that the command was given, by name."""
    given: dict[str, str] = context.meta.get(KEY, {})
    return given


class TakesFormats(TyperCommand):
    """A command that takes the options of every format."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the arguments, less the options of formats, which `given_options` gives."""
        ctx.meta[KEY], rest = _take_apart(ctx, args, _option_names())
        try:
            return super().parse_args(ctx, rest)
        except Exception as error:
            if type(error).__name__ == "NoSuchOption":
                ctx.fail(f"{error}. {_say_options()}")
            raise

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, with the formats and their options below."""
        self.epilog = "\n\n".join(_say_help())
        super().format_help(ctx, formatter)


def _importers() -> Iterable[Importer]:
    from intake.catalogue import IMPORTERS

    return IMPORTERS


def _option_names() -> set[str]:
    return {option.name for importer in _importers() for option in importer.options}


def _take_apart(ctx: Any, args: list[str], names: set[str]) -> tuple[dict[str, str], list[str]]:
    """The options of formats among the arguments, and the other arguments. After `--` come only files."""
    taken: dict[str, str] = {}
    rest: list[str] = []
    left = iter(args)
    for argument in left:
        name, equals, value = argument.removeprefix("--").partition("=")
        if argument == "--":
            rest += [argument, *left]
        elif not argument.startswith("--") or name not in names:
            rest.append(argument)
        elif equals:
            taken[name] = value
        else:
            taken[name] = next(left, "")
            if not taken[name]:
                ctx.fail(f"Option --{name} requires a value.")
    return taken, rest


def _say_options() -> str:
    told = (
        f"{importer.name!r} takes {', '.join(f'--{option.name}' for option in importer.options)}"
        for importer in _importers()
        if importer.options
    )
    return f"Of the formats, {'; '.join(told)}."


def _say_help() -> Iterator[str]:
    for importer in _importers():
        yield f"--format {importer.name}: {importer.help}"
        for option in importer.options:
            default = f" Default: {option.default}." if option.default is not None else ""
            needed = " Required." if option.required else ""
            yield f"--format {importer.name} --{option.name} {option.metavar}: {option.help}{default}{needed}"
