"""What the files in stored/ hold: for each topic the event that every stored version of it decodes to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from domain.catalogue import KINDS, Event
from domain.editorial import Corrected, Linked, Retracted
from domain.kinds.assessments import Legend
from domain.kinds.envelope import Quote, Source
from domain.registry import (
    ActorDescribed,
    ActorRegistered,
    DocumentArchived,
    LocationDescribed,
    LocationRegistered,
)
from domain.shares import ALL, MOST, PART, Share
from domain.times import When
from ledger.codec import Entry

ENVELOPE: dict[str, Any] = {
    "at": ("kupiansk", "kupiansk-villages"),
    "by": "russian-army",
    "occurred": When(
        edtf="2025-11-21~",
        earliest=datetime(2025, 11, 19, tzinfo=UTC),
        latest=datetime(2025, 11, 24, tzinfo=UTC),
        sure_from=datetime(2025, 11, 21, tzinfo=UTC),
        sure_until=datetime(2025, 11, 22, tzinfo=UTC),
    ),
    "reported": When(
        edtf="2025-11-21T10:30:00.5Z",
        earliest=datetime(2025, 11, 21, 10, 30, 0, 500000, tzinfo=UTC),
        latest=datetime(2025, 11, 21, 10, 30, 0, 500001, tzinfo=UTC),
    ),
    "during": "throughout",
    "when_text": "acum trei săptămâni",
    "sources": (
        Source(
            document="report",
            via=("reuters", "agerpres"),
            mode="paraphrase",
            quote=Quote(exact="a cucerit", prefix="armata rusă ", suffix=" orașul"),
        ),
        Source(document="note", mode="inferred"),
    ),
    "reliability": "B",
    "credibility": 2,
    "summary": "Росія каже, що місто взято.",
    "manner": "liberated",
    "part": "northern districts",
}
OWN: dict[str, dict[str, Any]] = {
    "occupation-claimed": {"holder": "russia", "share": ALL},
    "recapture-claimed": {"holder": "ukraine", "share": MOST},
    "advance-claimed": {"holder": "russia", "share": Share(min=0.016, max=0.05)},
    "withdrawal-announced": {"holder": "russia"},
    "claim-denied": {"claim": "kupiansk-claimed"},
    "claim-confirmed": {"claim": "kupiansk-claimed"},
    "claim-repeated": {"claim": "kupiansk-claimed"},
    "claim-renounced": {"claim": "kupiansk-claimed"},
    "control-assessed": {
        "control": {"russia": PART, "ukraine": PART},
        "legend": Legend(category="unknown", version="2025-01"),
    },
    "control-reported": {"holder": "ukraine", "share": ALL},
    "encirclement-reported": {
        "force": "russia",
        "encircled_by": "ukraine",
        "strength": "several hundred",
        "area": "centre",
    },
    "encirclement-lifted": {"force": "russia"},
    "supply-cut": {"force": "russia"},
    "fighting-reported": {},
    "strike-reported": {"weapon": "glide bomb"},
    "presence-reported": {"force": "russia"},
    "visit-reported": {"visitor": "zelensky", "office": "president", "purpose": "troops"},
    "evidence-published": {"medium": "video", "geolocated": True},
    "statement-made": {},
    "population-reported": {"count": 55000, "as_of_text": "before the war"},
}
DEVELOPMENTS = {kind: KINDS[kind](id=f"a-{kind}", **ENVELOPE, **own) for kind, own in OWN.items()}
LOCATION: dict[str, Any] = {
    "id": "kupiansk",
    "kind": "settlement",
    "name": "Kupiansk",
    "names": {"uk": "Куп'янськ", "ro": "Kupiansk"},
    "point": (37.616, 49.71),
    "part_of": "kharkiv-oblast",
    "refs": {"geonames": "703656"},
    "aliases": ("Kupyansk", "Купенск"),
    "population": 27169,
}
ACTOR: dict[str, Any] = {
    "id": "russian-mod",
    "kind": "official",
    "name": "Ministry of Defence of Russia",
    "names": {"ru": "Минобороны России"},
    "speaks_for": "russia",
}
OTHERS: dict[str, Event] = {
    "corrected": Corrected(reason="The date was wrong.", body=DEVELOPMENTS["population-reported"]),
    "retracted": Retracted(reason="It was about another place."),
    "linked": Linked(type="misattributes", to="another-report", reason="He did not say it."),
    "location-registered": LocationRegistered(**LOCATION),
    "location-described": LocationDescribed(**LOCATION),
    "actor-registered": ActorRegistered(**ACTOR),
    "actor-described": ActorDescribed(**ACTOR),
    "document-archived": DocumentArchived(
        id="report",
        publisher="romanian-report",
        title="Kupiansk",
        url="https://example.org/a?b=c",
        published="2025-12-13",
        language="ro",
        licence="CC BY 4.0",
        note="Seen on the day.",
        sha256="ab" * 32,
    ),
}
EVENTS: dict[str, Event] = {**DEVELOPMENTS, **OTHERS}
ENTRIES = {
    topic: Entry(event=event, recorded_by="key-1", request_id="request-1") for topic, event in EVENTS.items()
}
