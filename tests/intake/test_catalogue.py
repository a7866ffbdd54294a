"""The catalogue of importers and the folder say the same."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import typer
from typer.core import TyperGroup

import intake
from cli.main import app
from intake.batches import Batch
from intake.catalogue import IMPORTERS
from intake.sources import Source

FOLDER = Path(inspect.getfile(intake)).parent
READS = ("(source: 'Source') -> 'Iterator[Batch]'",)


def test_everything_that_reads_a_file_into_batches_is_in_the_catalogue() -> None:
    paths = (path.relative_to(FOLDER.parent).with_suffix("") for path in FOLDER.rglob("*.py"))
    modules = [importlib.import_module(".".join(path.parts).removesuffix(".__init__")) for path in paths]
    readers = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isfunction(value) and str(inspect.signature(value)) in READS
    }
    assert readers == {importer.read for importer in IMPORTERS}


def test_names_and_suffixes_mean_one_importer_each() -> None:
    names = [importer.name for importer in IMPORTERS]
    suffixes = [suffix for importer in IMPORTERS for suffix in importer.suffixes]
    assert len(names) == len(set(names))
    assert len(suffixes) == len(set(suffixes))
    assert all(importer.help.endswith(".") for importer in IMPORTERS)


def test_options_are_told_in_sentences_and_none_is_one_of_the_commands_own() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    own = {name for word in ("import", "check") for each in group.commands[word].params for name in each.opts}
    for importer in IMPORTERS:
        names = [f"--{option.name}" for option in importer.options]
        assert len(set(names)) == len(names)
        assert not {*names} & {*own, "--help"}
        assert all(option.help.endswith(".") for option in importer.options)


def test_the_examples_are_read_by_it() -> None:
    for example in (FOLDER.parent / "examples").glob("*.yaml"):
        [importer] = [each for each in IMPORTERS if example.suffix in each.suffixes]
        [batch] = importer.read(Source(path=example))
        assert isinstance(batch, Batch)
        assert batch.found.faults == ()
