"""Shares of a place as people, files and clients write them, resolved into `Share`.

Every fault is a ValueError with one sentence that says what is wrong and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from domain.shares import WORDS, Share

LONGEST = 60
"""The characters accepted in a written share."""

FORMS = "write none, part, most, all, a number from 0 to 1, 40%, or an interval like [0.5, 1)"

_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*%?"
_ONE_NUMBER = re.compile(_NUMBER)
_INTERVAL = re.compile(rf"([\[(])\s*({_NUMBER})\s*,\s*({_NUMBER})\s*([\])])")
_NEEDED = ("min", "max")
_FLAGS = ("min_open", "max_open")


def resolve_share(written: object) -> Share:
    """The interval of [0, 1] that a written share stands for.

    `written` is `none`, `part`, `most` or `all` (any case); a number in [0, 1], or as text, or as a
    percentage such as `40%`; a list of the two ends, both closed; an interval as text, `[` and `]`
    closing an end and `(` and `)` leaving it open; an object `{min, max, min_open?, max_open?}`; or a
    Share. Raises ValueError for anything else and for an interval outside [0, 1] or without a number in it.
    """
    match written:
        case str():
            return WORDS.get(written) or _resolve_text(written.strip())
        case Share():
            return _possible(written)
        case list() | tuple():
            return _resolve_ends(written)
        case Mapping():
            return _resolve_mapping(written)
        case _:
            number = _number(written)
            return _possible(Share(min=number, max=number))


def _resolve_text(text: str) -> Share:
    if word := WORDS.get(text.casefold()):
        return word
    if len(text) > LONGEST:
        raise ValueError(f"A share has at most {LONGEST} characters; {FORMS}.")
    if _ONE_NUMBER.fullmatch(text):
        number = _number(text)
        return _possible(Share(min=number, max=number))
    found = _INTERVAL.fullmatch(text)
    if not found:
        raise ValueError(f"The share {text!r} is not understood; {FORMS}.")
    opening, low, high, closing = found.groups()
    return _possible(
        Share(min=_number(low), max=_number(high), min_open=opening == "(", max_open=closing == ")")
    )


def _resolve_ends(written: list[object] | tuple[object, ...]) -> Share:
    if len(written) != 2:
        raise ValueError(f"A share as a list has two numbers, its lower and upper end, not {len(written)}.")
    return _possible(Share(min=_number(written[0]), max=_number(written[1])))


def _resolve_mapping(written: Mapping[object, object]) -> Share:
    unknown = [str(key) for key in written if key not in (*_NEEDED, *_FLAGS)]
    if unknown:
        raise ValueError(f"A share has no field {unknown[0][:60]!r}, only min, max, min_open and max_open.")
    if missing := [key for key in _NEEDED if key not in written]:
        raise ValueError(f"A share as an object needs min and max; {missing[0]} is missing.")
    min_open, max_open = (written.get(flag, False) for flag in _FLAGS)
    if not (isinstance(min_open, bool) and isinstance(max_open, bool)):
        raise ValueError("The min_open and max_open of a share are true or false.")
    low, high = _number(written["min"]), _number(written["max"])
    return _possible(Share(min=low, max=high, min_open=min_open, max_open=max_open))


def _number(written: object) -> float:
    """A number in [0, 1], given as a number, as text or as a percentage."""
    number = _read_number(written)
    if number is None:
        kind = "nothing" if written is None else f"a value of the type {type(written).__name__}"
        raise ValueError(f"A share is made of numbers from 0 to 1, not of {kind}; {FORMS}.")
    if not 0 <= number <= 1:  # which NaN is not either
        raise ValueError(f"A share lies between 0 and 1 (0% and 100%); {FORMS}.")
    return float(number) + 0.0  # so that -0.0 becomes 0.0


def _read_number(written: object) -> int | float | Decimal | None:
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        return written
    text = written.strip() if isinstance(written, str) else ""
    if len(text) > LONGEST or not _ONE_NUMBER.fullmatch(text):
        return None
    # Decimal, because 33.3 / 100 in binary is not what 0.333 is.
    return Decimal(text.rstrip("% ")) / 100 if text.endswith("%") else Decimal(text)


def _possible(share: Share) -> Share:
    if not share.is_possible:
        raise ValueError(
            f"The share {_interval(share)} holds no number from 0 to 1; its lower end must not lie above its "
            "upper end, and both must belong to it when they are equal."
        )
    return share


def write_share(share: Share) -> str:
    """The share as text that `resolve_share` reads: its word, or the interval."""
    if word := next((word for word, named in WORDS.items() if named == share), None):
        return word
    return _interval(share)


def _interval(share: Share) -> str:
    opening, closing = "(" if share.min_open else "[", ")" if share.max_open else "]"
    return f"{opening}{share.min:.12g}, {share.max:.12g}{closing}"
