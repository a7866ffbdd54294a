"""The client of UmaDB, run by the Python of its own environment. Takes one JSON argument, prints one."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from umadb import (  # type: ignore[import-not-found]  # it is in another environment
    AppendCondition,
    Client,
    Event,
    Query,
    QueryItem,
)


def event_of(payload: dict[str, str]) -> Event:
    """A payload as the store wants it."""
    tag = f"development:{payload['id']}"
    return Event(payload["topic"], payload["state"].encode(), [tag], uuid4())


def as_new(event: Event) -> AppendCondition:
    """Refuses the event when its id is taken, as an expected version does elsewhere."""
    return AppendCondition(Query([QueryItem(tags=event.tags)]))


def append(client: Client, given: dict[str, Any], payloads: list[dict[str, str]]) -> dict[str, object]:
    """One request for each event, by so many clients that each wait for one before the next."""
    events = [event_of(payload) for payload in payloads]

    def write(event: Event) -> None:
        client.append([event], as_new(event))

    with ThreadPoolExecutor(given["clients"]) as pool:
        list(pool.map(write, events[: given["warm_up"]]))
        return timed(lambda: list(pool.map(write, events[given["warm_up"] :])))


def append_in_batches(
    client: Client, given: dict[str, Any], payloads: list[dict[str, str]]
) -> dict[str, object]:
    """One request after the other, each of many events, without a condition."""
    events = [event_of(payload) for payload in payloads]
    batches = [events[start : start + given["batch"]] for start in range(0, len(events), given["batch"])]

    def write() -> None:
        for batch in batches:
            client.append(batch)

    return timed(write)


def catch_up(client: Client, _given: dict[str, Any], _payloads: list[dict[str, str]]) -> dict[str, object]:
    """Reads all events from the first on and counts them; nothing is kept."""
    counted = 0

    def read() -> None:
        nonlocal counted
        response = client.read()
        while batch := response.next_batch():
            counted += sum(1 for each in batch if json.loads(each.event.data))

    return {**timed(read), "counted": counted}


def list_ids(client: Client, _given: dict[str, Any], _payloads: list[dict[str, str]]) -> dict[str, object]:
    """The ids of everything that is stored."""
    return {"ids": [tag.partition(":")[2] for each in client.read() for tag in each.event.tags]}


def timed(work: Callable[[], object]) -> dict[str, object]:
    """Seconds that the work takes, and the processor time this process spends on it."""
    spent, started = time.process_time(), time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - started, "client_cpu": time.process_time() - spent}


def main() -> None:
    """Does the work that the argument names."""
    given = json.loads(sys.argv[1])
    lines = Path(given["payloads"]).read_text(encoding="utf-8").splitlines() if given.get("payloads") else []
    works = {"append": append, "appendInBatches": append_in_batches, "catchUp": catch_up, "listIds": list_ids}
    client = Client(given["address"])
    print(json.dumps(works[given["work"]](client, given, [json.loads(line) for line in lines])))


if __name__ == "__main__":
    main()
