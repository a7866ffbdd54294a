"""What the service knows of itself: kinds, problem types, health, readiness, metrics."""

from __future__ import annotations

import inspect
from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from api.access import ServicesDep
from api.answers import JSON, plain_answer
from api.composition import Services
from api.documenting import tells
from api.metrics import registry_of
from api.problems import PROBLEM_TYPES, ProblemType, catalogue
from api.shapes import about as shapes
from domain.catalogue import DEVELOPMENT_KINDS, kind_of
from domain.errors import NotFound, PalimpsestError, Unavailable
from intake.schema import component_schemas
from migrations.upgrade import UpgradeFailed, current, head
from projections.catalogue import PROJECTIONS
from projections.engine.checkpoints import READY_LAG, list_status

router = APIRouter(prefix="/v1", tags=["about"])
probes = APIRouter(tags=["about"])


@router.get("/kinds", responses=tells(shapes.KindList, 422))
async def list_kinds(request: Request) -> Response:
    """Every kind of development, with its terms in ACLED, PLOVER and ISW, and its schema."""
    return plain_answer(request, {"items": _kinds()})


@cache
def _kinds() -> list[dict[str, Any]]:
    """They change with the software only, and their schemas take a while to make."""
    schemas = component_schemas()
    return [
        {
            "kind": kind_of(cls),
            "family": cls.family,
            "description": inspect.getdoc(cls),
            "terms": cls.terms,
            "written": schemas[f"{cls.__name__}Written"],
        }
        for cls in DEVELOPMENT_KINDS
    ]


@router.get("/problems", responses=tells(shapes.ProblemTypeList, 422))
async def list_problems(request: Request) -> Response:
    """Every problem type."""
    return plain_answer(request, {"items": [_problem_type(kind) for kind in catalogue()]})


@router.get("/problems/{problem_id}", responses=tells(shapes.ProblemTypeShape, 404, 422))
async def get_problem(request: Request, problem_id: str) -> Response:
    """One problem type, at the address that is its `type`."""
    for kind in catalogue():
        if kind.slug == problem_id:
            return plain_answer(request, _problem_type(kind))
    raise NotFound("problem", problem_id)


def _problem_type(kind: ProblemType) -> dict[str, Any]:
    return {"type": kind.uri, "title": kind.title, "status": int(kind.status)}


@probes.get("/healthz", responses={200: {"model": shapes.Health}})
async def get_health() -> Response:
    """Whether the process answers."""
    return Response(b'{"status":"ok"}', media_type=JSON)


@probes.get(
    "/readyz",
    responses={
        200: {"model": shapes.Readiness},
        503: {"model": shapes.Readiness, "description": "Not ready; the body says why."},
    },
)
def get_readiness(services: ServicesDep) -> Response:
    """Whether questions can be answered: the database, its tables, and every projection."""
    projections: list[dict[str, Any]] = []
    try:
        if current(services.database.conninfo) == head():
            found = _check_projections(services, projections)
        else:
            found = ["The database is not migrated to this version; run `palimpsest db upgrade`."]
    except (PalimpsestError, UpgradeFailed) as error:
        found = [str(error)]
    body = {"status": "unready" if found else "ready", "problems": found, "projections": projections}
    # The status that says so everywhere else.
    status = PROBLEM_TYPES[Unavailable].status if found else HTTPStatus.OK
    return Response(msgspec.json.encode(body), status_code=status, media_type=JSON)


def _check_projections(services: Services, told: list[dict[str, Any]]) -> list[str]:
    """Adds how each projection stands to `told`; what is wrong with them."""
    found = []
    with services.database.connection() as connection:
        names = tuple(projection.name for projection in PROJECTIONS)
        for status in list_status(connection, names):
            told.append({**msgspec.to_builtins(status), "lag": status.lag})
            if status.error is not None:
                found.append(f"The projection {status.name!r} stopped: {status.error}")
            elif status.building:
                found.append(f"The projection {status.name!r} is being built; {status.lag} events are left.")
            elif status.lag > READY_LAG:
                found.append(f"The projection {status.name!r} is {status.lag} events behind.")
    return found


@probes.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
def get_metrics(request: Request) -> Response:
    """Metrics in the Prometheus text format."""
    return Response(generate_latest(registry_of(request.app)), media_type=CONTENT_TYPE_LATEST)
