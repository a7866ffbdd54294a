"""Developments in plain words: who says what, and on what evidence. No sentence here takes a side.

Every statement stands after the name of who makes it. What a field has is told, whatever its kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from html import escape
from typing import Any

from api.feeds.headlines import headline
from api.words import is_plain, say_control, say_share, say_when
from domain.kinds.assessments import Assessment, Legend
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development, Source
from domain.shares import Share
from domain.times import When
from projections.reading.casts import Cast
from projections.reading.developments import DevelopmentRevision

ENVELOPE = frozenset(field.name for field in fields(Development))
IN_THE_HEADLINE = frozenset(
    ("holder", "share", "control", "force", "encircled_by", "visitor", "count", "claim")
)
MODES = {"direct": "in its own words", "paraphrase": "in paraphrase", "inferred": "inferred by its author"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A thing told of a development: what it is, in words, and where to read more."""

    label: str
    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A development in words. `when` is its time, `lines` are all the rest."""

    headline: str
    when: str
    summary: str | None
    lines: Sequence[Line]


def tell(found: DevelopmentRevision, cast: Cast, valid_before: datetime) -> Told:
    """A development as it counts under the bound of the valid clock."""
    body = found.body
    return Told(
        headline=headline(body, cast),
        when=say_occurred(body),
        summary=body.summary,
        lines=[
            *_times(body, valid_before),
            *_particulars(body, cast),
            *_evidence(body, cast),
            _record(found),
        ],
    )


def say_occurred(body: Development) -> str:
    """When it happened, as imprecisely as it is known."""
    return say_when(body.occurred, throughout=body.during == "throughout")


def _times(body: Development, valid_before: datetime) -> Iterator[Line]:
    when = f"{say_occurred(body)}{_as_written(body.occurred)}"
    if body.when_text:
        when += f"; in the source's words: \u201c{body.when_text}\u201d"
    if body.during == "within" and not body.occurred.surely_over(valid_before):
        when += "; not certain yet"
    yield Line(label="When", text=when)
    yield Line(label="Public", text=f"{say_when(body.reported)}{_as_written(body.reported)}")


def _as_written(when: When) -> str:
    """The expression, where the words leave anything out."""
    return "" if is_plain(when) else f" ({when.edtf})"


def _particulars(body: Development, cast: Cast) -> Iterator[Line]:
    if body.manner:
        yield Line(label="In its own word", text=body.manner)
    if body.part:
        yield Line(label="Part meant", text=body.part)
    if isinstance(body, (Assessment, Claim)):
        stated = body.stated if isinstance(body, Assessment) else body.control
        named = {cast.actor(party): share for party, share in stated.items()}
        yield Line(label="Shares", text=say_control(named))
    for field in fields(body):
        value = getattr(body, field.name)
        if field.name not in ENVELOPE | IN_THE_HEADLINE and value is not None:
            yield Line(label=field.name.replace("_", " ").capitalize(), text=_say(value))


def _say(value: Any) -> str:
    """A value of a field that one kind alone has."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Share():
            return say_share(value)
        case Legend():
            return f"{value.category}, version {value.version}" if value.version else value.category
    return str(value)


def _evidence(body: Development, cast: Cast) -> Iterator[Line]:
    for source in body.sources:
        document = cast.documents.get(source.document)
        yield Line(
            label="Source",
            text=_say_source(source, cast),
            href=document.url if document is not None else None,
        )
    if not body.sources:
        yield Line(label="Source", text="none is named")
    graded = {"source": body.reliability, "item": body.credibility}
    if any(graded.values()):
        grades = ", ".join(f"{what} {grade}" for what, grade in graded.items() if grade is not None)
        yield Line(label="Admiralty code", text=grades)


def _say_source(source: Source, cast: Cast) -> str:
    """Where it was read, in what mode, by what way it came, and the passage."""
    document = cast.documents.get(source.document)
    parts = [source.document]
    if document is not None:
        published = f", {document.published}" if document.published else ""
        parts = [f"\u201c{document.title}\u201d ({cast.actor(document.publisher)}{published})"]
    parts.append(MODES[source.mode])
    if source.via:
        parts.append(f"by way of {', '.join(map(cast.actor, source.via))}")
    quote = source.quote
    passage = f": \u201c{quote.exact}\u201d" if quote is not None else ""
    return f"{', '.join(parts)}{passage}"


def _record(found: DevelopmentRevision) -> Line:
    recorded = found.recorded_at.isoformat().replace("+00:00", "Z")
    why = f" ({found.reason})" if found.reason else ""
    return Line(
        label="Record",
        text=f"{found.body.id}, revision {found.revision}, {found.change}{why}, "
        f"log position {found.log_position}, recorded {recorded}",
    )


def to_text(told: Told, address: str) -> str:
    """What is told below the headline as plain text, with the address of the development."""
    lines = [f"{line.label}: {line.text}{f' <{line.href}>' if line.href else ''}" for line in told.lines]
    return "\n".join([*([told.summary] if told.summary else []), *lines, address])


def to_html(told: Told, address: str) -> str:
    """The same as HTML. Nothing that was recorded can be read as markup."""
    *lines, record = (
        f"<b>{escape(line.label)}:</b> {_anchored(line.text, line.href)}" for line in told.lines
    )
    record += f" ({_anchored('as recorded', address)})"
    summary = f"<p>{escape(told.summary)}</p>" if told.summary else ""
    return f"{summary}<p>{'<br>'.join([*lines, record])}</p>"


def _anchored(text: str, href: str | None) -> str:
    return f'<a href="{escape(href)}">{escape(text)}</a>' if href else escape(text)
