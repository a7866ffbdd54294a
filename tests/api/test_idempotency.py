"""`Idempotency-Key` on every write: once, and the same answer again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from domain.errors import Unavailable
from tests.api.stories import claim, set_the_stage
from tests.api.talking import Api, Served, in_process

LINK = {"type": "supports", "to": "claim", "reason": "Both say so."}


@pytest.fixture
def told(fresh: Api) -> Api:
    set_the_stage(fresh)
    return fresh


def keyed(api: Api, path: str, body: object, key: str = "k-1", **more: Any) -> httpx2.Response:
    headers = {"Idempotency-Key": key, **more.pop("headers", {})}
    return api.post(path, body, headers=headers, **more)


def assert_same(one: httpx2.Response, other: httpx2.Response) -> None:
    assert (one.status_code, one.content) == (other.status_code, other.content)
    for name in ("location", "etag", "content-type"):
        assert one.headers.get(name) == other.headers.get(name)


def unnamed() -> dict[str, Any]:
    """A development that is given its id."""
    body = claim()
    del body["id"]
    return body


WRITES: list[tuple[str, object]] = [
    ("/v1/developments", unnamed()),
    ("/v1/developments/batch", {"items": [unnamed(), {"kind": "no-such-kind"}]}),
    ("/v1/developments/claim/corrections", {"reason": "Mistaken.", "body": claim(share="part")}),
    ("/v1/developments/other/links", LINK),
    ("/v1/developments/other/retraction", {"reason": "Made up."}),
    ("/v1/actors", {"id": "green", "kind": "party", "name": "Green"}),
    ("/v1/actors/red/descriptions", {"id": "red", "kind": "party", "name": "Reds"}),
    ("/v1/locations", {"id": "dale", "kind": "settlement", "name": "Dale"}),
    ("/v1/locations/hill/descriptions", {"id": "hill", "kind": "settlement", "name": "Hilltop"}),
    ("/v1/documents", {"id": "note", "publisher": "gazette", "title": "A note"}),
    ("/v1/dossiers", {"palimpsest": 1, "actors": [{"id": "grey", "kind": "party", "name": "Grey"}]}),
]


def test_every_write_is_answered_again_and_happens_once(told: Api) -> None:
    told.write("/v1/developments", claim())
    told.write("/v1/developments", claim("other"))
    for number, (path, body) in enumerate(WRITES):
        first = keyed(told, path, body, f"key-{number}")
        assert first.status_code in (201, 207), first.text
        head = told.head()
        # In quotation marks, as the draft has it, or bare: it is the same key.
        again = keyed(told, path, body, f'"key-{number}"')
        assert_same(first, again)
        assert told.head() == head, path


def test_the_answer_with_what_it_looks_like_is_kept(told: Api) -> None:
    told.write("/v1/developments", claim())
    first = keyed(told, "/v1/developments", claim("twin", by="red"))
    assert [each["development"] for each in first.json()["possible_duplicates"]] == ["claim"]
    told.write("/v1/developments/claim/retraction", {"reason": "Never said."})
    assert_same(keyed(told, "/v1/developments", claim("twin", by="red")), first)


def test_another_body_or_another_address_under_a_key_in_use(told: Api) -> None:
    keyed(told, "/v1/developments", claim())
    for path, body in (
        ("/v1/developments", claim(share="part")),
        ("/v1/developments/claim/links", claim()),
        ("/v1/documents", {"id": "note", "publisher": "gazette", "title": "A note"}),
    ):
        answered = keyed(told, path, body)
        assert answered.status_code == 422
        kind = answered.json()["type"]
        assert kind == ("/v1/problems/invalid-input" if path.endswith("links") else "/v1/problems/key-reused")
    assert keyed(told, "/v1/developments", claim(), role="reporter").status_code == 200, "keys are apart"


def test_a_write_that_failed_can_be_mended_under_its_key(told: Api) -> None:
    assert keyed(told, "/v1/developments", claim(by="nobody")).status_code == 422
    assert keyed(told, "/v1/developments", claim()).status_code == 201


@pytest.mark.parametrize("key", ["", " ", '""', '"open', "with space", "a,b\\c", "x" * 256, "ключ".encode()])
def test_a_key_that_is_none_is_refused(told: Api, key: str | bytes) -> None:
    sent = [
        (b"Authorization", f"Bearer {told.keys['editor']}".encode()),
        (b"Idempotency-Key", key if isinstance(key, bytes) else key.encode()),
    ]
    answered = told.http.post("/v1/developments", json=claim(), headers=sent)
    assert answered.status_code == 422
    assert answered.json()["errors"][0]["path"] == "header.Idempotency-Key"


def test_two_keys_at_once_are_refused(told: Api) -> None:
    sent = [
        (b"Authorization", f"Bearer {told.keys['editor']}".encode()),
        (b"Idempotency-Key", b"a"),
        (b"Idempotency-Key", b"b"),
    ]
    assert told.http.post("/v1/developments", json=claim(), headers=sent).status_code == 422


def test_fifty_clients_with_one_key(told: Api) -> None:
    """One writes; the others are told the same, or that it is under way."""
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: keyed(told, "/v1/developments", unnamed()), range(50)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert done
    for answer in done:
        assert_same(answer, done[0])
    others = {(answer.status_code, answer.json()["type"]) for answer in answers if answer not in done}
    assert others <= {(409, "/v1/problems/key-in-flight")}
    assert len(told.read("/v1/events", limit=1000)["items"]) == done[0].json()["log_position"]


def test_the_second_is_told_that_the_first_is_under_way(told: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when the write is done, and only what it looks like is not told yet."""
    asked, go_on = threading.Event(), threading.Event()

    async def slowly(*_: object) -> list[tuple[()]]:
        asked.set()
        assert await asyncio.to_thread(go_on.wait, 10)
        return [()]

    state = told.http.app.state  # type: ignore[attr-defined]
    monkeypatch.setattr(state.duplicates, "_ask", slowly)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(keyed, told, "/v1/developments", unnamed())
        assert asked.wait(10)
        second = keyed(told, "/v1/developments", unnamed())
        go_on.set()
    assert (second.status_code, second.json()["type"]) == (409, "/v1/problems/key-in-flight")
    assert_same(first.result(), keyed(told, "/v1/developments", unnamed()))


@contextmanager
def unable_to_tell(api: Api) -> Iterator[None]:
    """While this lasts, nobody can tell what a report looks like."""

    async def fail(*_: object) -> list[tuple[()]]:
        raise Unavailable("The read models are away.")

    state = api.http.app.state  # type: ignore[attr-defined]
    kept, state.duplicates._ask = state.duplicates._ask, fail
    yield
    state.duplicates._ask = kept


def test_what_could_not_be_told_then_is_not_told_later(told: Api) -> None:
    with unable_to_tell(told):
        first = keyed(told, "/v1/developments", claim())
    assert first.json()["possible_duplicates"] is None
    assert_same(first, keyed(told, "/v1/developments", claim()))


def test_an_answer_outlives_the_server_that_was_killed(running: tuple[Served, Api]) -> None:
    served, api = running
    set_the_stage(api)
    first = keyed(api, "/v1/developments", unnamed())
    served.kill()
    served.start()
    assert_same(first, keyed(api, "/v1/developments", unnamed()))


def test_another_process_knows_the_key(database_url: str) -> None:
    with in_process(database_url) as one, in_process(database_url, one.keys) as other:
        set_the_stage(one)
        assert_same(keyed(one, "/v1/developments", unnamed()), keyed(other, "/v1/developments", unnamed()))
