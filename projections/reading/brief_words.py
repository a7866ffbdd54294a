"""What a voice says after answers, from the columns of its facts alone: most chains need no body at all.

A statement decides by itself (`stated`), an answer by the claim that it answers. Where that is not all there
is to it, because something lapses, the rules of `domain/` fold the bodies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import LiteralString, NamedTuple

import msgspec

from domain.catalogue import KINDS
from domain.kinds.answers import Answer, Entry
from domain.kinds.claims import Claim
from domain.positions import EffectOrder, effect_order
from domain.shares import Share, find_clash
from projections.engine.facts import decode_control, decode_fact, encode_control

Said = bytes
"""A position in brief: whether it is certain, a byte, and then the control. In SQL it is SAID."""
SAID: LiteralString = (
    "CASE WHEN f.effect_until <= %(sure_before)s THEN bytea '\\x01' ELSE bytea '\\x00' END || f.stated"
)
_Held = tuple[bytes, bool]
"""The same on the way: the control, and whether it is certain."""

CLAIMS = tuple(kind for kind, cls in KINDS.items() if issubclass(cls, Claim))
ENTRIES: Mapping[str, Entry] = {kind: cls.entry for kind, cls in KINDS.items() if issubclass(cls, Answer)}


class Word(NamedTuple):
    """Something that an actor said. `starts` is in microseconds; a word `is_sure` once it surely is so.

    `stated` is what it states by itself. Of an answer, `answers` is the claim, `is_held` is None when that is
    not held any more, and `claimed` is what it states, None where that does not follow from it alone.
    """

    starts: int
    is_sure: bool
    kind: str
    stated: bytes | None
    answers: str | None
    is_held: bool | None
    claimed: bytes | None
    body: bytes


class NotInBrief(Exception):
    """What is said cannot be told from the columns alone."""


class _Manner(msgspec.Struct):
    """How a development is meant."""

    during: str = "within"


_MANNERS = msgspec.msgpack.Decoder(_Manner)


def fold_words(words: Sequence[Word]) -> Said | None:
    """What a voice says after all these words; None when nothing. Raises NotInBrief."""
    held: _Held | None = None
    for word in _in_effect_order(words):
        if word.stated is not None:
            held = word.stated, word.is_sure
            continue
        if word.answers is None or _MANNERS.decode(word.body).during != "within":
            raise NotInBrief  # it lapses, or is too long to be stated
        if word.is_held:
            held = _answer(ENTRIES[word.kind], word.claimed, held, is_sure=word.is_sure)
    return encode_said(*held) if held is not None else None


def encode_said(control: bytes, certain: bool) -> Said:
    """A position in brief."""
    return (b"\x01" if certain else b"\x00") + control


def decode_said(said: Said) -> tuple[dict[str, Share], bool]:
    """The control of a position in brief, and whether it is certain."""
    return decode_control(said[1:]), said[0] == 1


def _in_effect_order(words: Sequence[Word]) -> list[Word]:
    """In the order of `domain/positions.py`, for which bodies are read only where instants are shared."""
    if len({word[0] for word in words}) == len(words):
        return sorted(words, key=itemgetter(0))
    return sorted(words, key=_effect_order)


def _effect_order(word: Word) -> EffectOrder:
    return effect_order(decode_fact(word.kind, word.body))


def _answer(entry: Entry, claimed: bytes | None, held: _Held | None, *, is_sure: bool) -> _Held | None:
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
