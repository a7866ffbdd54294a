"""What differs between two settings of the clocks, for people: before -> now, and what made it so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.shapes.claims import ClaimEntryShape
from api.shapes.comparisons import (
    ActorChangeShape,
    ChangeShape,
    ClaimSideShape,
    Comparison,
    MadeShape,
    MakerEventShape,
)
from api.shapes.developments import RecordedDevelopment
from api.words import say_apart, say_clocks, say_control, say_instant, say_kind, say_share, say_when
from cli.tables.layout import QUIET, TITLE, new_table, number, print_quiet, print_section, stack
from domain.shares import Share
from domain.standpoints import Reason

Difference = tuple[str, str, str, MadeShape]
"""What differs, what it was before, what it is now, and by what it was made."""

NOTHING = "nothing"
VERDICTS = ("borne-out", "contradicted")
"""Entries that the outcome tells already."""
INDENT = (0, 0, 0, 4)
REASONS: dict[Reason, str] = {
    "recorded": "was recorded since",
    "not-recorded": "was not recorded yet",
    "corrected": "was corrected",
    "retracted": "was retracted",
    "became-public": "became public",
    "not-public": "was not public yet",
    "took-effect": "took effect",
    "not-in-effect": "had not taken effect yet",
    "window": "is at another point of its window",
    "voice": "speaks with another voice",
    "linked": "was linked",
}


def print_comparison(console: Console, told: Comparison, zone: tzinfo) -> None:
    """Every change with what made it and why, then what was recorded of that."""
    console.print(Text.assemble((told.name, TITLE), (f"  {told.id}, before -> now", QUIET)))
    if not (told.changes or told.claims or told.happenings):
        console.print("Nothing differs.")
    reasons = {maker.development: maker.reasons for maker in told.developments}
    _print_changes(console, "State", _state(told, zone), reasons)
    _print_changes(console, "Claims", _claims(told), reasons)
    _print_changes(console, "Happenings", _happenings(told), reasons)
    print_section(console, "Recorded between the two", _events(told, zone))
    console.print()
    print_quiet(console, f"Before: {say_clocks(told.against, zone)}")
    print_quiet(console, f"Now: {say_clocks(told.clocks, zone)}")


def _print_changes(
    console: Console,
    title: str,
    changes: Iterable[Difference],
    reasons: Mapping[str, tuple[Reason, ...]],
) -> None:
    for count, (what, before, now, made) in enumerate(changes):
        if count == 0:
            console.print()
            console.print(Text(title, TITLE))
        console.print(Text(what))
        sentences = [Text(f"{before} -> {now}")]
        for maker in made.made_by:
            # A link changes what is told of a claim, and nothing else.
            why = [REASONS[each] for each in reasons[maker] if title == "Claims" or each != "linked"]
            sentences.append(Text(f"because {maker} {' and '.join(why)}", QUIET))
        sentences += [Text(f"because {actor} was described anew", QUIET) for actor in made.described]
        for sentence in sentences:
            console.print(Padding(sentence, INDENT, expand=False))


def _state(told: Comparison, zone: tzinfo) -> Iterator[Difference]:
    for change in told.changes:
        before, now = _say_sides(change, zone)
        of = f" of {change.key.replace(' / ', ', ')}" if change.key else ""
        yield say_kind(change.aspect) + of, before, now, change


def _say_sides(change: ChangeShape, zone: tzinfo) -> tuple[str, str]:
    """Both values in words; where the words are the same, what they rest on is what differs."""
    sides = change.against, change.value
    before, now = (_say(change.aspect, value, zone) for value in sides)
    if before == now:
        before, now = (f"{before}, from {', '.join(value.because)}" for value in sides)
    if before == now:
        before, now = f"{before}", "the same, but for what was said before"
    return before, now


def _say(aspect: str, value: Any, zone: tzinfo) -> str:
    """A part of a state in words; the fields are those of the classes in domain/."""
    if value is None:
        return NOTHING
    match aspect:
        case "status":
            said = f"{value.status} by {value.holder}" if value.holder else value.status
            return said + _sure(certain=value.certain)
        case "position":
            return say_control(value.shares) + _sure(certain=value.certain)
        case "disagreement":
            return f"{value.party}, {say_apart(value.gap)}, since {say_instant(value.since, zone)}"
        case "visit":
            return f"{value.visitor}, {say_when(value.occurred)}"
        case "population":
            return f"{value.count:,}, {say_when(value.occurred)}"
        case _:
            since, last = say_instant(value.since, zone), say_instant(value.last_reported, zone)
            return f"since {since}" + (f", reported {last}" if last != since else "")


def _sure(*, certain: bool) -> str:
    return "" if certain else ", not certain"


def _claims(told: Comparison) -> Iterator[Difference]:
    for change in told.claims:
        before, now = (_claim(side) for side in (change.against, change.value))
        gone, new = (
            ", ".join(_entry(entry) for entry in entries if entry.what not in VERDICTS)
            for entries in (change.gone, change.entries)
        )
        if change.against is not None and change.value is not None:
            before, now = before + (f"; {gone}" if gone else ""), now + (f"; {new}" if new else "")
        yield change.id, before, now, change


def _claim(side: ClaimSideShape | None) -> str:
    if side is None:
        return NOTHING
    said = f"{side.voice}: {say_control({side.holder: side.share})}; {say_kind(side.outcome.value)}"
    judges = ", ".join(judge.voice for judge in side.outcome.assessors)
    return said + (f" by {judges}" if judges else "")


def _entry(entry: ClaimEntryShape) -> str:
    """What befell the claim on one side only."""
    if entry.link_type:
        return f"linked ({say_kind(entry.link_type)} {entry.development})"
    editorial = entry.occurred is None
    return say_kind(entry.what) + (f" by {entry.voice}" if entry.voice and not editorial else "")


def _happenings(told: Comparison) -> Iterator[Difference]:
    for change in told.happenings:
        before, now = (_happening(side) for side in (change.against, change.value))
        yield change.id, before, "told otherwise" if before == now else now, change


def _happening(side: RecordedDevelopment | None) -> str:
    if side is None:
        return NOTHING
    fields = side.model_dump()
    voice = f", {side.voice}" if side.voice else ""
    return f"{say_kind(fields['kind'])}{voice}, {fields['occurred']['edtf']}"


def _described(actor: ActorChangeShape) -> str:
    before, now = (
        f"{speaker.kind} with the voice of {speaker.voice}" if speaker is not None else "not registered"
        for speaker in (actor.against, actor.value)
    )
    return f"{before} -> {now}"


def _events(told: Comparison, zone: tzinfo) -> Table:
    """What the ledger did between the two sides, with the editors' reasons, in its order."""
    table = new_table(number("Log"), "What", "When, by whom and why")
    found = [(event, maker.development, "") for maker in told.developments for event in maker.events]
    found += [(event, actor.actor, _described(actor)) for actor in told.actors for event in actor.events]
    for event, name, described in sorted(found, key=lambda each: each[0].log_position):
        when = say_instant(event.recorded_at, zone)
        details = stack(f"{when}, {event.recorded_by}", *_say_event(event), described)
        table.add_row(str(event.log_position), stack(name, event.change), details)
    return table


def _say_event(event: MakerEventShape) -> Iterator[str]:
    yield event.reason or ""
    if event.link:
        yield f"{say_kind(event.link['type'])} {event.link['to']}"
    for name, change in event.changed.items():
        before, now = (_say_field(change[side]) for side in ("from", "to"))
        yield f"{name}: {before} -> {now}" if before and now else f"{name}: otherwise"


def _say_field(value: Any) -> str | None:
    """A field of a development in short, or None where it is too much for a line."""
    match value:
        case None:
            return NOTHING
        case {"edtf": edtf}:
            return str(edtf)
        case {"min": _, "max": _}:
            return say_share(Share(**value))
        case [*each] if all(isinstance(one, str) for one in each):
            return ", ".join(each) or NOTHING
        case str() | int() | float():
            return str(value)
    return None
