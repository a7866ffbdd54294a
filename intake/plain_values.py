"""Values in the forms in which nearly all are written, read by the short way.

A reader answers what the thorough reading of `intake/entries.py` answers for the same value. Where it is not
sure it raises NotPlain: the thorough reading looks at the value then, and tells what is wrong, if anything.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from functools import partial
from typing import Any

from domain.shares import Share
from intake.shares import resolve_share


class NotPlain(ValueError):
    """The value is not in the plainest form."""


def options_of(hint: Any) -> frozenset[Any]:
    """The types that a union joins, but for None; the type itself if it is no union."""
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return frozenset(typing.get_args(hint)) - {types.NoneType}
    return frozenset([hint])


def plain_reader(hint: Any) -> Callable[[object], object] | None:
    """The reader for values of a type, but for dates and shares; None if there is none."""
    options = options_of(hint)
    [option] = options if len(options) == 1 else [None]
    if option is str:
        return read_text
    if option == tuple[str, ...]:
        return read_texts
    if option == dict[str, Share]:
        return read_shares
    if typing.get_origin(option) is typing.Literal:
        return partial(read_word, frozenset(typing.get_args(option)))
    return None


def read_text(written: object) -> str:
    """A text that can be kept."""
    if type(written) is str and "\0" not in written:
        return written
    raise NotPlain


def read_texts(written: object) -> tuple[str, ...]:
    """One text, or a list of texts."""
    if type(written) is list:
        return tuple([read_text(text) for text in written])
    return (read_text(written),)


def read_word(words: frozenset[object], written: object) -> object:
    """One of the words or numbers."""
    if type(written) in (str, int) and written in words:
        return written
    raise NotPlain


def read_shares(written: object) -> dict[str, Share]:
    """Each party with its share. ValueError if one is none."""
    if type(written) is dict:
        return {read_text(party): resolve_share(share) for party, share in written.items()}
    raise NotPlain
