"""Many developments in one request, each recorded by itself, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import uuid_utils
from fastapi import Request, Response

from api.bodies import fields_within
from api.coalescing import Outcomes
from api.composition import Services
from api.errors import problem_of
from api.problems import Problem
from api.receipts import Alike, answer_of
from api.shapes import receipts
from api.writing import Writing, request_id_of, sought_of
from domain.errors import Fault, InvalidInput, PalimpsestError
from domain.kinds.envelope import Development
from intake.entries import Context, read_development
from ledger.idempotency import Answer
from ledger.keys import Principal
from ledger.recording import Item
from ledger.recordings import RecordingEach, Results

MOST = 500
"""So many developments are taken at once: they are decided while others wait for the log."""

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["items"],
                    "additionalProperties": False,
                    "properties": {
                        "items": {
                            "type": "array",
                            "maxItems": MOST,
                            "items": {"$ref": "#/components/schemas/DevelopmentWritten"},
                            "description": "Each may point at those before it.",
                        }
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One item of a batch as it was read, with the id it was sent with: a development, or what is wrong."""

    id: str | None
    development: Development | None
    faults: Sequence[Fault]


def read_batch(written: object) -> list[Read]:
    """The items of a body. Raises InvalidInput when it is no batch."""
    items = fields_within(written, ("items",)).get("items")
    if not isinstance(items, list):
        raise InvalidInput([Fault(path="items", message="Send a list of developments.", code="missing")])
    if len(items) > MOST:
        message = f"These are {len(items)} developments; at most {MOST} are taken at once."
        raise InvalidInput([Fault(path="items", message=message, code="too-many")])
    return [_read(item) for item in items]


def _read(written: object) -> Read:
    identifier = written.get("id") if isinstance(written, dict) else None
    development, faults = read_development(named(written), Context())
    return Read(
        id=identifier if isinstance(identifier, str) else None, development=development, faults=faults
    )


def named(written: object) -> object:
    """An entry with an id: its own, or a new one."""
    if isinstance(written, dict) and written.get("id") is None:
        return {**written, "id": str(uuid_utils.uuid7())}
    return written


async def record_batch(
    request: Request, services: Services, principal: Principal, batch: Sequence[Read]
) -> Response:
    """Records what can be recorded: 201 when any of it is new, 200 when none is, 207 when anything failed."""
    ledger = services.ledger
    outcomes: Outcomes = request.app.state.outcomes
    made = [
        ledger.recording(
            [Item(event=read.development)],
            recorded_by=principal.name,
            request_id=request_id_of(request),
        )
        for read in batch
        if read.development is not None
    ]

    def tell(results: Results, alike: Alike) -> Answer:
        problems = dict(_find_problems(request, batch, results))
        shape = receipts.batch_receipt(results, problems, alike)
        return answer_of(shape, 207 if shape.failed else 201 if shape.new else 200)

    return await Writing(request, services).write(
        principal,
        lambda once: outcomes.wait_for(ledger.submit(RecordingEach(made), once)),
        tell,
        lambda results: sought_of(outcome for each in results.receipts for outcome in each.outcomes),
        at_length=True,
    )


def _find_problems(
    request: Request, batch: Sequence[Read], results: Results
) -> list[tuple[int, tuple[str | None, Problem]]]:
    """What is wrong with items, by their place: found when they were read, or when they were decided."""
    decided = iter(results.each)
    found = []
    for place, read in enumerate(batch):
        result = next(decided) if read.development is not None else InvalidInput(read.faults)
        if isinstance(result, PalimpsestError):
            found.append((place, (read.id, problem_of(request, result))))
    return found
