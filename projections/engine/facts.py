"""Facts: developments in the compact form that places are folded from."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter

import msgspec

from domain.catalogue import KINDS
from domain.kinds.envelope import Development, Sets
from domain.shares import Control, Share

LONGEST_STATED = 1_000
"""In bytes. An entry of an index has room for 2,704, and two ids of it may have 120 each."""

# What only a reader of the timeline wants, and the sources, of which the fold wants the mode.
_LEFT_OUT = {"sources", "summary", "when_text", "manner", "part"}
_ESSENCE = {
    cls: tuple(field.name for field in fields(cls) if field.name not in _LEFT_OUT) for cls in KINDS.values()
}
_VALUES = {cls: attrgetter(*names) for cls, names in _ESSENCE.items()}

_encode = msgspec.msgpack.Encoder().encode
_DECODERS = {kind: msgspec.msgpack.Decoder(cls) for kind, cls in KINDS.items()}
_STATED = msgspec.msgpack.Decoder(list[tuple[str, float, float, bool, bool]])


def encode_fact(development: Development) -> bytes:
    """The compact form: the development less what only a reader of the timeline wants."""
    cls = type(development)
    essence = {
        name: value
        for name, value in zip(_ESSENCE[cls], _VALUES[cls](development), strict=True)
        if value is not None
    }
    if development.sources and (mode := development.mode) != "direct":
        essence["sources"] = ({"document": "", "mode": mode},)
    return _encode(essence)


def decode_fact(kind: str, body: bytes) -> Development:
    """The development of a compact form."""
    return _DECODERS[kind].decode(body)


def encode_stated(development: Development) -> bytes | None:
    """What its voice says of control from then on, where that follows from the development alone: from no
    answer, and from nothing that lapses. None also where it is too long for an index.
    """
    match development.effect(None):
        case Sets(control=control) if development.during == "within":
            stated = encode_control(control)
            return stated if len(stated) <= LONGEST_STATED else None
    return None


def encode_control(control: Control) -> bytes:
    """A control in few bytes, the same for equal ones."""
    return msgspec.msgpack.encode(
        [
            (party, share.min, share.max, share.min_open, share.max_open)
            for party, share in sorted(control.items())
        ]
    )


def decode_control(stated: bytes) -> dict[str, Share]:
    """The control of `encode_control`, or of what `encode_stated` gave."""
    return {
        party: Share(min=low, max=high, min_open=low_open, max_open=high_open)
        for party, low, high, low_open, high_open in _STATED.decode(stated)
    }
