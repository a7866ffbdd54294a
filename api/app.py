"""The application: routers, middleware, and the services it opens when it starts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from api import errors, parameters
from api.composition import POOL_SIZE, open_services
from api.documenting import describe
from api.limits import BodyLimit
from api.methods import HeadAsGet, note_routes
from api.metrics import ProjectionCollector, RequestMetrics
from api.routes import (
    about,
    claims,
    comparisons,
    developments,
    disagreements,
    dossiers,
    events,
    locations,
    map,
    pages,
    records,
    registry,
    replays,
)
from api.settings import Settings

VERSION = "0.1.0"
THREADS = 4 * POOL_SIZE
ROUTERS = (
    locations,
    comparisons,
    replays,
    map,
    disagreements,
    claims,
    developments,
    registry,
    records,
    dossiers,
    events,
    about,
)
DESCRIPTION = """
Every answer that follows from the log takes three clocks, `valid_at`, `known_at` and `recorded_at` (or
exactly: `log_position`), and repeats them in `clocks`. Asked again with that `log_position`, the same
question has the same answer, byte for byte, for ever.

Every error is a problem (RFC 9457) with a `type` from `/v1/problems`. `HEAD` is answered wherever `GET` is.
"""


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
        description=DESCRIPTION.strip(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.metrics = CollectorRegistry()
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    app.add_middleware(RequestMetrics, registry=app.state.metrics)
    app.add_middleware(HeadAsGet)
    errors.install(app)
    for module in ROUTERS:
        app.include_router(module.router, dependencies=[Depends(parameters.check_request)])
    app.include_router(about.probes)
    app.include_router(pages.router)
    routers = (*(module.router for module in ROUTERS), about.probes, pages.router)
    note_routes(app, [route for router in routers for route in router.routes if isinstance(route, APIRoute)])
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    parameters.prepare(app, app.openapi())
    return app
