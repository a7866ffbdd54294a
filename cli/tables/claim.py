"""A claim and its lifecycle, for people."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.shapes.claims import ClaimDetail, ClaimEntryShape
from cli.tables.layout import (
    QUIET,
    TITLE,
    date,
    date_cell,
    new_table,
    number,
    print_quiet,
    print_section,
    reasons,
    stack,
)
from cli.words import count_of, say_clocks, say_control, say_instant, say_kind
from domain.outcomes import Judgement

MEANINGS = {
    "open": "no assessor has borne it out or contradicted it",
    "borne-out": "what assessors hold lies within what was claimed",
    "contradicted": "assessors disagree with it",
    "disputed": "assessors differ about it",
    "renounced": "the voice that made it gave it up",
    "retracted": "the report of it was taken back",
}


def print_claim(console: Console, claim: ClaimDetail, zone: tzinfo) -> None:
    """What was claimed, what became of it, and every step on the way."""
    about = f"  {say_kind(claim.kind)}, {', '.join(claim.at)}"
    console.print(Text.assemble((claim.id, TITLE), (about, QUIET)))
    says = f"{claim.by} ({claim.voice})" if claim.by != claim.voice else claim.by
    console.print(f"{says} says: {say_control({claim.holder: claim.share})}.")
    if claim.summary:
        print_quiet(console, claim.summary)
    console.print()
    for sentence in _outcome(claim, zone):
        console.print(sentence)
    print_section(console, "What befell it", _lifecycle(claim, zone))
    reports = f"{count_of(claim.reports, 'report')}, {count_of(claim.origins, 'independent origin')}"
    print_section(console, reports, _reports(claim))
    console.print()
    print_quiet(console, say_clocks(claim.clocks, zone))


def _outcome(claim: ClaimDetail, zone: tzinfo) -> list[Text]:
    outcome = claim.outcome
    heading = Text.assemble(
        "Outcome: ", (say_kind(outcome.value), TITLE), f", {MEANINGS[outcome.value]} (rule {outcome.rule})."
    )
    return [heading, *(Text(_judgement(each, zone)) for each in outcome.assessors)]


def _judgement(judgement: Judgement, zone: tzinfo) -> str:
    verb = "bears it out" if judgement.verdict == "bears-out" else "contradicts it"
    since = say_instant(judgement.since, zone)
    sentence = f"{judgement.voice} {verb} since {since} ({judgement.development})"
    if judgement.lead_days is None:
        return f"{sentence}."
    days = count_of(abs(round(judgement.lead_days)), "day")
    return f"{sentence}; the claim came {days} {'before' if judgement.lead_days >= 0 else 'after'} that."


def _lifecycle(claim: ClaimDetail, zone: tzinfo) -> Table:
    table = new_table("What", "Voice", date("When"), date("Public"), number("Log"), reasons("Development"))
    for entry in claim.entries:
        when = date_cell(entry.occurred) if entry.occurred else Text(say_instant(entry.recorded_at, zone))
        public = date_cell(entry.reported) if entry.reported else Text()
        voice = entry.voice or ""
        development = stack(entry.development, entry.reason or "")
        table.add_row(_what(entry), voice, when, public, str(entry.log_position), development)
    return table


def _what(entry: ClaimEntryShape) -> str:
    return say_kind(entry.what) + (f": {say_kind(entry.link_type)}" if entry.link_type else "")


def _reports(claim: ClaimDetail) -> Table:
    table = new_table("Document", "Origin", "By way of", "How")
    for source in claim.sources:
        how = stack(source.mode, "misattributed" if source.misattributed else "")
        table.add_row(source.document, source.origin, ", ".join(source.via), how)
    return table
