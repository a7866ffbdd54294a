"""Workspaces: projections built from the log in schemas of their own, beside the live tables."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, LiteralString

from psycopg import Connection, sql

from ledger.reading import head_position
from projections.engine.batches import read_batch
from projections.engine.checkpoints import lock_checkpoints, use_schema
from projections.engine.folding import FORGET_AT_WORST, SETTLE_AT_ONCE, Fold, settle
from projections.engine.projection import Projection

OPEN_WORKSPACE: LiteralString = "SELECT projections.open_workspace(%s, %s, %s)"
DROP_WORKSPACE: LiteralString = "SELECT projections.drop_workspace(%s)"
ADD_INDEXES: LiteralString = "SELECT projections.add_indexes(%s, %s, %s)"

# For sorting what goes into an index.
SORT_IN_MEMORY: LiteralString = "SET LOCAL maintenance_work_mem = '128MB'"

STRETCH = 50_000
"""Events folded in one transaction: what a crash may cost, what places are marked once for, and what of one
place lies together.
"""
HARDLY_ANY = 5_000
"""Events that are soon folded."""

FOLDING_CODE = (
    "domain/**/*.py",
    "ledger/codec.py",
    "projections/*.py",
    "projections/engine/*.py",
    "projections/rendering/*.py",
)

READING, INDEXING, RENDERING = STAGES = ("reading the log", "making indexes", "rendering")

Progress = Callable[[str, int, int | None], None]
"""Is told the stage, how much of it is done, and how much it is in all, if that is known."""


@cache
def code_mark() -> str:
    """The same for as long as the code is the same that rows follow from: what was built by other code is not
    gone on with.
    """
    root = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for file in sorted(path for pattern in FOLDING_CODE for path in root.glob(pattern)):
        digest.update(file.read_bytes())
    return digest.hexdigest()


@contextmanager
def no_cycles() -> Iterator[None]:
    """Does without the search for cycles of objects, of which folding makes none: it costs as much again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class Workspaces:
    """Workspaces of some projections, on one connection in autocommit or in a transaction of the caller's.

    `targets` has the log position up to which each is built; None stands for the end of the log.
    """

    def __init__(
        self,
        connection: Connection[Any],
        targets: Mapping[Projection, int | None],
        *,
        prefix: str,
        tell: Progress,
    ) -> None:
        self._connection = connection
        self._targets = targets
        self._tell = tell
        self.schemas = {projection: f"{prefix}_{projection.name}" for projection in targets}

    def open(self) -> None:
        """Opens a workspace for each, or goes on with one that was begun by the same code."""
        for projection, target in self._targets.items():
            head = head_position(self._connection)
            if self._open(projection) > (head if target is None else target):
                self._connection.execute(DROP_WORKSPACE, (self.schemas[projection],))
                self._open(projection)

    def _open(self, projection: Projection) -> int:
        """The position that the workspace has reached."""
        schema, lookups = self.schemas[projection], projection.lookups
        with self._connection.transaction():
            self._connection.execute(OPEN_WORKSPACE, (schema, list(projection.tables), code_mark()))
            for table in projection.tables:
                leading = None if lookups is None else list(lookups.get(table, ()))
                self._connection.execute(ADD_INDEXES, (schema, table, leading))
            use_schema(self._connection, schema)
            return lock_checkpoints(self._connection, [projection.name])[projection.name]

    def fold(self) -> None:
        """Folds the log, stretch by stretch, until hardly anything is left."""
        while self._fold_stretch() >= HARDLY_ANY or self._are_apart():
            gc.collect(0)

    def fold_rest(self) -> dict[Projection, int]:
        """Folds all that is left; the positions reached."""
        while self._fold_stretch():
            pass
        return self._positions()

    def _fold_stretch(self) -> int:
        """Folds a stretch into those that stand the furthest back; how many events it had."""
        with self._connection.transaction():
            self._connection.execute(FORGET_AT_WORST)
            left = {each: at for each, at in self._positions().items() if not self._is_there(each, at)}
            if not left:
                return 0
            start = min(left.values())
            members = [each for each, at in left.items() if at == start]
            bounds = [self._targets[each] for each in members] + [at for at in left.values() if at > start]
            until = min((bound for bound in bounds if bound is not None), default=None)
            goal = until or head_position(self._connection)
            batch = read_batch(self._connection, after=start, limit=STRETCH, until=until)
            if len(batch):
                fold = Fold(self._connection, {each: self.schemas[each] for each in members})
                fold.take(batch, lambda position: self._tell(READING, position, goal))
                fold.close(batch.last_position)
                self._tell(READING, batch.last_position, goal)
            return len(batch)

    def _are_apart(self) -> bool:
        """Whether some are behind others, as after a break."""
        positions = self._positions()
        return len({at for each, at in positions.items() if not self._is_there(each, at)}) > 1

    def _is_there(self, projection: Projection, position: int) -> bool:
        target = self._targets[projection]
        return target is not None and position >= target

    def _positions(self) -> dict[Projection, int]:
        positions = {}
        with self._connection.transaction():
            for projection, schema in self.schemas.items():
                use_schema(self._connection, schema)
                positions[projection] = lock_checkpoints(self._connection, [projection.name])[projection.name]
        return positions

    def add_indexes(self) -> None:
        """Makes the indexes that are missing, and lets the planner know the tables before they are asked."""
        tables = [(schema, table) for each, schema in self.schemas.items() for table in each.tables]
        for number, (schema, table) in enumerate(tables):
            self._tell(INDEXING, number, len(tables))
            with self._connection.transaction():
                self._connection.execute(SORT_IN_MEMORY)
                self._connection.execute(FORGET_AT_WORST)
                self._connection.execute(ADD_INDEXES, (schema, table, None))
                self._connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(schema, table)))

    def settle(self) -> None:
        """Renders what folding left for later."""
        total = 0
        for projection, schema in self.schemas.items():
            count = SETTLE_AT_ONCE
            while count == SETTLE_AT_ONCE:
                self._tell(RENDERING, total, None)
                with self._connection.transaction():
                    self._connection.execute(FORGET_AT_WORST)
                    use_schema(self._connection, schema)
                    count = settle(self._connection, projection, SETTLE_AT_ONCE)
                total += count
