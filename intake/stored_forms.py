"""Entries as JSON has them, turned into the values that the log stores, without the objects in between.

What comes of it is what the thorough reading of `intake/entries.py` comes to. Where that is not sure, an
error is raised, and the thorough reading has to look. Types are not looked at here: the stored state is read
back into the class, and whatever is no such event shows then.
"""

from __future__ import annotations

import typing
from collections.abc import Callable, Hashable, Mapping
from datetime import tzinfo
from functools import cache, lru_cache, partial
from typing import Any

import msgspec

from domain.shares import Share
from domain.times import When
from intake.date_words import looks_like_words
from intake.dates import resolve_when
from intake.entries import Context, Field, fields_of, means, read_value
from intake.plain_values import NotPlain, options_of
from intake.shares import resolve_share

_Form = Callable[[Any, tzinfo], object]
_AS_WRITTEN = (str, dict[str, str])
_encode = msgspec.json.Encoder().encode


def development_values(cls: Hashable, written: dict[str, Any], tz: tzinfo) -> dict[str, Any]:
    """The stored values of a development that names its kind; `written` is used up."""
    values = entry_values(cls, written, tz)
    if "occurred" not in values and "reported" in values:
        values["occurred"] = values["reported"]  # `with_defaults` of intake/entries.py
    return values


def entry_values(cls: Hashable, written: dict[str, Any], tz: tzinfo) -> dict[str, Any]:
    """The stored values of an entry of this class; `written` is used up."""
    if None in written.values():
        if not written.keys() <= fields_of(cls).keys():
            raise NotPlain
        written = {name: value for name, value in written.items() if value is not None}
    for name, form in _forms_of(cls):
        if name in written:
            written[name] = form(written[name], tz)
    return written


@cache
def _forms_of(cls: Hashable) -> tuple[tuple[str, _Form], ...]:
    """The fields of a class that are not stored as they are written, and how they are."""
    forms = ((name, _form_of(field)) for name, field in fields_of(cls).items())
    return tuple((name, form) for name, form in forms if form is not None)


def _form_of(field: Field) -> _Form | None:
    options = options_of(field.type)
    [option] = options if len(options) == 1 else [None]
    if option in _AS_WRITTEN or _is_word(option):
        return None
    if option == tuple[str, ...]:
        return _listed
    thorough = partial(_by_thorough_reading, field)
    if means(field.type, When):
        return lambda written, tz: (
            _stored_when(written, tz) if type(written) is str else thorough(written, tz)
        )
    if means(field.type, Share):
        return lambda written, tz: _stored_share(written) if type(written) is str else thorough(written, tz)
    return _stored_shares if option == dict[str, Share] else thorough


def _is_word(option: Any) -> bool:
    return typing.get_origin(option) is typing.Literal and all(
        isinstance(word, str) for word in typing.get_args(option)
    )


def _by_thorough_reading(field: Field, written: object, tz: tzinfo) -> object:
    return read_value(field, written, Context(tz=tz))


def _listed(written: object, _: tzinfo) -> object:
    return [written] if type(written) is str else written


def _stored_shares(written: object, _: tzinfo) -> object:
    if not isinstance(written, Mapping):
        raise NotPlain
    return {
        party: _stored_share(share) if type(share) is str else resolve_share(share)
        for party, share in written.items()
    }


# Both are encoded once for all the entries that name the same: a timeline has few days, and fewer shares.
@lru_cache(maxsize=16_384)
def _stored_when(text: str, tz: tzinfo) -> msgspec.Raw:
    if looks_like_words(text):
        raise NotPlain  # it takes a document's date, and is kept as `when_text`
    return msgspec.Raw(_encode(resolve_when(text, tz=tz)))


@lru_cache(maxsize=4_096)
def _stored_share(text: str) -> msgspec.Raw:
    return msgspec.Raw(_encode(resolve_share(text)))
