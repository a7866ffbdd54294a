"""What made the changes of a comparison: how it stands on both sides, and by which events of the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.registry import ActorRegistered
from domain.standpoints import Reason, Speaker, Standing, Standpoint, explain, standing_of
from ledger.reading import read_streams
from projections.reading.developments import DevelopmentRevision, list_revisions
from projections.reading.moments import Moment

RECORDED: frozenset[Reason] = frozenset({"recorded", "not-recorded", "corrected", "retracted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What made a change: developments, and actors that were described anew, by id."""

    developments: tuple[str, ...]
    actors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A revision recorded between the two sides, with the one before it."""

    revision: DevelopmentRevision
    before: DevelopmentRevision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """A development that made a difference; `reasons` are read from the one side to the other.

    `steps` are the events behind the reasons that the recorded clock is behind.
    """

    development: str
    reasons: tuple[Reason, ...]
    one: Standing
    other: Standing
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """When and by whom an actor was described so that it is somebody else's voice, or something else."""

    log_position: int
    revision: int
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorMaker:
    """An actor that speaks otherwise, or is of another kind, on one side; None where it was unknown."""

    actor: str
    one: Speaker | None
    other: Speaker | None
    descriptions: tuple[Description, ...]


class MakerReader:
    """Reads what is behind the makers of the changes between two sides."""

    def __init__(self, moment: Moment, one: Standpoint, other: Standpoint) -> None:
        positions = one.log_position, other.log_position
        self._after, self._until = min(positions), max(positions)
        self._moment = replace(moment, position=self._until)
        self._one, self._other = one, other

    def spans(self, position: int) -> bool:
        """Whether what has this log position was recorded between the two sides."""
        return self._after < position <= self._until

    def made(self, names: Iterable[str], *, actors: Iterable[str] = (), voiced: bool = True) -> Made:
        """What made a change, with the actors behind it where a voice may be a reason."""
        developments = tuple(names)
        described = {*actors, *(self._described(developments) if voiced else ())}
        return Made(developments=developments, actors=tuple(sorted(described)))

    def _described(self, names: Iterable[str]) -> Iterator[str]:
        for name in names:
            if "voice" in explain(name, self._one, self._other):
                for body in (self._one.body_of(name), self._other.body_of(name)):
                    spoke_for = {side.voice_of(body) for side in (self._one, self._other) if body is not None}
                    if body is not None and body.by is not None and len(spoke_for) > 1:
                        yield body.by

    def list_developments(self, names: Collection[str], claims: Collection[str]) -> Iterator[Maker]:
        """The developments by id; links count where one of the `claims` stands at either end."""
        for name, steps in self._steps(sorted(names)).items():
            reasons = explain(name, self._one, self._other)
            recorded = not RECORDED.isdisjoint(reasons)
            kept = [step for step in steps if _is_behind(step, claims, recorded=recorded)]
            linked = any(step.revision.change == "linked" for step in kept)
            yield Maker(
                development=name,
                reasons=(*reasons, "linked") if linked else reasons,
                one=standing_of(name, self._one, self._other),
                other=standing_of(name, self._other, self._one),
                steps=tuple(kept),
            )

    def _steps(self, names: list[str]) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {name: [] for name in names}
        before: dict[str, DevelopmentRevision] = {}
        for revision in list_revisions(self._moment, names) if names else ():
            name = revision.body.id
            if self.spans(revision.log_position):
                found[name].append(Step(revision=revision, before=before.get(name)))
            before[name] = revision
        return found

    def list_actors(self, names: Collection[str]) -> Iterator[ActorMaker]:
        """The actors by id."""
        found: dict[str, list[Description]] = {name: [] for name in sorted(names)}
        was: dict[str, tuple[str, str]] = {}
        for recorded in read_streams(self._moment.connection, [f"actor:{name}" for name in found]):
            match recorded.event:
                case ActorRegistered(id=name) as actor:
                    if self.spans(recorded.log_position) and was.get(name) != (actor.voice, actor.kind):
                        description = Description(
                            log_position=recorded.log_position,
                            revision=recorded.version,
                            recorded_at=recorded.recorded_at,
                            recorded_by=recorded.recorded_by,
                        )
                        found[name].append(description)
                    was[name] = actor.voice, actor.kind
        for name, descriptions in found.items():
            speakers = self._one.speakers.get(name), self._other.speakers.get(name)
            yield ActorMaker(actor=name, one=speakers[0], other=speakers[1], descriptions=tuple(descriptions))


def _is_behind(step: Step, claims: Collection[str], *, recorded: bool) -> bool:
    """Whether a revision made a difference: a link at a claim, anything else where the record is a reason."""
    if step.revision.change == "linked":
        return step.revision.body.id in claims or step.revision.detail["to"] in claims
    return recorded
