"""The catalogue and the folder say the same."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import projections
from domain.catalogue import TOPICS
from projections.catalogue import PROJECTIONS
from projections.engine.projection import Projection

FOLDER = Path(inspect.getfile(projections)).parent


def test_every_projection_in_the_folder_is_in_the_catalogue() -> None:
    modules = [path.stem for path in FOLDER.glob("*.py") if path.stem not in ("__init__", "catalogue")]
    found = {
        value
        for module in modules
        for value in vars(importlib.import_module(f"projections.{module}")).values()
        if inspect.isclass(value) and issubclass(value, Projection) and value is not Projection
    }
    assert found == {type(projection) for projection in PROJECTIONS}
    assert sorted(projection.name for projection in PROJECTIONS) == sorted(modules)


def test_every_topic_is_wanted_by_some_projection_and_every_wanted_one_exists() -> None:
    wanted = frozenset[str]().union(*(projection.topics for projection in PROJECTIONS))
    assert wanted == set(TOPICS)
