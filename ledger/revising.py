"""Changes to one recorded thing: each a decision about it that answers the event to append."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from domain.catalogue import Event
from domain.editorial import Corrected, Linked, LinkType, Retracted, reason_faults
from domain.errors import AlreadyRetracted, Fault, InvalidInput, NotFound, RevisionConflict
from domain.kinds.envelope import Development
from domain.references import References
from domain.registry import ActorDescribed, ActorRegistered, LocationDescribed, LocationRegistered
from domain.streams import Current, Thing
from ledger.appending import Appended
from ledger.commands import Decision, Places, present
from ledger.differences import find_differences
from ledger.known import Known, Recorded
from ledger.recording import to_stored_event

Change = Callable[[Current, Known], Event]
"""Answers the event that changes the thing. Raises InvalidInput, AlreadyRetracted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A thing has this revision from this log position on."""

    revision: int
    log_position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A change to one thing, as a command. `points_at` are streams that the change looks at.

    With `expected_revision` it is refused when the thing is at another one by then.
    """

    what: str
    identifier: str
    change: Change
    points_at: frozenset[str] = frozenset()
    recorded_by: str
    request_id: str | None = None
    expected_revision: int | None = None

    @property
    def streams(self) -> frozenset[str]:
        """The thing's own, and those that the change points at."""
        return self.points_at | {self._stream}

    @property
    def size(self) -> int:
        """A revision is one event."""
        return 1

    @property
    def _stream(self) -> str:
        return f"{self.what}:{self.identifier}"

    def decide(self, recorded: Recorded) -> Decision[Revised]:
        """The next version of the stream. Raises NotFound, RevisionConflict, and what the change raises."""
        loaded = recorded.find(self._stream)
        if loaded is None:
            raise NotFound(self.what, self.identifier)
        standing, expected = loaded.current.revision, self.expected_revision
        if expected is not None and expected != standing:
            raise RevisionConflict(self.identifier, expected=expected, actual=standing)
        event = self.change(loaded.current, Known(recorded))
        stored = to_stored_event(self._stream, standing + 1, event, self.recorded_by, self.request_id)

        def tell(appended: Appended | None, _: Places) -> Revised:
            own = present(appended)
            return Revised(revision=standing + 1, log_position=own.positions[0], recorded_at=own.recorded_at)

        return Decision(events=[stored], tell=tell)


def correction(body: Development, reason: str) -> Change:
    """Replaces the whole development."""

    def change(current: Current, known: Known) -> Event:
        _refuse_retracted(current)
        _raise_if_any([*reason_faults(reason), *_body_faults(current, body, known)])
        return Corrected(reason=reason, body=body)

    return change


def retraction(reason: str) -> Change:
    """Takes the development back."""

    def change(current: Current, known: Known) -> Event:
        _refuse_retracted(current)
        _raise_if_any(reason_faults(reason))
        return Retracted(reason=reason)

    return change


def link(kind: LinkType, to: str, reason: str | None) -> Change:
    """Ties the development to another one."""

    def change(current: Current, known: Known) -> Event:
        _refuse_retracted(current)
        linked = Linked(type=kind, to=to, reason=reason)
        faults = list(linked.find_faults())
        if to == current.body.id:
            faults.append(
                Fault(path="to", message="A development is not linked to itself.", code="bad-reference")
            )
        elif not faults and known.find("development", to) is None:
            message = f"There is no development with the id {to!r}."
            faults.append(Fault(path="to", message=message, code="unknown-development"))
        if any((each.type, each.to) == (kind, to) for each in current.links):
            faults.append(_nothing_changed())
        _raise_if_any(faults)
        return linked

    return change


def location_description(body: LocationRegistered) -> Change:
    """Describes a place anew, whole."""

    def change(current: Current, known: Known) -> Event:
        _raise_if_any(_body_faults(current, body, known))
        return LocationDescribed(
            **{field.name: getattr(body, field.name) for field in fields(LocationRegistered)}
        )

    return change


def actor_description(body: ActorRegistered) -> Change:
    """Describes an actor anew, whole."""

    def change(current: Current, known: Known) -> Event:
        _raise_if_any(_body_faults(current, body, known))
        return ActorDescribed(**{field.name: getattr(body, field.name) for field in fields(ActorRegistered)})

    return change


def _body_faults(current: Current, body: Thing, known: Known) -> list[Fault]:
    """What is wrong with the new content of a thing, and was not with what it replaces.

    What that points at was in order when it was recorded, and may have been retracted or taken away since.
    """
    references = References(known)
    stood = [*references.find_faults(current.body)]
    faults = [*body.find_faults(), *(fault for fault in references.find_faults(body) if fault not in stood)]
    if body.id != current.body.id:
        message = f"The id stays {current.body.id!r}; {body.id!r} is another one."
        faults.insert(0, Fault(path="id", message=message, code="bad-id"))
    if not find_differences(current.body, body):
        faults.append(_nothing_changed())
    return faults


def _nothing_changed() -> Fault:
    return Fault(path="", message="This changes nothing: it is recorded like that already.", code="no-change")


def _refuse_retracted(current: Current) -> None:
    if current.retracted:
        raise AlreadyRetracted(current.body.id)


def _raise_if_any(faults: Iterable[Fault]) -> None:
    found = list(faults)
    if found:
        raise InvalidInput(found)
