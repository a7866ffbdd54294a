"""Prometheus metrics: requests by route, appends, connections, and how far projections and webhooks are."""

from __future__ import annotations

import time
from collections.abc import Iterable
from math import inf

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.composition import Services
from domain.errors import PalimpsestError
from ledger.reading import head_position
from ledger.tallies import Tally
from ledger.webhooks import list_webhooks
from projections.catalogue import PROJECTIONS
from projections.engine.checkpoints import list_status, list_waiting

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Anybody can send any word as a method; each would be a series of its own.
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


class ProjectionCollector(Collector):
    """Reads the checkpoints when it is asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterable[Metric]:
        """Position, lag and failure of each projection; nothing while the database is away."""
        names = tuple(projection.name for projection in PROJECTIONS)
        position = GaugeMetricFamily("palimpsest_projection_position", "Log position.", labels=["projection"])
        lag = GaugeMetricFamily(
            "palimpsest_projection_lag_events", "Events behind the log.", labels=["projection"]
        )
        waiting = GaugeMetricFamily(
            "palimpsest_projection_lag_seconds", "Age of the first event not folded.", labels=["projection"]
        )
        failed = GaugeMetricFamily("palimpsest_projection_failed", "1 when stopped.", labels=["projection"])
        try:
            with self._services.database.connection() as connection:
                for status in list_status(connection, names):
                    position.add_metric([status.name], status.position)
                    lag.add_metric([status.name], status.lag)
                    failed.add_metric([status.name], float(status.error is not None))
                for name, seconds in list_waiting(connection, names).items():
                    waiting.add_metric([name], seconds)
        except PalimpsestError:
            return []
        return [position, lag, waiting, failed]


class LedgerCollector(Collector):
    """Reads what the ledger counts of its appends, and the pool of its connections, when it is asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterable[Metric]:
        """Events recorded, writes in each transaction, how long each waited, and how the pool stands."""
        appends, pool = self._services.ledger.appends, self._services.database.pool_stats
        yield CounterMetricFamily("palimpsest_appended_events", "Events recorded.", appends.events)
        yield _histogram("palimpsest_append_writes", "Writes in one transaction.", appends.writes)
        yield _histogram("palimpsest_append_seconds", "From a write to its outcome.", appends.seconds)
        yield GaugeMetricFamily(
            "palimpsest_append_pending", "Writes without an outcome yet.", self._services.ledger.pending
        )
        connections = GaugeMetricFamily("palimpsest_pool_connections", "Connections.", labels=["state"])
        idle = pool.get("pool_available", 0)
        connections.add_metric(["idle"], idle)
        connections.add_metric(["used"], pool.get("pool_size", 0) - idle)
        yield connections
        yield GaugeMetricFamily(
            "palimpsest_pool_waiting", "Requests that wait for a connection.", pool.get("requests_waiting", 0)
        )


class WebhookCollector(Collector):
    """What came of the attempts of this process, and how each webhook stands, when it is asked."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterable[Metric]:
        """Attempts by result; nothing of the webhooks while the database is away."""
        attempts = CounterMetricFamily("palimpsest_webhook_attempts", "Attempts.", labels=["result"])
        for result, count in self._services.attempts.read().items():
            attempts.add_metric([result], count)
        backlog, failures, disabled = (
            GaugeMetricFamily(f"palimpsest_webhook_{name}", described, labels=["webhook"])
            for name, described in (
                ("backlog_positions", "Log positions that were not looked at for it yet."),
                ("failures", "Attempts that failed since the last one that did not."),
                ("disabled", "1 when nothing is sent any more."),
            )
        )
        try:
            with self._services.database.connection() as connection:
                head = head_position(connection)
                for webhook in list_webhooks(connection):
                    backlog.add_metric([webhook.id], max(head - webhook.position, 0))
                    failures.add_metric([webhook.id], webhook.failures)
                    disabled.add_metric([webhook.id], float(webhook.disabled_at is not None))
        except PalimpsestError:
            return [attempts]
        return [attempts, backlog, failures, disabled]


def _histogram(name: str, description: str, tally: Tally) -> Metric:
    buckets = [("+Inf" if bound == inf else str(float(bound)), float(count)) for bound, count in tally.read()]
    return HistogramMetricFamily(name, description, buckets, tally.total)


class RequestMetrics:
    """Counts requests by method, route and status, and their seconds."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        labels = ["method", "route", "status"]
        self._requests = Counter("palimpsest_http_requests", "Requests.", labels, registry=registry)
        self._seconds = Histogram(
            "palimpsest_http_seconds", "Seconds.", labels[:2], registry=registry, buckets=BUCKETS
        )
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

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
        series = method, route, status
        if series not in self._series:  # looking one up by its labels takes longer than counting
            counted = self._requests.labels(*series)
            self._series[series] = counted, self._seconds.labels(method, route)
        requests, durations = self._series[series]
        requests.inc()
        durations.observe(seconds)


def registry_of(app: FastAPI) -> CollectorRegistry:
    """The registry of an application; each has its own."""
    registry: CollectorRegistry = app.state.metrics
    return registry
