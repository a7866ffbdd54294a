"""A request has one name: in its answer, in the log, and with what it records. No key is in any of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from api.access import bearer
from api.request_log import request_ids
from ledger.keys import KEY, Principal
from tests.api.stories import set_the_stage, statement
from tests.api.talking import Api, served

HILL = "/v1/locations/hill"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    return api


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    """What is logged, with the names that lines have while a request runs."""
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        yield lines


@pytest.mark.parametrize("given", ["r1", "0198c0de-7f00", "a/b:c=d+e_f", "x" * 120])
def test_a_sane_id_is_taken_over_everywhere(
    told: Api, logged: list[structlog.typing.EventDict], given: str
) -> None:
    body = statement(f"named-{len(given)}-{given[:1]}")
    response = told.post("/v1/developments", body, headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given
    [event] = told.read("/v1/events", after=response.json()["log_position"] - 1)["items"]
    assert event["request_id"] == given
    [line] = [line for line in logged if line["event"] == "request" and line["method"] == "POST"]
    assert (line["request_id"], line["path"], line["status"]) == (given, "/v1/developments", 201)


@pytest.mark.parametrize("given", [None, "", "x" * 121, "two words", "tab\there", "caf\u00e9", "\x7f"])
def test_any_other_request_is_given_one(
    told: Api, logged: list[structlog.typing.EventDict], given: str | None
) -> None:
    headers = {} if given is None else {b"X-Request-ID": given.encode()}
    names = [told.http.get("/v1/kinds", headers=headers).headers["x-request-id"] for _ in range(2)]
    assert len(set(names)) == 2
    assert given not in names
    assert [line["request_id"] for line in logged if line["event"] == "request"] == names


def test_an_error_in_a_request_is_logged_with_its_name(
    told: Api, logged: list[structlog.typing.EventDict], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The route runs on a thread of its own."""
    from projections.reading import places

    monkeypatch.setattr(places, "find_place_revision", lambda *_: 1 / 0)
    headers = {"X-Request-ID": "broken", "traceparent": TRACEPARENT}
    with pytest.raises(ZeroDivisionError):
        told.get(HILL, headers=headers)
    assert {line["event"] for line in logged} >= {"unexpected error", "request"}
    for line in logged:
        assert (line["request_id"], line["trace_id"], line["span_id"]) == ("broken", TRACE, PARENT)


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        (TRACEPARENT, True),
        (TRACEPARENT[:-2] + "00", True),
        (f"cc-{TRACE}-{PARENT}-01-what-comes-later", True),
        (f"ff-{TRACE}-{PARENT}-01", False),
        (f"00-{TRACE.upper()}-{PARENT}-01", False),
        (f"00-{'0' * 32}-{PARENT}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE}-{PARENT}", False),
        (f"00-{TRACE}-{PARENT}-01-more", False),
        ("", False),
    ],
)
def test_a_trace_is_known_by_its_header(written: str, taken: bool) -> None:
    ids = request_ids({"headers": [(b"traceparent", written.encode())]})
    assert ids.get("trace_id") == (TRACE if taken else None)
    assert ids.get("span_id") == (PARENT if taken else None)


def test_no_key_is_logged_counted_told_or_shown(module_url: str, told: Api, tmp_path: Path) -> None:
    """Of the real server at its most talkative, whatever is wrong with the request."""
    settings = {"log_level": "debug", "log_format": "json", "public_read": "false"}
    with served(module_url, tmp_path, **settings) as (server, api):
        key = api.keys["editor"]
        secret = key.split("_", 2)[2]
        headers = {"Authorization": f"Bearer {key}"}
        answers = [
            api.http.get(HILL, headers=headers),
            api.http.get(HILL, headers={"Authorization": key}),
            api.http.get(HILL, headers={"Authorization": f"Bearer {key}x"}),
            api.http.get(HILL, headers={**headers, "X-Request-ID": "sane"}),
            api.http.get("/v1/locations/nowhere", headers=headers),
            api.http.post("/v1/developments", json=statement(), headers=headers),
            api.http.post("/v1/developments", content=b"{", headers=headers),
            api.http.post("/v1/keys", headers=headers),
            api.http.get("/metrics"),
        ]
        for answer in answers:
            assert secret not in answer.text
            assert secret not in str(answer.headers)
        log = server.log
    assert secret not in log
    assert not KEY.search(log)
    lines = [json.loads(line) for line in log.splitlines()]
    assert [line["status"] for line in lines if line["event"] == "request" and line["path"] == HILL] == [
        200,
        401,
        401,
        200,
    ]
    assert secret not in repr(Principal(id="a", name="b", role="editor")) + repr(bearer)
