"""A writer that keeps a pace, in a process of its own: `python -m bench.pacing '{"conninfo": ..., ...}'`.

It is an open loop: what is late does not put off what comes after it, and waits are counted from the moment
at which a development was due. Prints one JSON object: `seconds` in all, and `waits` in milliseconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.appending import CLIENTS
from bench.generating import PLACES, developments, split_answered
from domain.kinds.envelope import Development
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item


def told_at(rate: int, seconds: int, seed: int) -> tuple[list[Development], list[Development]]:
    """What a writer tells, from a seed: what others answer, to be recorded beforehand, and what is paced."""
    told = list(developments(rate * seconds * 3 // 2, PLACES, seed=seed, prefix=f"p{seed}-"))
    answered, rest = split_answered(told)
    return answered, rest[: rate * seconds]


def keep_pace(ledger: Ledger, told: Sequence[Development], rate: int) -> dict[str, object]:
    """Records one development after the other when it is due, by as many threads as it takes up to 64."""
    waits: list[float] = []

    def record(development: Development, due: float) -> None:
        ledger.record([Item(event=development)], recorded_by="bench")
        waits.append((time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(CLIENTS) as pool:
        started = time.perf_counter()
        pending = []
        for number, development in enumerate(told):
            due = started + number / rate
            if (early := due - time.perf_counter()) > 0:
                time.sleep(early)
            pending.append(pool.submit(record, development, due))
        for each in pending:
            each.result()
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "waits": waits}


def main() -> None:
    """Keeps the pace that the argument asks for."""
    given = json.loads(sys.argv[1])
    _, told = told_at(given["rate"], given["seconds"], given["seed"])
    with Database(given["conninfo"], pool_size=24) as database, Ledger(database) as ledger:
        print(json.dumps(keep_pace(ledger, told, given["rate"])))


if __name__ == "__main__":
    main()
