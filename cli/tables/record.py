"""An actor's record, and the claims behind it, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.shapes.claims import ClaimList
from api.shapes.records import RecordShape, TallyShape
from api.words import count_of, say_clock, say_clocks, say_control, say_instant, say_kind, say_lead, say_when
from cli.tables.layout import (
    QUIET,
    TITLE,
    date,
    new_table,
    number,
    print_quiet,
    print_section,
    print_table,
    reasons,
    stack,
)
from domain.outcomes import OutcomeValue

LONGEST_BAR = 30


def print_record(console: Console, record: RecordShape, zone: tzinfo) -> None:
    """How many claims, what became of them, how early they came, and who made them."""
    console.print(Text.assemble((record.name, TITLE), (f"  {record.id}, {record.kind}", QUIET)))
    voice = " with its voice" if record.kind == "party" else ""
    console.print(Text(f"{count_of(record.claims, 'claim')} made{voice}{_joined(record)}."))
    for sentence in _narrowed(record, zone):
        print_quiet(console, sentence)
    print_section(console, f"Outcomes (rule {record.rule})", _outcomes(record.outcomes))
    console.print()
    console.print(Text(_lead(record)))
    others = [speaker.actor for speaker in record.by_actor if speaker.actor != record.id]
    if others:
        print_section(console, "By whom", _speakers(record))
    console.print()
    print_quiet(console, say_clocks(record.clocks, zone))


def _joined(counted: TallyShape) -> str:
    if counted.distinct == counted.claims:
        return ""
    return f", {counted.distinct:,} when what is one report counts once"


def _narrowed(record: RecordShape, zone: tzinfo) -> Iterator[str]:
    """Which claims the record is narrowed to, if it is."""
    if start := record.period.made_from:
        yield f"Only what took effect from {say_instant(start, zone)} on."
    if end := record.period.made_to:
        yield f"Only what took effect by {say_clock(end, zone)}."
    if record.part_of is not None:
        yield f"Only what is about {record.part_of} or a place below it."
    if record.bbox is not None:
        yield f"Only what is about places within {', '.join(f'{edge:g}' for edge in record.bbox)}."


def _outcomes(outcomes: Mapping[OutcomeValue, int]) -> Table:
    table = new_table("Outcome", number("Claims"), "")
    most = max(outcomes.values())
    for value, count in outcomes.items():
        table.add_row(say_kind(value), f"{count:,}", _bar(count, most))
    return table


def _bar(count: int, most: int) -> str:
    """As long as its part of the longest; whatever is there at all is seen."""
    return "█" * max(round(count / most * LONGEST_BAR), 1) if count else ""


def _lead(counted: TallyShape) -> str:
    if counted.median_lead_days is None:
        return "No lead: no assessor has borne out any of them."
    lead = say_lead(counted.median_lead_days)
    borne_out = count_of(counted.leads, "claim")
    return f"Median lead: {lead} an assessor first bears a claim out, over {borne_out}."


def _speakers(record: RecordShape) -> Table:
    table = new_table("Actor", number("Claims"), "Outcomes", "Median lead")
    for speaker in record.by_actor:
        told = [f"{count:,} {say_kind(value)}" for value, count in speaker.outcomes.items() if count]
        lead = say_lead(speaker.median_lead_days) if speaker.median_lead_days is not None else ""
        table.add_row(speaker.actor, f"{speaker.distinct:,}", ", ".join(told), lead)
    return table


def print_claims(console: Console, actor: str, claims: ClaimList, zone: tzinfo) -> None:
    """The claims behind a record, a row each."""
    console.print(Text.assemble((actor, TITLE), (f"  {count_of(len(claims.items), 'claim')}", QUIET)))
    if claims.items:
        table = new_table(date("When"), "Says", "Outcome", reasons("Claim"))
        for claim in claims.items:
            says = stack(say_control({claim.holder: claim.share}), ", ".join(claim.at))
            lead = claim.outcome.lead_days
            outcome = stack(say_kind(claim.outcome.value), say_lead(lead) if lead is not None else "")
            by = claim.by if claim.by != actor else ""
            table.add_row(say_when(claim.occurred), says, outcome, stack(claim.id, by, style=QUIET))
        console.print()
        print_table(console, table)
    console.print()
    print_quiet(console, say_clocks(claims.clocks, zone))
