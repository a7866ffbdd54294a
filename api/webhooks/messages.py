"""Messages as they are sent: the body, and the headers that prove who sent it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from api.shapes.events import event_fields
from ledger.reading import Recorded

USER_AGENT = "palimpsest-webhooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one webhook: the same `id` and `body` however often it is sent."""

    id: str
    body: bytes

    def headers(self, secrets: Sequence[str], sent_at: int) -> dict[str, str]:
        """The headers, signed with each of the secrets; `sent_at` is in seconds since 1970."""
        signed = f"{self.id}.{sent_at}.".encode() + self.body
        return {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            "webhook-id": self.id,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": " ".join(sign(secret, signed) for secret in secrets),
        }


def sign(secret: str, signed: bytes) -> str:
    """A signature of version 1: HMAC-SHA256 under the bytes that the secret holds in base64."""
    key = base64.b64decode(secret.partition("_")[2])
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def event_message(webhook: str, recorded: Recorded, told_until: int) -> Message:
    """The message of an event: whole, as `/v1/events` gives it."""
    return Message(
        id=f"msg_{webhook}_{recorded.log_position}",
        body=_body(recorded.topic, recorded.recorded_at, event_fields(recorded, told_until)),
    )


def trial_message(webhook: str, name: str, at: datetime) -> Message:
    """A message that tells of nothing, to try a receiver with."""
    return Message(id=f"msg_{webhook}_{name}", body=_body("test", at, {"webhook": webhook}))


def _body(kind: str, timestamp: datetime, data: dict[str, Any]) -> bytes:
    return msgspec.json.encode({"type": kind, "timestamp": timestamp, "data": data})
