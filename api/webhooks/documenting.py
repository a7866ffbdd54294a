"""What webhooks are sent, for the `webhooks` of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from api.shapes.events import WebhookMessage

HEADERS = {
    "webhook-id": "Names the message: the same whenever it is sent again.",
    "webhook-timestamp": "When it was sent this time, in seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256, in base64, of id, timestamp and body, joined by full "
    "stops; one for each secret, separated by blanks.",
}


def describe_webhooks(template: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The webhooks, and the schemas that they need beside those of the answers."""
    schema = WebhookMessage.model_json_schema(ref_template=template, mode="serialization")
    sent = {
        "post": {
            "operationId": "receive_event",
            "tags": ["events"],
            "summary": "An event that was recorded",
            "description": "Every event that the webhook wants, in the order of the log, at least once, by "
            "the Standard Webhooks specification. Each waits until the one before it was taken.",
            "parameters": [
                {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "description": described,
                    "schema": {"type": "string"},
                }
                for name, described in HEADERS.items()
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {"schema": {"$ref": template.format(model=WebhookMessage.__name__)}}
                },
            },
            "responses": {
                "2XX": {"description": "It was taken. Answer within 15 seconds."},
                "410": {"description": "The receiver is gone for good: the webhook is disabled."},
                "default": {"description": "It was not taken, and is sent again later."},
            },
        }
    }
    return {"event": sent}, {**schema.pop("$defs"), WebhookMessage.__name__: schema}
