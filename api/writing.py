"""What all writes have in common: who writes, against which revision, and the receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Response
from pydantic import BaseModel

from api.access import ServicesDep
from api.answers import JSON
from api.composition import Services
from api.shapes import receipts
from domain.errors import Fault, InvalidInput, Unavailable
from domain.kinds.envelope import Development
from domain.likeness import Voiced
from domain.registry import ActorRegistered, LocationRegistered
from domain.streams import Thing, what_of
from intake.batches import Batch
from ledger.application import Authorship, Revised
from ledger.keys import Principal
from ledger.recording import Item, Outcome
from projections.reading.duplicates import find_duplicates
from projections.reading.lookalikes import Sought

log = structlog.get_logger(__name__)

# Where each thing is read after it was written.
PATHS = {"development": "developments", "location": "locations", "actor": "actors", "document": "documents"}


def request_id_of(request: Request) -> str | None:
    """The id that the client gave the request, shortened to what is worth keeping."""
    given = request.headers.get("x-request-id", "").strip()
    return given[:120] or None if given.isprintable() else None


def expected_revision(header: str | None) -> int | None:
    """The revision that an `If-Match` header names: a bare one, or that of an ETag of ours.

    Raises InvalidInput.
    """
    if header is None or header.strip() == "*":
        return None
    named = header.strip().removeprefix("W/").strip('"').partition(".")[0]
    if not (named.isascii() and named.isdigit()) or len(named) > 9:
        message = "Name the revision you saw: send back the ETag of the answer you read."
        raise InvalidInput([Fault(path="header.If-Match", message=message, code="bad-value")])
    return int(named)


class Writing:
    """One request that writes."""

    def __init__(self, request: Request, services: Services) -> None:
        self._request = request
        self._services = services

    def authorship(self, principal: Principal) -> Authorship:
        """Who revises something, in which request, and against which revision. Raises InvalidInput."""
        return {
            "recorded_by": principal.name,
            "request_id": request_id_of(self._request),
            "expected_revision": expected_revision(self._request.headers.get("if-match")),
        }

    def record(
        self, principal: Principal, event: Thing | None, faults: Sequence[Fault], text: str | None = None
    ) -> Response:
        """Records one thing: 201 when it is new, 200 when it was there already with the same content."""
        if event is None or faults:
            raise InvalidInput(faults)
        recorded = self._services.ledger.record(
            [Item(event=event, text=text)],
            recorded_by=principal.name,
            request_id=request_id_of(self._request),
        )
        [outcome] = recorded.outcomes
        self._services.reader.note_written(recorded.log_position or 0)
        status = 201 if outcome.status == "new" else 200
        headers = _whereabouts(what_of(event), event.id, outcome.revision)
        if not isinstance(event, Development):
            return _response(receipts.receipt(recorded), status, headers)
        duplicates = self._find_duplicates([_sought(event, outcome)])
        shape = receipts.development_receipt(recorded, duplicates.get(event.id))
        return _response(shape, status, headers)

    def record_all(self, principal: Principal, entries: Batch) -> Response:
        """Records everything or nothing: 201 when any of it is new."""
        recorded = self._services.ledger.record(
            entries.items,
            recorded_by=principal.name,
            request_id=request_id_of(self._request),
            found=entries.found,
        )
        self._services.reader.note_written(recorded.log_position or 0)
        reported = {
            outcome.item.event.id: _sought(outcome.item.event, outcome)
            for outcome in recorded.outcomes
            if isinstance(outcome.item.event, Development)
        }
        shape = receipts.dossier_receipt(recorded, self._find_duplicates(list(reported.values())))
        return _response(shape, 201 if shape.new else 200)

    def describe(
        self,
        principal: Principal,
        body: LocationRegistered | ActorRegistered | None,
        faults: Sequence[Fault],
        identifier: str,
        use_case: Callable[..., Revised],
    ) -> Response:
        """Describes a place or an actor anew, after checking that the body is about it."""
        if body is None or faults:
            raise InvalidInput(faults)
        if body.id != identifier:
            raise InvalidInput([wrong_address("id", body.id, identifier)])
        return self.revised(what_of(body), identifier, use_case(body, **self.authorship(principal)))

    def corrected(self, body: Development, revised: Revised) -> Response:
        """The receipt of a correction."""
        self._services.reader.note_written(revised.log_position)
        headers = _whereabouts("development", body.id, revised.revision)
        duplicates = self._find_duplicates([Sought(body=body, before=revised.log_position)])
        return _response(receipts.correction_receipt(body.id, revised, duplicates.get(body.id)), 201, headers)

    def revised(self, what: str, identifier: str, revised: Revised) -> Response:
        """The receipt of a new revision."""
        self._services.reader.note_written(revised.log_position)
        headers = _whereabouts(what, identifier, revised.revision)
        return _response(receipts.revision_receipt(identifier, revised), 201, headers)

    def _find_duplicates(self, sought: Sequence[Sought]) -> dict[str, tuple[Voiced, ...]]:
        """The reports like each of those recorded, by its id; nothing when that cannot be told right now."""
        try:
            found = find_duplicates(self._services.database, sought)
        except Unavailable as error:
            log.info("duplicates unknown", reason=error.message)
            return {}
        except Exception:
            log.warning("duplicates unknown", exc_info=True)
            return {}
        return {each.body.id: alike for each, alike in zip(sought, found, strict=True)}


async def writing(request: Request, services: ServicesDep) -> Writing:
    """A dependency: the request as one that writes."""
    return Writing(request, services)


WritingDep = Annotated[Writing, Depends(writing)]


def wrong_address(path: str, body: str, address: str) -> Fault:
    """The fault of a body that is about something else than the address it was sent to."""
    message = f"The body is about {body!r}, the address about {address!r}."
    return Fault(path=path, message=message, code="bad-reference")


def _sought(body: Development, outcome: Outcome) -> Sought:
    """What is new is compared with what was recorded before it. What is sent again is compared with the whole
    log: its sender may have missed the answer, and whatever came later.
    """
    return Sought(body=body, before=outcome.log_position if outcome.status == "new" else None)


def _whereabouts(what: str, identifier: str, revision: int | None) -> dict[str, str]:
    return {"Location": f"/v1/{PATHS[what]}/{identifier}", "ETag": f'"{revision}"'}


def _response(shape: BaseModel, status: int, headers: dict[str, Any] | None = None) -> Response:
    return Response(shape.model_dump_json(), status_code=status, media_type=JSON, headers=headers)
