"""Characters that some formats cannot hold, though a report may quote them."""

from __future__ import annotations

import re

_UNFIT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def fit(text: str) -> str:
    """The text with what XML 1.0 forbids or discourages, and no calendar takes, shown as replaced."""
    return _UNFIT.sub(REPLACEMENT, text)
