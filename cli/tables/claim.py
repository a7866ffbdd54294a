"""A claim and its lifecycle, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.shapes.claims import ClaimDetail, ClaimEntryShape, ReportShape
from api.words import count_of, say_clocks, say_control, say_instant, say_kind, say_lead, say_when
from cli.tables.layout import (
    QUIET,
    TITLE,
    date,
    new_table,
    number,
    print_quiet,
    print_section,
    stack,
)
from domain.editorial import LinkType
from domain.outcomes import Judgement, OutcomeValue
from domain.times import When

MEANINGS: dict[OutcomeValue, str] = {
    "open": "no assessor has borne it out or contradicted it",
    "borne-out": "what assessors hold lies within what was claimed",
    "contradicted": "assessors disagree with it",
    "disputed": "assessors differ about it",
    "renounced": "the voice that made it gave it up",
    "retracted": "the report of it was taken back",
}
ANSWERS = ("confirmed", "repeated", "denied", "renounced")
LINKS: dict[LinkType, tuple[str, str]] = {
    "same-report": ("same report as", "same report as"),
    "contradicts": ("contradicts", "contradicted by"),
    "supports": ("supports", "supported by"),
    "misattributes": ("misattributes, see", "misattributed by"),
}
"""What a link says of the claim, made from its end and from the other."""


def print_claim(console: Console, claim: ClaimDetail, zone: tzinfo) -> None:
    """What was claimed, what became of it, and every step on the way."""
    about = f"  {say_kind(claim.kind)}, {', '.join(claim.at)}"
    console.print(Text.assemble((claim.id, TITLE), (about, QUIET)))
    says = f"{claim.by} ({claim.voice})" if claim.by != claim.voice else claim.by
    when = f"{say_when(claim.occurred)}{_public(claim.occurred, claim.reported)}"
    console.print(Text(f"{says} says: {say_control({claim.holder: claim.share})}; {when}."))
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


def _public(occurred: When, reported: When) -> str:
    return "" if occurred == reported else f", public {say_when(reported)}"


def _outcome(claim: ClaimDetail, zone: tzinfo) -> Iterator[Text]:
    outcome = claim.outcome
    yield Text.assemble(
        "Outcome: ", (say_kind(outcome.value), TITLE), f", {MEANINGS[outcome.value]} (rule {outcome.rule})."
    )
    for judgement in outcome.assessors:
        yield Text(_judgement(judgement, zone))
    if answers := _answers(claim.entries):
        yield Text(answers)


def _judgement(judgement: Judgement, zone: tzinfo) -> str:
    verb = "bears it out" if judgement.verdict == "bears-out" else "contradicts it"
    since = say_instant(judgement.since, zone)
    sentence = f"{judgement.voice} {verb} since {since} ({judgement.development})"
    if judgement.lead_days is None:
        return f"{sentence}."
    return f"{sentence}; the claim came {say_lead(judgement.lead_days)} that."


def _answers(entries: Iterable[ClaimEntryShape]) -> str:
    """Who answered: "Denied by ukraine; repeated by trump."."""
    told = sorted(
        (ANSWERS.index(entry.what), entry.voice or "") for entry in entries if entry.what in ANSWERS
    )
    parts = [
        f"{ANSWERS[what]} by {', '.join(sorted({voice for _, voice in group}))}"
        for what, group in groupby(told, key=lambda each: each[0])
    ]
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}." if sentence else ""


def _lifecycle(claim: ClaimDetail, zone: tzinfo) -> Table:
    table = new_table("What", "Voice", date("When"), number("Log"), "Development")
    for entry in claim.entries:
        development = entry.development if entry.development != claim.id or entry.what == "made" else ""
        editor = f"by {entry.recorded_by}" if entry.occurred is None else ""
        said = stack(development, entry.reason or "", editor, style=QUIET)
        voice = (entry.voice or "") if entry.occurred is not None else ""
        table.add_row(_what(entry), voice, _when(entry, zone), str(entry.log_position), said)
    return table


def _when(entry: ClaimEntryShape, zone: tzinfo) -> Text:
    if entry.occurred is None or entry.reported is None:
        return Text(say_instant(entry.recorded_at.replace(second=0, microsecond=0), zone))
    public = _public(entry.occurred, entry.reported).removeprefix(", ")
    return stack(say_when(entry.occurred), public)


def _what(entry: ClaimEntryShape) -> str:
    if entry.link_type is None:
        return say_kind(entry.what)
    return LINKS[entry.link_type][bool(entry.inbound)]


def _reports(claim: ClaimDetail) -> Table:
    table = new_table("Origin", number("Count"), "Document", "By way of", "How")
    for origin in claim.by_origin:
        for place, report in enumerate(origin.reports):
            name, count = (origin.origin, str(origin.counted)) if place == 0 else ("", "")
            way = report.via[1:] if report.via else ()
            table.add_row(name, count, report.document, ", ".join(way), _how(report))
    return table


def _how(report: ReportShape) -> Text:
    """How the document has it, and why it does not count, where it does not."""
    if wrong := report.misattributed_by:
        said = (
            f"not counted: {wrong.development} misattributes",
            wrong.reason or "",
            f"by {wrong.recorded_by}",
        )
        return stack(report.mode, *said)
    return stack(report.mode, "" if report.counted else "not counted again")
