"""A client of the event stream that reads by the specification (HTML, server-sent events, 9.2.6)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

STREAM = "/v1/events/stream"


Event = dict[str, Any]
"""What a client is told of one event: its `id`, its name as `event`, the decoded `data`."""


class Stream:
    """What arrives on one connection: `last_id` is what a browser would send when it comes back."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self.last_id = ""
        self.comments: list[str] = []
        self.retry: int | None = None
        self.events = self._parse(response.iter_lines())

    def take(self, count: int) -> list[Event]:
        """The next events, so many."""
        return [next(self.events) for _ in range(count)]

    def _parse(self, lines: Iterator[str]) -> Iterator[Event]:
        kind, data = "message", list[str]()
        for line in lines:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if data:
                    yield {"id": int(self.last_id), "event": kind, "data": json.loads("\n".join(data))}
                kind, data = "message", []
            elif not name:
                self.comments.append(value)
            elif name == "id":
                self.last_id = value
            elif name == "retry":
                self.retry = int(value)
            elif name == "event":
                kind = value
            elif name == "data":
                data.append(value)


@contextmanager
def following(
    url: str, *, last_id: str | None = None, key: str | None = None, **query: Any
) -> Iterator[Stream]:
    """An event stream of a server; it fails the test when nothing comes for a long while."""
    headers = {"Accept": "text/event-stream"}
    if last_id is not None:
        headers["Last-Event-ID"] = last_id
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    with (
        httpx2.Client(base_url=url, timeout=30) as client,
        client.stream("GET", STREAM, params=query or None, headers=headers) as response,
    ):
        yield Stream(response)
