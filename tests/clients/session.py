"""A session of a program in Python, against the client that is generated from the OpenAPI document."""

from __future__ import annotations

import json
import sys
from typing import TypeVar

from palimpsest_client.api.claims import get_claim
from palimpsest_client.api.developments import get_development, report_development
from palimpsest_client.api.locations import get_location, get_timeline, list_locations
from palimpsest_client.client import AuthenticatedClient
from palimpsest_client.models import (
    ClaimDeniedAsWritten,
    ClaimDeniedAsWrittenKind,
    ClaimDetail,
    DevelopmentAnswer,
    DevelopmentList,
    DevelopmentReceipt,
    LocationList,
    LocationState,
    Problem,
)

Answer = TypeVar("Answer")


def held(answer: object, wanted: type[Answer]) -> Answer:
    """The answer, which is no problem and not missing."""
    if not isinstance(answer, wanted):
        raise TypeError(f"{wanted.__name__} was asked for, {answer} came")
    return answer


address, key = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=key, raise_on_unexpected_status=True)
DAY = "2025-12-13"

places = held(list_locations.sync(client=client, valid_at=DAY, known_at=DAY), LocationList)
state = held(get_location.sync("kupiansk", client=client, valid_at=DAY, known_at=DAY), LocationState)
timeline = held(get_timeline.sync("kupiansk", client=client, valid_at=DAY, known_at=DAY), DevelopmentList)
claim = held(get_claim.sync("kupiansk-claimed", client=client, valid_at=DAY, known_at=DAY), ClaimDetail)

denial = ClaimDeniedAsWritten(
    id="denied-in-python",
    kind=ClaimDeniedAsWrittenKind.CLAIM_DENIED,
    at="kupiansk",
    by="ukraine",
    claim="kupiansk-claimed",
    reported="2025-12-14",
)
written = held(report_development.sync(client=client, body=denial), DevelopmentReceipt)
read_back = held(
    get_development.sync(written.id, client=client, min_log_position=written.log_position), DevelopmentAnswer
)
denial.summary = "Other words."
refused = held(report_development.sync(client=client, body=denial), Problem)

print(  # noqa: T201
    json.dumps(
        {
            "places": [place.id for place in places.items],
            "status": state.status.value,
            "shares": [
                [each.voice, each.shares["russia"].min_ if "russia" in each.shares else None]
                for each in state.positions
            ],
            "told": [each["kind"] for each in timeline.items],
            "outcome": claim.outcome.value.value,
            "receipt": written.status.value,
            "read": [read_back["kind"], read_back["claim"], read_back.recorded_by],
            "problem": [refused.type_, [each.path for each in refused.differences or []]],
        }
    )
)
