"""Imports of files, beside the library's best batch and raw COPY of the same rows."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import redirect_stderr
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import psycopg
from eventsourcing.persistence import StoredEvent

from bench.appending import PLACES, THEIR_BATCH, in_batches, stored
from bench.generating import developments, registry
from bench.measuring import Report, fresh_cluster, timed
from bench.peers.library import append, open_peer
from cli.previews import as_entry
from cli.recording import Tally, record_source
from domain.streams import Thing, what_of
from intake.catalogue import Importer, importer_for, prepare_ndjson_file
from intake.sources import Source
from ledger.database import Database

COPY = "COPY rows_copied (originator_id, originator_version, topic, state) FROM STDIN (FORMAT BINARY)"


def measure_bulk(count: int, rounds: int) -> Report:
    """Ours from a file, checked and durable; the library's best batch; raw COPY into a plain table."""
    report = Report(
        title="Bulk intake",
        notes=f"Ours is what `palimpsest import` does with a file of {count:,} lines of NDJSON: read, "
        "validated, dates resolved, checked beside the log and the rest of the file, set aside on disk, and "
        "only then appended. The ratios are those of this figure. It has processes prepare portions of the "
        "file; one process alone is shown as well. The library's is its insert of 200 rows that were encoded "
        "beforehand (with 1,000 it can stop for ever on a Unix socket). COPY writes the same rows, encoded "
        "beforehand, into a table with two of the same indexes. All durable.",
    )
    ours, alone, theirs, copied = [], [], [], []
    for number in range(rounds):
        told = list(developments(count, PLACES, seed=number))
        rows = [stored(each) for each in told]
        with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as folder:
            places, file = Path(folder) / "places.ndjson", Path(folder) / "told.ndjson"
            _write(places, registry(PLACES))
            _write(file, told)
            in_one_process = replace(importer_for(file), prepare=partial(prepare_ndjson_file, helpers=0))
            with fresh_cluster() as conninfo, Database(conninfo) as database:
                _import(database, places)
                ours.append(count / timed(partial(_import, database, file)))
                with open_peer(conninfo) as (peer, _):
                    seconds = timed(partial(in_batches, rows, THEIR_BATCH, partial(append, peer)))
                theirs.append(count / seconds)
                copied.append(count / timed(partial(_copy, conninfo, rows)))
            with fresh_cluster() as conninfo, Database(conninfo) as database:
                _import(database, places)
                alone.append(count / timed(partial(_import, database, file, in_one_process)))
    report.add("Palimpsest, a file of NDJSON", "events/s", ours)
    report.add("the same in one process", "events/s", alone)
    report.add("eventsourcing, batches of 200", "events/s", theirs)
    report.add("raw COPY of the same rows", "events/s", copied)
    report.add("ratio to eventsourcing", "times", [a / b for a, b in zip(ours, theirs, strict=True)], ">= 2")
    report.add("share of raw COPY", "", [a / b for a, b in zip(ours, copied, strict=True)], ">= 0.4")
    return report


def _write(path: Path, things: Iterable[Thing]) -> None:
    with path.open("wb") as file:
        for thing in things:
            file.write(msgspec.json.encode({what_of(thing): as_entry(thing)}) + b"\n")


def _import(database: Database, file: Path, importer: Importer | None = None) -> None:
    """All of the file checked, then all of it appended."""
    tally = Tally()
    with redirect_stderr(io.StringIO()):  # the progress
        record_source(database, Source(path=file), importer or importer_for(file), "bench", tally)
    with file.open("rb") as lines:
        assert tally.new == sum(1 for _ in lines), "something is missing"


def _copy(conninfo: str, rows: Sequence[StoredEvent]) -> None:
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "CREATE TABLE rows_copied (originator_id text, originator_version bigint, topic text,"
            " state bytea, notification_id bigserial UNIQUE,"
            " PRIMARY KEY (originator_id, originator_version))"
        )
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.set_types(("text", "int8", "text", "bytea"))
            for row in rows:
                copy.write_row((row.originator_id, row.originator_version, row.topic, row.state))
