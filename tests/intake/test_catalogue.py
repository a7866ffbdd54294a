"""The catalogue of importers and the folder say the same."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import intake
from intake.batches import Batch
from intake.catalogue import IMPORTERS

FOLDER = Path(inspect.getfile(intake)).parent
READS = ("(path: 'Path') -> 'Iterator[Batch]'",)


def test_everything_that_reads_a_file_into_batches_is_in_the_catalogue() -> None:
    modules = [importlib.import_module(f"intake.{path.stem}") for path in FOLDER.glob("*.py")]
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


def test_the_examples_are_read_by_it() -> None:
    for example in (FOLDER.parent / "examples").glob("*.yaml"):
        [importer] = [each for each in IMPORTERS if example.suffix in each.suffixes]
        [batch] = importer.read(example)
        assert isinstance(batch, Batch)
        assert batch.found.faults == ()
