"""The shapes of answers, as models that both document and write them. Fields are added, never renamed.

One file for each resource; a shape is made by the function named after it, from what `projections` read.
"""

from api.shapes.claims import (
    ClaimDetail,
    ClaimEntryShape,
    ClaimList,
    ClaimShape,
    claim,
    claim_detail,
    claim_fields,
)
from api.shapes.developments import (
    DevelopmentAnswer,
    DevelopmentList,
    RecordedDevelopment,
    RevisionList,
    development,
    development_answer,
    development_list,
    revision_list,
)
from api.shapes.locations import (
    History,
    LocationList,
    LocationState,
    LocationSummary,
    history,
    location_list,
    location_state,
    location_summary,
)
from api.shapes.registry import (
    ActorDetail,
    ActorList,
    DocumentDetail,
    DocumentList,
    actor,
    actor_detail,
    document,
    document_detail,
)

__all__ = [
    "ActorDetail",
    "ActorList",
    "ClaimDetail",
    "ClaimEntryShape",
    "ClaimList",
    "ClaimShape",
    "DevelopmentAnswer",
    "DevelopmentList",
    "DocumentDetail",
    "DocumentList",
    "History",
    "LocationList",
    "LocationState",
    "LocationSummary",
    "RecordedDevelopment",
    "RevisionList",
    "actor",
    "actor_detail",
    "claim",
    "claim_detail",
    "claim_fields",
    "development",
    "development_answer",
    "development_list",
    "document",
    "document_detail",
    "history",
    "location_list",
    "location_state",
    "location_summary",
    "revision_list",
]
