"""What all writes have in common: who writes, against which revision, under which key, and the receipt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Annotated, Protocol, TypeVar

import structlog
from anyio.to_thread import run_sync
from fastapi import Depends, Request, Response

from api.access import ServicesDep
from api.answers import JSON
from api.coalescing import Coalesced, Outcomes
from api.composition import Services
from api.idempotency import once_for
from api.receipts import NOT_KNOWN, Alike, tell_correction, tell_dossier, tell_revision, tell_thing
from domain.errors import Fault, InvalidInput, Unavailable
from domain.kinds.envelope import Development
from domain.likeness import Voiced
from domain.registry import ActorRegistered, LocationRegistered
from domain.streams import Thing, what_of
from intake.batches import Batch
from ledger.application import Authorship
from ledger.idempotency import AlreadyAnswered, Answer, Once, complete_answer
from ledger.keys import Principal
from ledger.recording import Item, Outcome, Receipt
from ledger.revising import Revised
from projections.reading.duplicates import find_duplicates
from projections.reading.lookalikes import Sought

log = structlog.get_logger(__name__)

BRIEF = 100
"""An answer about so many things is made at once; about more, on another thread, so that nobody waits."""


class _Told(Protocol):
    """What the ledger tells of a write."""

    @property
    def log_position(self) -> int | None: ...


T = TypeVar("T", bound=_Told)


def request_id_of(request: Request) -> str:
    """The id that the request has in the log of the service: its own, if it came with a sane one."""
    given: str = request.state.request_id
    return given


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

    async def record(
        self, principal: Principal, event: Thing | None, faults: Sequence[Fault], text: str | None = None
    ) -> Response:
        """Records one thing: 201 when it is new, 200 when it was there already with the same content."""
        if event is None or faults:
            raise InvalidInput(faults)
        ledger = self._services.ledger
        outcomes: Outcomes = self._request.app.state.outcomes
        recording = ledger.recording(
            [Item(event=event, text=text)],
            recorded_by=principal.name,
            request_id=request_id_of(self._request),
        )
        return await self.write(
            principal,
            lambda once: outcomes.wait_for(ledger.submit(recording, once)),
            tell_thing,
            lambda recorded: sought_of(recorded.outcomes),
        )

    async def record_all(self, principal: Principal, entries: Batch) -> Response:
        """Records everything or nothing: 201 when any of it is new."""

        def record(once: Once | None) -> Receipt:
            return self._services.ledger.record(
                entries.items,
                recorded_by=principal.name,
                request_id=request_id_of(self._request),
                found=entries.found,
                once=once,
            )

        return await self.write(
            principal,
            lambda once: run_sync(record, once),
            tell_dossier,
            lambda recorded: sought_of(recorded.outcomes),
            at_length=len(entries.items) > BRIEF,
        )

    async def describe(
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
        return await self.revise(principal, what_of(body), identifier, partial(use_case, body))

    async def correct(
        self, principal: Principal, body: Development, use_case: Callable[..., Revised]
    ) -> Response:
        """Carries out a correction, and tells what the development looks like now."""
        return await self.write(
            principal,
            self._revising(principal, use_case),
            partial(tell_correction, body.id),
            lambda revised: [Sought(body=body, before=revised.log_position)],
        )

    async def revise(
        self, principal: Principal, what: str, identifier: str, use_case: Callable[..., Revised]
    ) -> Response:
        """Carries out a change to one thing; the use case takes an Authorship."""
        work = self._revising(principal, use_case)
        return await self.write(principal, work, partial(tell_revision, what, identifier))

    def _revising(
        self, principal: Principal, use_case: Callable[..., Revised]
    ) -> Callable[[Once | None], Awaitable[Revised]]:
        """A change to one thing on a thread of its own. Raises InvalidInput for a bad `If-Match`."""
        authorship: Authorship = {
            "recorded_by": principal.name,
            "request_id": request_id_of(self._request),
            "expected_revision": expected_revision(self._request.headers.get("if-match")),
        }
        return lambda once: run_sync(lambda: use_case(**authorship, once=once))

    async def write(
        self,
        principal: Principal,
        work: Callable[[Once | None], Awaitable[T]],
        tell: Callable[[T, Alike], Answer],
        seek: Callable[[T], Sequence[Sought]] = lambda _: (),
        *,
        at_length: bool = False,
    ) -> Response:
        """Has the work done, once if the request names a key, and answers.

        `tell` makes the answer, on another thread when there is much to tell `at_length`; `seek` says of
        which reports those like them are told.
        """
        once = await once_for(self._request, principal, lambda told: tell(told, NOT_KNOWN))
        with self._services.ledger.in_flight.enter(once):
            try:
                told = await work(once)
            except AlreadyAnswered as before:
                return _response(before.answer)
            self._services.reader.note_written(told.log_position or 0)
            sought = seek(told)
            alike = await self._find_duplicates(sought) if sought else NOT_KNOWN
            answer = await run_sync(tell, told, alike) if at_length else tell(told, alike)
            if once and alike:
                await run_sync(self._complete, once, answer)
        return _response(answer)

    async def _find_duplicates(self, sought: Sequence[Sought]) -> Alike:
        """The reports like each of those recorded; nothing when that cannot be told right now."""
        together: Coalesced[Sought, tuple[Voiced, ...]] = self._request.app.state.duplicates
        try:
            if len(sought) == 1:
                return {sought[0].body.id: await together(sought[0])}
            found = await run_sync(find_duplicates, self._services.database, sought)
        except Unavailable as error:
            log.info("duplicates unknown", reason=error.message)
            return NOT_KNOWN
        except Exception:
            log.warning("duplicates unknown", exc_info=True)
            return NOT_KNOWN
        return {each.body.id: alike for each, alike in zip(sought, found, strict=True)}

    def _complete(self, once: Once, answer: Answer) -> None:
        """Has the stored answer say what was told after the commit. Without it, it says that nobody knows."""
        try:
            with self._services.database.connection() as connection:
                complete_answer(connection, once, answer.body)
        except Unavailable as error:
            log.info("answer kept without duplicates", reason=error.message)


async def writing(request: Request, services: ServicesDep) -> Writing:
    """A dependency: the request as one that writes."""
    return Writing(request, services)


WritingDep = Annotated[Writing, Depends(writing)]


def wrong_address(path: str, body: str, address: str) -> Fault:
    """The fault of a body that is about something else than the address it was sent to."""
    message = f"The body is about {body!r}, the address about {address!r}."
    return Fault(path=path, message=message, code="bad-reference")


def sought_of(outcomes: Iterable[Outcome]) -> list[Sought]:
    """What is new is compared with what was recorded before it. What is sent again is compared with the whole
    log: its sender may have missed the answer, and whatever came later.
    """
    reported = {
        outcome.item.event.id: Sought(
            body=outcome.item.event, before=outcome.log_position if outcome.status == "new" else None
        )
        for outcome in outcomes
        if isinstance(outcome.item.event, Development)
    }
    return list(reported.values())


def _response(answer: Answer) -> Response:
    return Response(answer.body, status_code=answer.status, media_type=JSON, headers=dict(answer.headers))
