"""OpenTelemetry, for those who collect traces: FastAPI's own, and off unless a collector is named."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from importlib.util import find_spec
from typing import Any

from fastapi.telemetry import TelemetryConfig

from api.request_log import PROBES
from domain.errors import NotConfigured

ENDPOINTS = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
)
MISSING = (
    "OTEL_EXPORTER_OTLP_ENDPOINT is set, and what sends there is missing: pip install 'palimpsest[otel]'."
)


def choose_telemetry(environment: Mapping[str, str]) -> TelemetryConfig:
    """What FastAPI is to trace and to measure: all requests but probes, or nothing, which saves each of them
    some time. Logs stay where they are. Raises NotConfigured when what sends is not installed.
    """
    wanted = any(environment.get(name) for name in ENDPOINTS)
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        wanted = False
    if wanted and find_spec("opentelemetry.sdk") is None:
        raise NotConfigured(MISSING)
    return {
        "tracing": wanted,
        "metrics": wanted,
        "operation_spans": wanted,
        "auto_configure": wanted,
        "logs": False,
        "exclude": _is_probe,
    }


def _is_probe(scope: MutableMapping[str, Any]) -> bool:
    return scope.get("path") in PROBES
