"""What the service knows of itself: kinds, problem types, health, readiness, metrics."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from api import errors
from api.access import ServicesDep
from api.metrics import registry_of
from domain.catalogue import DEVELOPMENT_KINDS, kind_of
from domain.errors import NotFound, PalimpsestError
from domain.kinds.envelope import Terms
from intake.schema import kind_schema
from migrations.upgrade import current, head
from projections.catalogue import PROJECTIONS
from projections.engine.checkpoints import list_status

router = APIRouter(tags=["about"])
probes = APIRouter(tags=["about"])

READY_LAG = 10_000


class KindShape(BaseModel):
    """A kind of development, what it maps to elsewhere, and the schema of what is written."""

    kind: str
    family: str
    description: str
    terms: Terms
    written: dict[str, Any]


class KindList(BaseModel):
    """Every kind there is."""

    items: list[KindShape]


@router.get("/kinds", responses={200: {"model": KindList}})
def list_kinds() -> Response:
    """Every kind of development, with its terms in ACLED, PLOVER and ISW, and its schema."""
    items = [
        {
            "kind": kind_of(cls),
            "family": cls.family,
            "description": inspect.getdoc(cls),
            "terms": cls.terms,
            "written": kind_schema(kind_of(cls)),
        }
        for cls in DEVELOPMENT_KINDS
    ]
    return Response(msgspec.json.encode({"items": items}), media_type="application/json")


@router.get("/problems")
def list_problems() -> Response:
    """Every problem type."""
    items = [
        {"type": f"/v1/problems/{kind.slug}", "title": kind.title, "status": int(kind.status)}
        for kind in errors.catalogue()
    ]
    return Response(msgspec.json.encode({"items": items}), media_type="application/json")


@router.get("/problems/{slug}")
def get_problem(slug: str) -> Response:
    """One problem type."""
    for kind in errors.catalogue():
        if kind.slug == slug:
            body = {"type": f"/v1/problems/{slug}", "title": kind.title, "status": int(kind.status)}
            return Response(msgspec.json.encode(body), media_type="application/json")
    raise NotFound("problem", slug)


@probes.get("/healthz")
def get_health() -> Response:
    """Whether the process answers."""
    return Response(b'{"status":"ok"}', media_type="application/json")


@probes.get("/readyz", responses={503: {"description": "Not ready; the body says why."}})
def get_readiness(services: ServicesDep) -> Response:
    """Whether questions can be answered: the database, its tables, and every projection."""
    problems: list[str] = []
    projections: list[dict[str, Any]] = []
    try:
        if current(services.database.conninfo) != head():
            problems.append("The database is not migrated to this version; run `palimpsest db upgrade`.")
        else:
            with services.database.connection() as connection:
                names = tuple(projection.name for projection in PROJECTIONS)
                for status in list_status(connection, names):
                    projections.append({**msgspec.to_builtins(status), "lag": status.lag})
                    if status.error is not None:
                        problems.append(f"The projection {status.name!r} stopped: {status.error}")
                    elif status.lag > READY_LAG:
                        problems.append(f"The projection {status.name!r} is {status.lag} events behind.")
    except PalimpsestError as error:
        problems.append(error.message)
    body = {"status": "unready" if problems else "ready", "problems": problems, "projections": projections}
    return Response(
        msgspec.json.encode(body), status_code=503 if problems else 200, media_type="application/json"
    )


@probes.get("/metrics")
def get_metrics(request: Request) -> Response:
    """Metrics in the Prometheus text format."""
    return Response(generate_latest(registry_of(request.app)), media_type=CONTENT_TYPE_LATEST)
