"""The application: routers, middleware, and the services it opens when it starts."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import cache, partial

import anyio.to_thread
from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, FastAPI
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from api import errors, parameters
from api.coalescing import Coalesced, Outcomes
from api.composition import POOL_SIZE, Follow, follow_here, open_services
from api.direct import DirectRoutes
from api.documenting import describe
from api.kept_states import KeptStates, QuickStates
from api.limits import BodyLimit
from api.live.tail import count_streams, open_tail
from api.methods import HeadAsGet, note_routes, route_named
from api.metrics import LedgerCollector, ProjectionCollector, RequestMetrics, WebhookCollector
from api.rate_limits import KnownKeys, RateLimits
from api.request_log import RequestLog
from api.routes import (
    about,
    claims,
    comparisons,
    console,
    developments,
    disagreements,
    dossiers,
    events,
    feeds,
    keys,
    locations,
    map,
    mementos,
    pages,
    records,
    registry,
    replays,
    streams,
    written,
)
from api.security_headers import SecurityHeaders, open_to_origins
from api.settings import Settings
from api.tracing import choose_telemetry
from ledger.asking import Asker
from ledger.database import TIMEOUT
from ledger.keys import verify_keys
from projections.reading.duplicates import find_duplicates

VERSION = "0.1.0"
THREADS = 4 * POOL_SIZE
# They are tried one after the other, so the busiest write comes first.
ROUTERS = (
    developments,
    locations,
    mementos,
    comparisons,
    replays,
    map,
    disagreements,
    feeds,
    claims,
    registry,
    records,
    dossiers,
    events,
    streams,
    written,
    keys,
    about,
)
DESCRIPTION = """
Every answer that follows from the log takes three clocks, `valid_at`, `known_at` and `recorded_at` (or
exactly: `log_position`), and repeats them in `clocks`. Asked again with that `log_position`, the same
question has the same answer, byte for byte, for ever.

Every error is a problem (RFC 9457) with a `type` from `/v1/problems`. `HEAD` is answered wherever `GET` is.
"""


class Application(FastAPI):
    """FastAPI, with what surrounds every answer, also that to an error nobody foresaw."""

    def build_middleware_stack(self) -> ASGIApp:
        """The middleware, outermost first: what is added with `add_middleware` stands within."""
        settings: Settings = self.state.settings
        answered = open_to_origins(super().build_middleware_stack(), settings.origins)
        return RequestLog(SecurityHeaders(answered, settings.hsts_seconds))


@cache
def _included() -> APIRouter:
    """All routes. FastAPI takes a third of a second of the first request to look through what a router
    includes, so one includes them all, for every application of a process.
    """
    every = APIRouter(generate_unique_id_function=lambda route: route.name)
    for module in ROUTERS:
        every.include_router(module.router, dependencies=[Depends(parameters.check_request)])
    every.include_router(about.probes)
    every.include_router(pages.router)
    every.include_router(console.router)
    return every


def create_app(settings: Settings, follow: Follow = follow_here) -> FastAPI:
    """The application for these settings. Nothing is opened until it starts. `follow` is how it keeps the
    projections up to date, where that is its part.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Routes that ask the database are synchronous: each runs on a thread, and waits there for it.
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        async with AsyncExitStack() as stack:
            services = stack.enter_context(open_services(settings, serving=True, follow=follow))
            database = services.database
            app.state.services = services
            # A connection each: no question waits for one of another kind.
            app.state.versions = await stack.enter_async_context(aclosing(Asker(database)))
            app.state.kept_states = KeptStates(services, app.state.versions)
            keys = await stack.enter_async_context(aclosing(Asker(database, patience=TIMEOUT)))
            app.state.principals = Coalesced(partial(verify_keys, keys))
            app.state.duplicates = Coalesced(lambda sought: run_sync(find_duplicates, database, sought))
            app.state.outcomes = Outcomes()
            app.state.metrics.register(ProjectionCollector(services))
            app.state.metrics.register(LedgerCollector(services))
            app.state.metrics.register(WebhookCollector(services))
            app.state.tail = stack.enter_context(open_tail(database, at_once=settings.max_streams))
            count_streams(app.state.metrics, app.state.tail)
            yield

    app = Application(
        title="Palimpsest",
        version=VERSION,
        summary="Who says who holds what, since when, on what evidence, and how that changed.",
        description=DESCRIPTION.strip(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=choose_telemetry(os.environ),
    )
    app.state.settings = settings
    app.state.metrics = CollectorRegistry()
    app.state.keys = KnownKeys()
    # The last one added is the first to see a request.
    reporting = route_named(developments.router, "report_development")
    app.add_middleware(DirectRoutes, endpoints=[(reporting, developments.report_development)])
    app.add_middleware(BodyLimit, limit=settings.max_body_bytes)
    state_now = route_named(locations.router, "get_location")
    app.add_middleware(QuickStates, route=state_now, read=locations.read_state_now)
    app.add_middleware(RateLimits, settings=settings, keys=app.state.keys, registry=app.state.metrics)
    app.add_middleware(RequestMetrics, registry=app.state.metrics)
    app.add_middleware(HeadAsGet)
    errors.install(app)
    app.router.routes.extend(_included().routes)
    routers = (*(module.router for module in ROUTERS), about.probes, pages.router, console.router)
    note_routes(app, [route for router in routers for route in router.routes if isinstance(route, APIRoute)])
    app.openapi = lambda: describe(app, public_read=settings.public_read)  # type: ignore[method-assign]
    parameters.prepare(app, app.openapi())
    return app
