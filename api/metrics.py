"""Prometheus metrics: requests by route, and how far each projection is."""

from __future__ import annotations

import time
from collections.abc import Iterable

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.composition import Services
from domain.errors import PalimpsestError
from projections.catalogue import PROJECTIONS
from projections.engine.checkpoints import list_status

# Anybody can send any word as a method; each would be a series of its own.
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


class ProjectionCollector(Collector):
    """Reads the checkpoints when it is asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterable[Metric]:
        """Position, lag and failure of each projection; nothing while the database is away."""
        position = GaugeMetricFamily("palimpsest_projection_position", "Log position.", labels=["projection"])
        lag = GaugeMetricFamily(
            "palimpsest_projection_lag_events", "Events behind the log.", labels=["projection"]
        )
        failed = GaugeMetricFamily("palimpsest_projection_failed", "1 when stopped.", labels=["projection"])
        try:
            with self._services.database.connection() as connection:
                names = tuple(projection.name for projection in PROJECTIONS)
                for status in list_status(connection, names):
                    position.add_metric([status.name], status.position)
                    lag.add_metric([status.name], status.lag)
                    failed.add_metric([status.name], float(status.error is not None))
        except PalimpsestError:
            return []
        return [position, lag, failed]


class RequestMetrics:
    """Counts requests by method, route and status, and their seconds."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ["method", "route", "status"]
        self._requests = Counter("palimpsest_http_requests", "Requests.", labels, registry=registry)
        self._seconds = Histogram("palimpsest_http_seconds", "Seconds.", labels[:2], registry=registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and counts it when its answer starts, or fails to."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        answered = False

        async def counted(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                self._count(scope, message["status"], time.perf_counter() - begun)
            await send(message)

        try:
            await self._app(scope, receive, counted)
        except Exception:
            if not answered:
                self._count(scope, 500, time.perf_counter() - begun)
            raise

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = getattr(scope.get("route"), "path", "none")
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)


def registry_of(app: FastAPI) -> CollectorRegistry:
    """The registry of an application; each has its own."""
    registry: CollectorRegistry = app.state.metrics
    return registry
