"""What the fields of answers and the parameters of requests mean, beside those of the record itself.

As in `intake.glossary`: under the name of a field what it means everywhere, under `Schema.field` what
it means there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.kinds.envelope import SLUG
from intake.glossary import RECORD, Meaning, explain_fields

ANSWERS: dict[str, Meaning] = {
    # every answer
    "clocks": ("The clocks that it was given at.",),
    "valid_at": ("The valid clock: the last instant that counts as past.", "2025-12-13T23:59:59.999999Z"),
    "known_at": ("The known clock: the last instant at which something may have become public.",),
    "Clocks.recorded_at": (
        "The recorded clock: the last instant at which something may have been recorded.",
    ),
    "Clocks.log_position": ("The recorded clock exactly: everything up to this position counts.", 36),
    "items": ("What was asked for, one page of it.",),
    "because": ("The ids of the developments that it follows from.", ["kupiansk-claimed"]),
    # what the log knows
    "log_position": ("The position in the log of the event that recorded it.", 36),
    "recorded_at": ("When it was recorded, by the clock of the database.", "2025-12-13T18:00:00Z"),
    "recorded_by": ("The name of the key that recorded it.", "ana"),
    "request_id": ("The id of the request that recorded it.", "7d0c5cf1"),
    "revision": ("How often it was recorded, described or edited: 1 for a thing that is as it came.", 1),
    "retracted": ("Whether it was retracted by the clocks.",),
    "stream": ("What it is about: a sort of thing, and its id.",),
    "topic": ("The stable name of the sort of event.",),
    "event": ("The event itself, in the shape of today (docs/events.md).",),
    "head": ("Where the log ended.", 36),
    "link": ("For `linked`: the `type` of the link, and where `to` it leads; else null.",),
    # a place
    "voice": ("The id of the actor whose position it moves; null where nobody is named.", "russia"),
    "voices": ("The ids of the voices that report it.",),
    "shares": ("What the voice states: shares of the place (0 to 1) by the id of the party.",),
    "since": ("From when on: the earliest instant of effect.", "2025-11-19T00:00:00Z"),
    "certain": ("False while the window of a development it rests on is still open.",),
    "previous": ("What the voice said before, while this is not certain; else null.",),
    "status": ("What follows for the place from all positions (docs/positions.md).", "disputed"),
    "positions": ("What each voice says of who holds how much.",),
    "disagreements": ("The pairs of voices that cannot both be right.",),
    "encirclements": ("Forces said to be encircled.",),
    "supply_cuts": ("Forces said to be cut off from supply.",),
    "presences": ("Forces said to be present, without holding ground.",),
    "fighting": ("Fighting said to go on; null where nobody says so.",),
    "last_visit": ("The latest visit reported; null where there is none.",),
    "PlaceState.population": ("What was last reported of how many live there; null where nothing was.",),
    "last_reported": ("When the latest report of it became public, at the earliest.",),
    "between": ("The ids of the two voices.", ["russia", "ukraine"]),
    "party": ("The id of the party over whose share they disagree.", "russia"),
    "gap": ("How far the two shares are apart: a share of the place, 0 where they touch.", 0.0),
    "moved_last": ("Which of the two came to its position later.",),
    "Move.since": ("When it came to that position.",),
    "LocationSummary.holder": ("The party that holds all of it, when the status is `held`; else null.",),
    "PlaceState.holder": ("The party that holds all of it, when the status is `held`; else null.",),
    "StatusSpellShape.holder": ("The party that held all of it, when the status was `held`; else null.",),
    "History.status": ("The spells of the status, from the first on.",),
    "History.voices": ("The spells of each voice's position, by the id of the voice.",),
    "StatusSpellShape.value": ("The status while the spell lasted.",),
    "from": ("When it began.", "2025-11-19T00:00:00Z"),
    "to": ("When it ended; null while it lasts.",),
    "t": ("The instant from which on this is so, on the clock that runs.", "2025-11-20T00:00:00Z"),
    "type": ("What it is, in GeoJSON.",),
    "features": ("What is on the map.",),
    "geometry": ("Where it is.",),
    "properties": ("What there is to say of it.",),
    "headline": ("It in a few words.",),
    # a claim
    "what": ("What befell it.",),
    "development": ("The id of the development.", "kupiansk-claim-denied"),
    "link_type": ("For `linked`: how the two are tied; else null.",),
    "LinkShape.type": ("How the two are tied.", "misattributes"),
    "LinkShape.to": ("The id of the development that it is tied to.",),
    "entries": ("What befell it, in the order in which it took effect.",),
    "outcome": ("What became of it, by a stated rule.",),
    "Outcome.value": ("What became of it (docs/outcomes.md).",),
    "rule": ("The rule by which it was judged, with its version.", "outcome/1"),
    "assessors": ("What each assessor's latest judgement makes of it.",),
    "verdict": ("Whether what the assessor says bears it out or contradicts it.",),
    "lead_days": (
        "Days from the claim's effect to the assessment that first bears it out; below 0 if that was before.",
        12.0,
    ),
    "origin": ("The id of the actor or publisher from whom they come.", "russian-army"),
    "OriginShape.reports": ("Its reports, those that do not count too.",),
    "misattributed": ("Whether an editor linked it as putting words in a mouth that did not say them.",),
    # an actor's record
    "actor": ("The id of the actor.", "russian-army"),
    "period": ("The claims that count, by when they took effect.",),
    "made_from": ("The first instant; null where it is open.",),
    "made_to": ("The last instant; null where it is open.",),
    "RecordShape.part_of": ("Only claims about this place or one below it count; null for all.",),
    "bbox": ("Only claims within this box count: west, south, east, north in degrees; null for all.",),
    # comparisons
    "aspect": ("What of the state differs.",),
    "changes": ("What differs in the state.",),
    "against": ("The clocks compared against.",),
    "events": ("What was recorded of it between the two log positions.",),
    # receipts and problems
    "new": ("How many were recorded.", 2),
    "unchanged": ("How many were recorded already.", 0),
    "failed": ("How many failed.", 0),
    "Receipt.status": ("`new` when it was recorded, `unchanged` when it was recorded already.",),
    "DevelopmentReceipt.status": ("`new` when it was recorded, `unchanged` when it was recorded already.",),
    "DossierItem.status": ("`new` when it was recorded, `unchanged` when it was recorded already.",),
    "DossierItem.what": ("What sort of thing it is.",),
    "BatchItem.status": ("`new` when it was recorded, `unchanged` when it was already, else `failed`.",),
    "Problem.type": ("The address of its type (RFC 9457).", "/v1/problems/invalid-input"),
    "Problem.title": ("The type in words.", "The input is not valid"),
    "Problem.status": ("The status of the answer.", 422),
    "detail": ("What is wrong this time, and what to do.",),
    "message": ("What is wrong, and what to do.",),
    "path": ("Where: the fields that lead there.", "reported"),
    "recorded": ("What is recorded.",),
    "given": ("What was given.",),
    "ProblemTypeShape.type": ("The address of the type, as problems name it.", "/v1/problems/id-taken"),
    "ProblemTypeShape.title": ("The type in words.", "The id is in use with other content"),
    "ProblemTypeShape.status": ("The status that goes with it.", 409),
    # kinds
    "family": ("What the kind has in common with others: claim, answer, assessment or happening.", "claim"),
    "KindShape.description": ("What it says, in words.",),
    "terms": ("The nearest terms of other vocabularies: pointers, never a conversion.",),
    "acled": ("ACLED: type of event.", "Armed clash"),
    "plover": ("PLOVER: event and mode, with the CAMEO code.", "ASSAULT (CAMEO 19)"),
    "isw": ("ISW: name of the layer.", "Assessed Russian Advances"),
    "Terms.note": ("What there is to say of the terms, and of further vocabularies.",),
    # the service
    "Health.status": ("The process answers.",),
    "Readiness.status": ("Whether questions can be answered.",),
    "problems": ("What is in the way; empty when nothing is.",),
    "projections": ("How each read model stands.",),
    "ProjectionShape.name": ("Its name.", "states"),
    "position": ("The log position up to which it has read.", 36),
    "building": ("Whether it is being built and cannot answer yet.",),
    "settled": ("Whether its tables are ready for questions after it was built.",),
    "error": ("Why it stopped; null while it runs.",),
    "error_position": ("The position of the event at which it stopped; null while it runs.",),
    "failed_at": ("When it stopped; null while it runs.",),
    # feeds
    "JsonFeed.title": ("The name of the place.",),
    "home_page_url": ("The state of the place, in this API.",),
    "feed_url": ("This feed.",),
    "next_url": ("The next page of it; null on the last one.",),
    "JsonFeedItem.title": ("It in a few words.",),
    "content_html": ("All there is to say of it, as HTML.",),
    "content_text": ("The same as plain text.",),
    "authors": ("Who says it.",),
    "JsonFeedAuthor.name": ("The name of the actor.", "Russian army"),
    "JsonFeedAuthor.url": ("The actor, in this API.",),
    "about": ("Where this extension is described.",),
    "_palimpsest": ("What JSON Feed has no fields for.",),
    "scale": ("How TimelineJS reads the dates.", "human"),
    "TimelineJs.title": ("The first slide.",),
    "TimelineJs.events": ("A slide for each development.",),
    "TimelineJsTitle.text": ("What the slide says.",),
    "TimelineJsEvent.text": ("What the slide says.",),
    "TimelineJsText.text": ("The rest of the slide, as HTML.",),
    "unique_id": ("The id of the slide.",),
    "start_date": ("The first instant that may be meant.",),
    "end_date": ("The last one; null where it is the first.",),
    "autolink": ("Whether TimelineJS makes links of addresses in the text; it need not.",),
    "year": ("The year.", 2025),
    "month": ("The month, 1 to 12.", 11),
    "day": ("The day of the month, 1 to 31.", 20),
    "hour": ("The hour, 0 to 23; null for a whole day.",),
    "minute": ("The minute, 0 to 59; null for a whole day.",),
    "second": ("The second, 0 to 59; null for a whole day.",),
}

IDS: dict[str, tuple[str, str]] = {
    "location_id": ("The id of a place.", "kupiansk"),
    "actor_id": ("The id of an actor.", "russia"),
    "claim_id": ("The id of a claim.", "kupiansk-claimed"),
    "development_id": ("The id of a development.", "kupiansk-visit"),
    "document_id": ("The id of a document.", "romanian-report-2025-12-13"),
    "problem_id": ("The last part of the `type` of a problem.", "id-taken"),
}
"""What stands in the path of an address."""

EXAMPLES: dict[str, str] = {
    "valid_at": "2025-12-13",
    "known_at": "2025-12-13",
    "against_valid_at": "2025-11-01",
    "tz": "Europe/Kyiv",
    "q": "Kupi",
    "bbox": "36.5,48.5,39,50.5",
    "valid_from": "2022-01-01",
    "valid_to": "2025-12-31",
    "made_from": "2022-01-01",
    "made_to": "2025-12-31",
    "from": "2025-11-01",
    "to": "2025-12-31",
    "step": "P1M",
    "party": "russia",
    "publisher": "romanian-report",
}
"""Parameters of queries whose form an example tells best. Their routes say what they mean."""


def explain_schemas(schemas: Mapping[str, Any]) -> None:
    """Adds what each field means to the schemas of an OpenAPI document."""
    explain_fields(schemas, {**RECORD, **ANSWERS})


def explain_parameter(parameter: dict[str, Any]) -> None:
    """Adds an example to a parameter; to an id in the path also what it means, and what an id looks like."""
    name, schema = parameter["name"], parameter["schema"]
    if parameter["in"] == "path":
        parameter["description"], example = IDS[name]
        schema |= {"pattern": f"^{SLUG.pattern}$", "examples": [example]}
    elif parameter["in"] == "query" and name in EXAMPLES:
        schema["examples"] = [EXAMPLES[name]]
