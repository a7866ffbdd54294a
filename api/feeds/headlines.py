"""The one line that a reader sees of a development: who says it, and what.

It is made from the fields, not taken from `summary`: all read alike, and the speaker is never left out.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.words import say_kind, say_share
from domain.kinds.answers import Answer
from domain.kinds.assessments import ControlAssessed, ControlReported
from domain.kinds.claims import Claim, WithdrawalAnnounced
from domain.kinds.envelope import Development
from domain.kinds.happenings import EvidencePublished, PopulationReported, StatementMade, VisitReported
from domain.shares import Share
from projections.reading.casts import Cast

UNNAMED = "An unnamed source"
INFERRED = " (inferred, not said)"
MOST_PLACES = 3

ANSWERS = {"denied": "denies", "confirmed": "confirms", "repeated": "repeats", "renounced": "takes back"}
REPORTS = {
    "encirclement-reported": "reports an encirclement",
    "encirclement-lifted": "reports the end of an encirclement",
    "supply-cut": "reports supply cut",
    "fighting-reported": "reports fighting",
    "strike-reported": "reports a strike",
    "presence-reported": "reports a presence",
}


def headline(body: Development, cast: Cast) -> str:
    """The line of a development."""
    inferred = INFERRED if body.mode == "inferred" else ""
    return f"{speaker_of(body, cast)} {_statement(body, cast)}{inferred}"


def speaker_of(body: Development, cast: Cast) -> str:
    """Who says it, and in whose voice when that is another's: "Russian army, for Russia,"."""
    if body.by is None:
        return UNNAMED
    actor = cast.actors.get(body.by)
    if actor is None or actor.voice == actor.id:
        return cast.actor(body.by)
    return f"{actor.name}, for {cast.actor(actor.voice)},"


def say_places(body: Development, cast: Cast) -> str:
    """Where: by name, as long as there are few."""
    names = [cast.place(place) for place in body.at]
    if len(names) > MOST_PLACES:
        names = [*names[: MOST_PLACES - 1], f"{len(names) - MOST_PLACES + 1} more places"]
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]


def say_claimed(claim: Claim, cast: Cast) -> str:
    """What is claimed, as a clause: "Russia holds all of Kupiansk"."""
    if isinstance(claim, WithdrawalAnnounced):
        return f"{cast.actor(claim.holder)} withdraws from {say_places(claim, cast)}"
    return _say_held(claim, claim.control, cast)


def _say_held(body: Development, control: Mapping[str, Share], cast: Cast) -> str:
    held = " and ".join(f"{cast.actor(party)} holds {say_share(share)}" for party, share in control.items())
    return f"{held} of {say_places(body, cast)}"


def _statement(body: Development, cast: Cast) -> str:
    where = say_places(body, cast)
    match body:
        case WithdrawalAnnounced():
            return f"announces that {say_claimed(body, cast)}"
        case Claim():
            return f"says that {say_claimed(body, cast)}"
        case Answer():
            answered = cast.claims.get(body.claim)
            said = (
                f"that {say_claimed(answered, cast)}" if answered is not None else f"the claim {body.claim}"
            )
            return f"{ANSWERS[body.entry]} {said}"
        case ControlAssessed():
            return f"assesses that {_say_held(body, body.stated, cast)}"
        case ControlReported():
            return f"reports that {_say_held(body, body.stated, cast)}"
        case StatementMade():
            return f"makes a statement on {where}"
        case PopulationReported():
            return f"reports a population of {body.count:,} in {where}"
        case VisitReported():
            return f"reports a visit of {cast.actor(body.visitor)} to {where}"
        case EvidencePublished():
            return f"publishes evidence from {where}"
    return f"{REPORTS.get(body.kind) or f'reports {say_kind(body.kind)}'} at {where}{_say_forces(body, cast)}"


def _say_forces(body: Development, cast: Cast) -> str:
    """Whose force, and by whom it is beset, for kinds that say so: ": Russia, by Ukraine"."""
    force, by = getattr(body, "force", None), getattr(body, "encircled_by", None)
    named = ([cast.actor(force)] if force else []) + ([f"by {cast.actor(by)}"] if by else [])
    return f": {', '.join(named)}" if named else ""
