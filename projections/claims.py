"""Claims and their lifecycle: made, repeated, denied, confirmed, renounced, corrected, retracted, linked.

What assessors make of a claim is judged from the positions at the clocks asked for (domain/outcomes.py),
so it has no rows here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, get_args

from domain.catalogue import EDITORIAL_TOPICS, KINDS
from domain.editorial import Corrected, Linked, Retracted
from domain.kinds.answers import Answer
from domain.kinds.answers import Entry as AnswerEntry
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from ledger.reading import Recorded
from projections.engine.projection import Projection, Row, Writer, topics_of

CLAIM_COLUMNS = (
    "claim_id",
    "revision",
    "from_position",
    "until_position",
    "location_ids",
    "actor_id",
    "retracted",
)
ENTRY_COLUMNS = (
    "claim_id",
    "log_position",
    "until_position",
    "what",
    "development_id",
    "recorded_at",
    "recorded_by",
    "reason",
)
LINK_COLUMNS = (
    "development_id",
    "log_position",
    "other_id",
    "inbound",
    "type",
    "reason",
    "recorded_at",
    "recorded_by",
)

# Takes an answer, or a claim that is none any more, out of the lifecycles it stands in so far.
CLOSE_ENTRIES = """
    UPDATE claim_entries SET until_position = %s
    WHERE development_id = %s AND until_position IS NULL
    AND what = ANY(%s)"""

ANSWERED: tuple[str, ...] = get_args(AnswerEntry)


class Claims(Projection):
    """Rows of `claims`, one a revision; of `claim_entries`, one for each thing that befell a claim; and of
    `development_links`, two a link: developments of any kind may tell the same as a claim, and what is no
    claim may be corrected into one.
    """

    name: ClassVar[str] = "claims"
    tables: ClassVar[tuple[str, ...]] = ("claims", "claim_entries", "development_links")
    topics: ClassVar[frozenset[str]] = topics_of(
        (kind for kind, cls in KINDS.items() if issubclass(cls, Claim | Answer)), EDITORIAL_TOPICS
    )
    lookups: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "claims": ("claim_id",),
        "claim_entries": ("development_id",),
    }

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds what the event means to the claims it concerns."""
        identifier = recorded.stream.partition(":")[2]
        match recorded.event:
            case Development() as body:
                _add_body(writer, recorded, body)
            case Corrected(body=body, reason=reason):
                _correct(writer, recorded, identifier, body, reason)
            case Retracted(reason=reason):
                _retract(writer, recorded, identifier, reason)
            case Linked() as link:
                _add_link(writer, recorded, identifier, link)
            case _:
                pass


def _add_body(writer: Writer, recorded: Recorded, body: Development) -> None:
    if isinstance(body, Claim):
        _add_claim(writer, recorded, body)
        _add_entry(writer, recorded, body.id, "made", body.id)
    elif isinstance(body, Answer):
        _add_entry(writer, recorded, body.claim, body.entry, body.id)


def _correct(writer: Writer, recorded: Recorded, identifier: str, body: Development, reason: str) -> None:
    was_claim = _end_claim(writer, recorded)
    if was_claim and isinstance(body, Claim):
        _add_claim(writer, recorded, body)
        _add_entry(writer, recorded, identifier, "corrected", identifier, reason)
        return
    _end_entries(writer, recorded, identifier, ("made", *ANSWERED))
    _add_body(writer, recorded, body)


def _retract(writer: Writer, recorded: Recorded, identifier: str, reason: str) -> None:
    was_claim = _end_claim(writer, recorded)
    for location_ids, actor_id in was_claim:
        row = (identifier, recorded.version, recorded.log_position, None, location_ids, actor_id, True)
        writer.add("claims", CLAIM_COLUMNS, row)
        _add_entry(writer, recorded, identifier, "retracted", identifier, reason)
    if not was_claim:
        _end_entries(writer, recorded, identifier, ANSWERED)


def _end_claim(writer: Writer, recorded: Recorded) -> list[Row]:
    """Ends the revision of a claim that holds so far; where it was about and whose it was, if it was one."""
    held = writer.find("claims", "claim_id", ("location_ids", "actor_id"))
    if held:
        writer.end("claims", "claim_id", recorded.log_position)
    return held


def _end_entries(writer: Writer, recorded: Recorded, identifier: str, what: tuple[str, ...]) -> None:
    held = writer.find("claim_entries", "development_id", ("what",))
    if any(entry in what for (entry,) in held):
        writer.execute(CLOSE_ENTRIES, (recorded.log_position, identifier, list(what)), own=True)


def _add_claim(writer: Writer, recorded: Recorded, claim: Claim) -> None:
    row = (claim.id, recorded.version, recorded.log_position, None, list(claim.at), claim.by, False)
    writer.add("claims", CLAIM_COLUMNS, row)


def _add_entry(
    writer: Writer,
    recorded: Recorded,
    claim: str,
    what: str,
    development: str,
    reason: str | None = None,
) -> None:
    row = (
        claim,
        recorded.log_position,
        None,
        what,
        development,
        recorded.recorded_at,
        recorded.recorded_by,
        reason,
    )
    writer.add("claim_entries", ENTRY_COLUMNS, row)


def _add_link(writer: Writer, recorded: Recorded, identifier: str, link: Linked) -> None:
    for end, other, inbound in ((identifier, link.to, False), (link.to, identifier, True)):
        row = (
            end,
            recorded.log_position,
            other,
            inbound,
            link.type,
            link.reason,
            recorded.recorded_at,
            recorded.recorded_by,
        )
        writer.add("development_links", LINK_COLUMNS, row)
