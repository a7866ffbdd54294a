"""As-of questions at random clocks: within the process, in the database alone, and over HTTP.

The plans that PostgreSQL chose are kept in bench/plans/, one file for each kind of question.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
from psycopg import sql

from api.shapes.map import map_json
from bench.generating import DAYS, PLACES, START, place_ids
from bench.measuring import Report, percentile, timed
from bench.serving import served
from domain.states import state_at, trace_history
from domain.times import instant_of
from ledger.database import Database
from projections.reading import claims, disagreements, maps, places
from projections.reading.moments import AskedClocks, Moment, Reader

PLANS = Path(__file__).parent / "plans"
PLANS_FROM = 100_000
"""On fewer developments than that, plans are not worth keeping."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEW, MANY = 20, 400
WARM_UP = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A kind of question: what answers it, where HTTP does, how often it is asked, and what is aimed at."""

    name: str
    needs: tuple[str, ...]
    answer: Callable[[Moment, str], object]
    path: str
    times: int = MANY
    targets: Mapping[str, str] | None = None


def _state(moment: Moment, place: str) -> object:
    places.find_place(moment, place)
    return state_at(places.load_view(moment, place), moment.valid_before)


def _history(moment: Moment, place: str) -> object:
    places.find_place(moment, place)
    return trace_history(places.load_view(moment, place), moment.valid_before)


def _claims(moment: Moment, place: str) -> object:
    places.find_place(moment, place)
    return claims.list_place_claims(moment, place, limit=20)


def _map(moment: Moment, _: str) -> object:
    return map_json(maps.read_map(moment, maps.MapQuestion()), moment.clocks)


def _disagreements(moment: Moment, _: str) -> object:
    box = (22.0, 44.0, 26.0, 46.0)
    return disagreements.list_disagreements(moment, disagreements.DisagreementsQuestion(bbox=box))


WITHIN = {"database": "< 10", "HTTP": "< 20"}
QUESTIONS = (
    Question(name="state", needs=places.NEEDS, answer=_state, path="/v1/locations/{place}", targets=WITHIN),
    Question(
        name="history",
        needs=places.NEEDS,
        answer=_history,
        path="/v1/locations/{place}/history",
        targets=WITHIN,
    ),
    Question(
        name="claims",
        needs=(*places.NEEDS, *claims.NEEDS),
        answer=_claims,
        path="/v1/locations/{place}/claims?limit=20",
        targets=WITHIN,
    ),
    Question(name="map", needs=maps.NEEDS, answer=_map, path="/v1/map", times=FEW, targets={"HTTP": "< 300"}),
    Question(
        name="disagreements in a box",
        needs=disagreements.NEEDS,
        answer=_disagreements,
        path="/v1/disagreements?bbox=22,44,26,46",
        times=FEW,
    ),
)


def measure_questions(conninfo: str, database: Database, count: int) -> Report:
    """Every kind of question, each at clocks and places from a seed."""
    report = Report(
        title=f"As-of questions, {count:,} developments over {PLACES:,} places",
        notes="Each at random clocks and a random place, one at a time, in milliseconds. Process: from the "
        "question to the answer in the domain's types. Database: the statements alone, with their round "
        "trips. HTTP: to the last byte of the answer of `palimpsest serve`. The plans are in bench/plans/. "
        f"Percentiles of {MANY}; of the map and of disagreements, {FEW}.",
    )
    reader = Reader(database, lambda: NOW)
    with (
        served(conninfo, PALIMPSEST_PROJECTOR="off") as port,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):
        for question in QUESTIONS:
            targets = question.targets or {}
            for number in range(WARM_UP):
                _ask(reader, question, number)
            took = [_ask(reader, question, number) for number in range(question.times)]
            for place, values in (
                ("process", [whole for whole, _ in took]),
                ("database", [inside for _, inside in took]),
                ("HTTP", [_fetch(client, question, number) for number in range(question.times)]),
            ):
                report.add(f"{question.name}, {place}, median", "ms", [percentile(values, 0.5)])
                report.add(
                    f"{question.name}, {place}, p99", "ms", [percentile(values, 0.99)], targets.get(place, "")
                )
            if count >= PLANS_FROM:
                _keep_plans(reader, question, count)
    return report


def _asked(number: int) -> tuple[AskedClocks, str]:
    choose = random.Random(number)
    valid, known = (START + timedelta(days=choose.randrange(1, DAYS)) for _ in range(2))
    return AskedClocks(valid_before=valid, known_before=known), choose.choice(place_ids(PLACES))


def _ask(reader: Reader, question: Question, number: int) -> tuple[float, float]:
    """Milliseconds of the whole question, and of its statements alone."""
    asked, place = _asked(number)
    started = time.perf_counter()
    with reader.at(asked, *question.needs) as moment, _watched(moment) as statements:
        question.answer(moment, place)
    return (time.perf_counter() - started) * 1000, sum(each.seconds for each in statements) * 1000


def _fetch(client: httpx2.Client, question: Question, number: int) -> float:
    """Milliseconds until the whole answer is there."""
    asked, place = _asked(number)
    assert asked.valid_before is not None
    assert asked.known_before is not None
    clocks = {
        "valid_at": instant_of(asked.valid_before).isoformat(),
        "known_at": instant_of(asked.known_before).isoformat(),
    }
    url = httpx2.URL(question.path.format(place=place)).copy_merge_params(clocks)

    def ask() -> None:
        response = client.get(url)
        assert response.status_code == 200, response.text

    return timed(ask) * 1000


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it was sent, and how long its answer took."""

    query: Any
    parameters: Any
    seconds: float


@contextmanager
def _watched(moment: Moment) -> Iterator[list[Statement]]:
    """Notes every statement of the moment's connection."""
    statements: list[Statement] = []

    class Watching(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:
            started = time.perf_counter()
            result = super().execute(query, params, **more)
            statements.append(Statement(query, params, time.perf_counter() - started))
            return result

    before, moment.connection.cursor_factory = moment.connection.cursor_factory, Watching
    try:
        yield statements
    finally:
        moment.connection.cursor_factory = before


def _keep_plans(reader: Reader, question: Question, count: int) -> None:
    """Writes the plans of one question's statements, as PostgreSQL carried them out."""
    asked, place = _asked(1)
    plans = [f"{question.name}, {count:,} developments, at {place}, {asked}\n"]
    with reader.at(asked, *question.needs) as moment:
        with _watched(moment) as statements:
            question.answer(moment, place)
        for statement in statements:
            if str(statement.query).lstrip().upper().startswith(("SELECT", "WITH")):
                explained = sql.SQL("EXPLAIN (ANALYZE, BUFFERS) ") + sql.SQL(statement.query)
                rows = moment.connection.execute(explained, statement.parameters).fetchall()
                plans.append("\n".join([statement.query.strip(), "", *(row[0] for row in rows), ""]))
    PLANS.mkdir(exist_ok=True)
    name = f"{question.name.replace(' ', '-')}-{count}.txt"
    (PLANS / name).write_text("\n".join(plans), encoding="utf-8")
