"""Ids made of names."""

from __future__ import annotations

import re
import unicodedata

from domain.names import fold_name

LONGEST = 80


def slug_of(name: str) -> str:
    """A name as a part of an id: lower-case letters a to z, digits, and hyphens between words.

    Latin letters lose their marks and apostrophes. A name in another script is folded first; "place" is
    what is left of one that has no letter for it.
    """
    plain = re.sub(r"[\u02b9-\u02bf\u2018-\u201f'`´\"]", "", unicodedata.normalize("NFKD", name))
    for text in (plain, fold_name(name)):
        letters = text.encode("ascii", "ignore").decode().lower()
        if slug := re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST].strip("-"):
            return slug
    return "place"
