"""What a voice says after answers, from the columns of its facts alone: most chains need no body at all.

A statement decides by itself (`stated`), an answer by the claim that it answers. Where that is not all there
is to it, because something lapses or two things were said in one instant, the rules of `domain/` fold the
bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter

import msgspec

from domain.catalogue import KINDS
from domain.kinds.answers import Answer, Entry
from domain.kinds.claims import Claim
from domain.shares import find_clash
from projections.engine.facts import decode_control, encode_control

Said = tuple[bytes, bool]
"""A position in brief: the control, and whether it is certain."""
Word = tuple[datetime, bool, str, bytes | None, str | None, bytes]
"""From when on, whether it surely is by then, kind, what it states, the claim that it answers, its body."""

CLAIMS = tuple(kind for kind, cls in KINDS.items() if issubclass(cls, Claim))
ENTRIES: Mapping[str, Entry] = {kind: cls.entry for kind, cls in KINDS.items() if issubclass(cls, Answer)}


class NotInBrief(Exception):
    """What is said cannot be told from the columns alone."""


class _Manner(msgspec.Struct):
    """How a development is meant."""

    during: str = "within"


_MANNERS = msgspec.msgpack.Decoder(_Manner)


def fold_words(words: Sequence[Word], claims: Mapping[str, bytes | None]) -> Said | None:
    """What a voice says after all these words; None when nothing. `claims` has what the claims that are
    answered state, None for one that does not state it alone; one that is missing is not held any more.

    Raises NotInBrief.
    """
    held: Said | None = None
    before: datetime | None = None
    for starts, is_sure, kind, stated, answers, body in sorted(words, key=itemgetter(0)):
        if starts == before:
            raise NotInBrief
        before = starts
        if stated is not None:
            held = stated, is_sure
            continue
        if answers is None or _MANNERS.decode(body).during != "within":
            raise NotInBrief  # it lapses, or is too long to be stated
        if answers in claims:
            held = _answer(ENTRIES[kind], claims[answers], held, is_sure=is_sure)
    return held


def _answer(entry: Entry, claimed: bytes | None, held: Said | None, *, is_sure: bool) -> Said | None:
    """What a voice says after an answer (`domain/positions.py`)."""
    if entry == "renounced":
        return None
    if claimed is None:
        raise NotInBrief
    if entry != "denied":
        return claimed, is_sure
    if held is not None and _clash(held[0], claimed):
        return held
    rest = _denied(claimed)
    return held if rest is None else (rest, is_sure)


@lru_cache(maxsize=4_096)
def _clash(one: bytes, other: bytes) -> bool:
    return find_clash(decode_control(one), decode_control(other)) is not None


@lru_cache(maxsize=4_096)
def _denied(claimed: bytes) -> bytes | None:
    """What remains when a control is denied, if anything does."""
    control = {party: rest for party, share in decode_control(claimed).items() if (rest := share.denied)}
    return encode_control(control) if control else None
