"""Conditions of a place (encirclement, fighting, supply cut, presence), visits and population.

A condition stands from its effect until it is lifted by the voice that reported it. Nothing expires by
itself, so each carries since when and when it was last reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kinds.envelope import Condition, Development, Mode
from domain.kinds.happenings import PopulationReported, VisitReported
from domain.positions import PlaceView, in_effect_order
from domain.times import When


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCondition:
    """A condition as one voice reports it in one mode; `last` is the latest of the reports."""

    condition: Condition
    voice: str | None
    mode: Mode
    since: datetime
    last: Development
    because: tuple[str, ...]

    @property
    def force(self) -> str | None:
        """The force concerned, where the kind names one."""
        return getattr(self.last, "force", None)

    @property
    def last_reported(self) -> datetime:
        """When the latest of the reports became public, at the earliest."""
        return self.last.reported.earliest


@dataclass(frozen=True, slots=True, kw_only=True)
class Encirclement:
    """A force said to be encircled."""

    force: str
    encircled_by: str | None
    strength: str | None
    area: str | None
    voice: str | None
    mode: Mode
    since: datetime
    last_reported: datetime
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceCondition:
    """A force said to be cut off from supply, or to be present."""

    force: str | None
    voice: str | None
    mode: Mode
    since: datetime
    last_reported: datetime
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fighting:
    """Fighting said to go on, over all voices that report it."""

    since: datetime
    last_reported: datetime
    voices: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The latest visit reported."""

    visitor: str
    office: str | None
    purpose: str | None
    occurred: When
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The latest count of people reported."""

    count: int
    as_of_text: str | None
    occurred: When
    because: tuple[str, ...]


def standing_conditions(view: PlaceView, before: datetime) -> list[StandingCondition]:
    """The conditions that stand under the bound, one for each condition, voice, mode and force."""
    standing: dict[tuple[Condition, str | None, Mode, str | None], list[Development]] = {}
    bearing = (each for each in view.developments if each.condition is not None or each.lifts is not None)
    for development in in_effect_order(bearing, before):
        voice, force = view.voice_of(development), getattr(development, "force", None)
        if development.condition is not None and not _is_over(development, before):
            key = (development.condition, voice, development.mode, force)
            standing.setdefault(key, []).append(development)
        elif development.lifts is not None:
            for key in [key for key in standing if _lifts(development, voice, force, key)]:
                del standing[key]
    return [
        StandingCondition(
            condition=condition,
            voice=voice,
            mode=mode,
            since=reports[0].occurred.earliest,
            last=max(reports, key=lambda report: (report.reported.earliest, report.id)),
            because=tuple(report.id for report in reports),
        )
        for (condition, voice, mode, _), reports in standing.items()
    ]


def _is_over(development: Development, before: datetime) -> bool:
    return development.during == "throughout" and before > development.occurred.ends


def _lifts(
    development: Development,
    voice: str | None,
    force: str | None,
    key: tuple[Condition, str | None, Mode, str | None],
) -> bool:
    condition, reporter, _, reported_force = key
    return development.lifts == condition and reporter == voice and force in (None, reported_force)


def list_encirclements(standing: Sequence[StandingCondition]) -> list[Encirclement]:
    """The encirclements among the standing conditions."""
    return [
        Encirclement(
            force=entry.force or "",
            encircled_by=getattr(entry.last, "encircled_by", None),
            strength=getattr(entry.last, "strength", None),
            area=getattr(entry.last, "area", None),
            voice=entry.voice,
            mode=entry.mode,
            since=entry.since,
            last_reported=entry.last_reported,
            because=entry.because,
        )
        for entry in _of("encirclement", standing)
    ]


def list_force_conditions(
    condition: Condition, standing: Sequence[StandingCondition]
) -> list[ForceCondition]:
    """The supply cuts, or the presences, among the standing conditions."""
    return [
        ForceCondition(
            force=entry.force,
            voice=entry.voice,
            mode=entry.mode,
            since=entry.since,
            last_reported=entry.last_reported,
            because=entry.because,
        )
        for entry in _of(condition, standing)
    ]


def sum_up_fighting(standing: Sequence[StandingCondition]) -> Fighting | None:
    """The fighting over all voices, or None when nobody reports any."""
    entries = list(_of("fighting", standing))
    if not entries:
        return None
    return Fighting(
        since=min(entry.since for entry in entries),
        last_reported=max(entry.last_reported for entry in entries),
        voices=tuple(sorted({entry.voice for entry in entries if entry.voice is not None})),
        because=tuple(reason for entry in entries for reason in entry.because),
    )


def _of(condition: Condition, standing: Sequence[StandingCondition]) -> Iterator[StandingCondition]:
    return (entry for entry in standing if entry.condition == condition)


def find_last_visit(view: PlaceView, before: datetime) -> Visit | None:
    """The visit that took place last, or None."""
    visits = [each for each in view.developments if isinstance(each, VisitReported)]
    if not (visits := in_effect_order(visits, before)):
        return None
    last = visits[-1]
    return Visit(
        visitor=last.visitor,
        office=last.office,
        purpose=last.purpose,
        occurred=last.occurred,
        because=(last.id,),
    )


def find_population(view: PlaceView, before: datetime) -> Population | None:
    """The count that applies to the latest time, or None."""
    counts = [each for each in view.developments if isinstance(each, PopulationReported)]
    if not (counts := in_effect_order(counts, before)):
        return None
    last = counts[-1]
    return Population(
        count=last.count, as_of_text=last.as_of_text, occurred=last.occurred, because=(last.id,)
    )
