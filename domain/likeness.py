"""Whether two developments may be one report, recorded twice, by the rule `likeness/1` (docs/duplicates.md).

They are alike when all of this is so:

- they are two: their ids differ
- they are of the same kind
- they share at least one place
- they speak with the same voice; two that name nobody speak alike
- their windows of `occurred` overlap; windows are half-open, so one that begins where the other ends does not
- where parties are said to hold the place (`holder`, or those of `control`), at least one is the same
- every other id that both give is the same: the claim answered, `force`, `encircled_by`, `visitor`

Amounts and words tell nothing apart (`share`, `count`, `summary`, `part`, `weapon` ...): one report is told
with many numbers and in many words. Nor does an id that only one of them gives.

Likeness is a hint for people. It is symmetric, and it is not transitive: a long window overlaps two short
ones that do not overlap each other. Which developments are told of is for the caller: none that was
retracted, and none that is joined already (`find_joined`).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.kinds.envelope import Development
from domain.reports import reach
from domain.times import When

RULE = "likeness/1"
LOOKED_AT = 100
"""Of the reports of one kind and voice at one place, so many are looked at on either side of a start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiced:
    """A development, and the voice that it speaks with: None when it names nobody."""

    body: Development
    voice: str | None


def are_alike(one: Voiced, other: Voiced) -> bool:
    """Whether the two may be one report, by the rule `likeness/1`."""
    ours, theirs = one.body, other.body
    return (
        ours.id != theirs.id
        and ours.kind == theirs.kind
        and not set(ours.at).isdisjoint(theirs.at)
        and one.voice == other.voice
        and _overlap(ours.occurred, theirs.occurred)
        and _name_the_same(ours, theirs)
    )


def nearness(one: Development, other: Development) -> tuple[timedelta, timedelta, str]:
    """What sorts the developments like `one`: by how far apart the windows of `occurred` start, then by how
    far apart they end, then by id.
    """
    ours, theirs = one.occurred, other.occurred
    return abs(ours.earliest - theirs.earliest), abs(ours.ends - theirs.ends), other.id


def find_joined(identifier: str, links: Iterable[tuple[str, str]]) -> set[str]:
    """Every development that a chain of these `same-report` links, read in either direction, ties to the one
    named, itself among them.
    """
    tied: dict[str, set[str]] = {}
    for one, other in links:
        tied.setdefault(one, set()).add(other)
        tied.setdefault(other, set()).add(one)
    return reach(identifier, tied)


class Heard:
    """Reports in memory, to be asked which of them are like another one."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str, str | None], list[tuple[datetime, int, Voiced]]] = {}
        self._count = 0

    def add(self, report: Voiced) -> None:
        """Takes in one report."""
        self._count += 1
        for place in report.body.at:
            group = self._groups.setdefault((place, report.body.kind, report.voice), [])
            insort(group, (report.body.occurred.earliest, self._count, report))

    def find_alike(self, report: Voiced) -> list[Voiced]:
        """Those like it, the nearest first, and none twice."""
        alike = {
            other.body.id: other
            for place in report.body.at
            for other in self._around(place, report)
            if are_alike(report, other)
        }
        return sorted(alike.values(), key=lambda other: nearness(report.body, other.body))

    def _around(self, place: str, report: Voiced) -> Iterable[Voiced]:
        """The reports of one place that start nearest to it, before and after."""
        group = self._groups.get((place, report.body.kind, report.voice), [])
        middle = bisect_left(group, (report.body.occurred.earliest,))
        return [other for _, _, other in group[max(0, middle - LOOKED_AT) : middle + LOOKED_AT]]


def _overlap(one: When, other: When) -> bool:
    return one.earliest < other.ends and other.earliest < one.ends


def _name_the_same(one: Development, other: Development) -> bool:
    """Whether the ids that both give, besides places, speakers and sources, could be those of one report."""
    our_holders, our_ids = _ids_of(one)
    their_holders, their_ids = _ids_of(other)
    if our_holders and their_holders and our_holders.isdisjoint(their_holders):
        return False
    return all(their_ids.get(path, identifier) == identifier for path, identifier in our_ids.items())


def _ids_of(development: Development) -> tuple[set[str], dict[str, str]]:
    """The parties said to hold, and every other id by the field it stands in."""
    holders, others = set(), {}
    for path, actor in development.mentioned_actors():
        if path == "holder" or path.startswith("control."):
            holders.add(actor)
        elif path != "by" and not path.startswith("sources["):
            others[path] = actor
    if development.answers is not None:
        others["claim"] = development.answers
    return holders, others
