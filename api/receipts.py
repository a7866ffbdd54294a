"""What writes are answered: receipts with their status and headers, as they are also kept under a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import BaseModel

from api.shapes import receipts
from domain.kinds.envelope import Development
from domain.likeness import Voiced
from domain.streams import what_of
from ledger.idempotency import Answer
from ledger.recording import Receipt
from ledger.revising import Revised

# Where each thing is read after it was written.
PATHS = {"development": "developments", "location": "locations", "actor": "actors", "document": "documents"}

Alike = Mapping[str, tuple[Voiced, ...]]
"""The reports like each of those recorded, by its id; without those of which it cannot be told."""
NOT_KNOWN: Alike = {}


def tell_thing(recorded: Receipt, alike: Alike) -> Answer:
    """One thing: 201 when it is new, 200 when it was there already."""
    [outcome] = recorded.outcomes
    event = outcome.item.event
    shape = (
        receipts.development_receipt(recorded, alike.get(event.id))
        if isinstance(event, Development)
        else receipts.receipt(recorded)
    )
    headers = _whereabouts(what_of(event), event.id, outcome.revision)
    return answer_of(shape, 201 if outcome.status == "new" else 200, headers)


def tell_dossier(recorded: Receipt, alike: Alike) -> Answer:
    """Everything of a dossier: 201 when any of it is new."""
    shape = receipts.dossier_receipt(recorded, alike)
    return answer_of(shape, 201 if shape.new else 200)


def tell_correction(identifier: str, revised: Revised, alike: Alike) -> Answer:
    """A correction of the development of this id."""
    shape = receipts.correction_receipt(identifier, revised, alike.get(identifier))
    return answer_of(shape, 201, _whereabouts("development", identifier, revised.revision))


def tell_revision(what: str, identifier: str, revised: Revised, _: Alike) -> Answer:
    """Any other change to one thing."""
    shape = receipts.revision_receipt(identifier, revised)
    return answer_of(shape, 201, _whereabouts(what, identifier, revised.revision))


def _whereabouts(what: str, identifier: str, revision: int | None) -> dict[str, str]:
    return {"Location": f"/v1/{PATHS[what]}/{identifier}", "ETag": f'"{revision}"'}


def answer_of(shape: BaseModel, status: int, headers: Mapping[str, str] | None = None) -> Answer:
    """A receipt as an answer."""
    return Answer(status=status, headers=headers or {}, body=_encode(shape))


def _fields(shape: Any) -> dict[str, Any]:
    """The fields of a shape, which has those of its class in their order."""
    fields: dict[str, Any] = shape.__dict__
    return fields


_encode = msgspec.json.Encoder(enc_hook=_fields).encode
