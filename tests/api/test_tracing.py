"""OpenTelemetry: nothing without a collector; with one, a span for each request, in the caller's trace."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from api import tracing
from api.tracing import choose_telemetry
from domain.errors import NotConfigured
from tests.api.stories import set_the_stage
from tests.api.talking import served

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


@pytest.fixture
def collector() -> Iterator[tuple[str, list[Span]]]:
    """A collector of OTLP over HTTP: its address, and the spans that it was sent."""
    spans: list[Span] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/v1/traces":
                told = ExportTraceServiceRequest.FromString(body)
                spans.extend(
                    span for each in told.resource_spans for scope in each.scope_spans for span in scope.spans
                )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", spans
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("environment", [{}, {"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, {"OTEL_SERVICE_NAME": "x"}])
def test_without_a_collector_nothing_is_traced(environment: dict[str, str]) -> None:
    chosen = choose_telemetry(environment)
    assert not any(
        chosen[name] for name in ("tracing", "metrics", "operation_spans", "logs", "auto_configure")
    )


def test_it_can_be_switched_off_by_the_variable_of_the_sdk() -> None:
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_SDK_DISABLED": "TRUE"}
    assert not choose_telemetry(environment)["tracing"]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "find_spec", lambda _: None)
    with pytest.raises(NotConfigured, match=r"palimpsest\[otel\]"):
        choose_telemetry({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"})


def test_each_request_is_a_span_of_its_callers_trace(
    module_url: str, tmp_path: Path, collector: tuple[str, list[Span]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, spans = collector
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
    with served(module_url, tmp_path) as (server, api):
        set_the_stage(api)
        headers = {"traceparent": f"00-{TRACE}-{PARENT}-01"}
        assert api.get("/v1/locations/hill/timeline", headers=headers).status_code == 200
        api.get("/healthz", headers=headers)
        server.stop()  # which sends what is left
    ours = [span for span in spans if span.trace_id.hex() == TRACE]
    [request] = [span for span in ours if span.kind == Span.SPAN_KIND_SERVER]
    assert request.name == "GET /v1/locations/{location_id}/timeline"
    assert request.parent_span_id.hex() == PARENT
    told = {each.key: each.value for each in request.attributes}
    assert told["http.response.status_code"].int_value == 200
    secrets = [key.split("_", 2)[2] for key in api.keys.values()]
    assert not any(secret in str(span) for secret in secrets for span in spans)
