"""The application: routers, middleware, and the services it opens when it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi_swagger import patch_fastapi
from prometheus_client import CollectorRegistry

from api import errors
from api.composition import POOL_SIZE, open_services
from api.limits import BodyLimit
from api.metrics import ProjectionCollector, RequestMetrics
from api.routes import about, claims, developments, dossiers, events, locations, registry
from api.settings import Settings
from intake.schema import component_schemas

VERSION = "0.1.0"
THREADS = 4 * POOL_SIZE
ROUTERS = (locations, claims, developments, registry, dossiers, events, about)

PROBLEM = {
    "description": "A problem (RFC 9457).",
    "content": {errors.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings. Nothing is opened until it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Routes are synchronous: each runs on a thread, and waits there for the database.
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        with open_services(settings, follow=settings.projector == "on") as services:
            app.state.services = services
            app.state.metrics.register(ProjectionCollector(services))
            yield

    app = FastAPI(
        title="Palimpsest",
        version=VERSION,
        summary="Who says who holds what, since when, on what evidence, and how that changed.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        responses={"4XX": PROBLEM, "5XX": PROBLEM},
    )
    app.state.metrics = CollectorRegistry()
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(RequestMetrics, registry=app.state.metrics)
    errors.install(app)
    for module in ROUTERS:
        app.include_router(module.router, prefix="/v1")
    app.include_router(about.probes)
    patch_fastapi(app, docs_url="/docs")
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: FastAPI's own, with the components of the write side."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, summary=app.summary, routes=app.routes
        )
        components = document.setdefault("components", {}).setdefault("schemas", {})
        components.update({**component_schemas(), **components})
        components["Problem"] = errors.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components.update(components["Problem"].pop("$defs", {}))
        app.openapi_schema = document
    return app.openapi_schema
