"""What Schemathesis cannot know of this API, read by it from `schemathesis.toml`."""

from __future__ import annotations

import uuid
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from api.clocks import LARGEST
from api.documenting import KEY_SHOWN

WHAT_A_SCHEMA_SAYS = {
    "bad-id",
    "bad-type",
    "unknown-field",
    "unknown-kind",
    "unknown-parameter",
    "unreadable",
}
"""Codes of faults that nothing can have which is as the specification wants it."""


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, object]) -> None:
    """Gives each write a key of its own where it would take the example's, which is good for one alone; and
    waits for no position that the log has not reached, which is 503 after a while.
    """
    if case.headers and case.headers.get("Idempotency-Key") == KEY_SHOWN:
        case.headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'
    query: dict[str, Any] = case.query or {}
    awaited = query.get("min_log_position")
    if isinstance(awaited, int) and 1 < awaited <= LARGEST:
        query["min_log_position"] = 1


@schemathesis.check
def refused_for_what_no_schema_says(ctx: CheckContext, response: Response, case: Case[Any]) -> None:
    """Something as the specification wants it is refused only for what is recorded, or for two things
    that do not go together.
    """
    positive = case.meta is not None and case.meta.generation.mode.is_positive
    if positive and response.status_code == 422:
        codes = {fault["code"] for fault in response.json().get("errors") or ()}
        assert not codes & WHAT_A_SCHEMA_SAYS, response.text
