"""`Idempotency-Key`: a write that is sent again under its key is answered again, and not carried out again.

The header is that of draft-ietf-httpapi-idempotency-key-header.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from fastapi import Request

from domain.errors import Fault, InvalidInput
from ledger.idempotency import Answer, Once
from ledger.keys import Principal

HEADER = "Idempotency-Key"
LONGEST = 255
KEY = re.compile(rf'"([!#-\[\]-~]{{1,{LONGEST}}})"|([!#-\[\]-~]{{1,{LONGEST}}})')
"""Visible ASCII without quotation marks and backslashes; in quotation marks, as the draft has it, or bare."""


async def once_for(request: Request, principal: Principal, tell: Callable[[Any], Answer]) -> Once | None:
    """What makes this request happen once, when it names a key. Raises InvalidInput for a bad one.

    Keys of one API key are apart from those of another. Method, path and body are what has to be the same.
    """
    named = request.headers.getlist(HEADER)
    if not named:
        return None
    match = KEY.fullmatch(named[0].strip()) if len(named) == 1 else None
    if match is None:
        message = (
            f"Send one key of at most {LONGEST} visible ASCII characters, such as a UUID, in quotation marks."
        )
        raise InvalidInput([Fault(path=f"header.{HEADER}", message=message, code="bad-value")])
    asked = f"{request.method} {request.scope['path']}\n".encode() + await request.body()
    return Once(
        principal=principal.id,
        key=match[1] or match[2],
        fingerprint=sha256(asked).digest(),
        tell=tell,
    )
