"""Reports of one claim: which developments tell the same, from how many origins (docs/outcomes.md).

Ten reports that copy one agency are one origin. What does not count at the clocks, because it was not public
or was retracted, joins nothing and shows nothing: neither a report nor a link.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.editorial import LinkType
from domain.kinds.envelope import Development, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One development tied to another by an editor, and when, by whom and why."""

    development: str
    to: str
    type: LinkType
    reason: str | None
    log_position: int
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One document that reports the claim, and where it has it from.

    `misattributed_by` is the link that says it has the wrong words in the wrong mouth. `counted` is false
    for such a report, and for one whose document is counted already from the same origin.
    """

    document: str
    origin: str
    via: tuple[str, ...]
    mode: Mode
    development: str
    misattributed_by: Link | None
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The reports of a claim that come from one origin, and how many of them count."""

    origin: str
    counted: int
    reports: tuple[Report, ...]


def join_same_reports(
    links: Iterable[Link], counting: Collection[str], ids: Iterable[str]
) -> dict[str, frozenset[str]]:
    """By id, all developments that tell the same as it does, itself too, whatever their kind.

    `same-report` links join in both directions, and through any number of developments that count. One that
    does not count stands alone.
    """
    tied: dict[str, set[str]] = {}
    for link in links:
        if link.type == "same-report" and link.development in counting and link.to in counting:
            tied.setdefault(link.development, set()).add(link.to)
            tied.setdefault(link.to, set()).add(link.development)
    joined: dict[str, frozenset[str]] = {}
    for identifier in ids:
        if identifier not in joined:
            cluster = frozenset(reach(identifier, tied))
            joined.update(dict.fromkeys(cluster, cluster))
    return joined


def reach(start: str, tied: Mapping[str, set[str]]) -> set[str]:
    """Everything that is tied to `start`, through whatever lies between, itself among it."""
    reached, found = {start}, [start]
    while found:
        new = tied.get(found.pop(), set()) - reached
        reached |= new
        found.extend(new)
    return reached


def find_misattributions(links: Iterable[Link], counting: Collection[str]) -> dict[str, Link]:
    """The reports that put words in a wrong mouth, each with the first link that says so."""
    wrong: dict[str, Link] = {}
    for link in sorted(links, key=lambda link: link.log_position):
        if link.type == "misattributes" and link.development in counting and link.to in counting:
            wrong.setdefault(link.development, link)
    return wrong


def list_reports(
    claim: str,
    cluster: Collection[str],
    told: Mapping[str, Development],
    wrong: Mapping[str, Link],
    publishers: Mapping[str, str],
) -> tuple[Report, ...]:
    """The reports of a claim: those of the claim itself first, then by development.

    `cluster` is what tells the same as the claim, `told` are the developments that count, by id, `wrong` the
    misattributions among them; `publishers` has the publisher of each document.
    """
    # A report that is tied to the claim by nothing but its error is shown with it.
    named = {*cluster, *(name for name, link in wrong.items() if link.to in cluster)}
    reporting = [told[name] for name in sorted(named, key=lambda name: (name != claim, name)) if name in told]
    return tuple(_reports(reporting, wrong, publishers))


def _reports(
    reporting: Iterable[Development], wrong: Mapping[str, Link], publishers: Mapping[str, str]
) -> Iterator[Report]:
    seen: set[tuple[str, str]] = set()
    for development in reporting:
        for source in development.sources:
            origin = source.via[0] if source.via else publishers.get(source.document, source.document)
            counted = development.id not in wrong and (source.document, origin) not in seen
            if counted:
                seen.add((source.document, origin))
            yield Report(
                document=source.document,
                origin=origin,
                via=source.via,
                mode=source.mode,
                development=development.id,
                misattributed_by=wrong.get(development.id),
                counted=counted,
            )


def group_by_origin(reports: Iterable[Report]) -> tuple[Origin, ...]:
    """The reports by origin: those with most reports that count first, then by id."""
    groups: dict[str, list[Report]] = {}
    for report in reports:
        groups.setdefault(report.origin, []).append(report)
    origins = [
        Origin(origin=origin, counted=sum(report.counted for report in told), reports=tuple(told))
        for origin, told in groups.items()
    ]
    return tuple(sorted(origins, key=lambda origin: (-origin.counted, origin.origin)))
