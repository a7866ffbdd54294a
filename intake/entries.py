"""One entry, as written in a dossier or sent over HTTP, read into a class of the domain.

The class says what its fields are; nothing here repeats that. Everything wrong with an entry is found
at once, a fault a field.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, tzinfo
from functools import cache, partial
from typing import Any, TypeVar, cast

import msgspec

from domain.catalogue import KINDS
from domain.errors import Fault
from domain.kinds.envelope import Development
from domain.shares import Share
from domain.times import When
from intake.date_words import looks_like_words
from intake.dates import resolve_when
from intake.plain_values import options_of, plain_reader
from intake.shares import resolve_share

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an entry is read against: the time zone its days are in, and when its document was published."""

    tz: tzinfo = UTC
    anchor: date | None = None


_Reader = Callable[[object, Context], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a class: how its values are resolved from the forms people write, if they are."""

    name: str
    type: Any
    required: bool
    resolve: _Reader | None


@cache
def fields_of(cls: Hashable) -> dict[str, Field]:
    """The fields of a class, by name."""
    hints = typing.get_type_hints(cls)
    return {
        field.name: Field(
            name=field.name,
            type=hints[field.name],
            required=field.default is MISSING and field.default_factory is MISSING,
            resolve=_resolver(hints[field.name]),
        )
        for field in fields(cast(Any, cls))
    }


def _resolver(hint: Any) -> _Reader | None:
    """How a value of this type is resolved from the forms people write; None when it is read as it is."""
    if means(hint, When):
        return lambda written, context: resolve_when(written, tz=context.tz, anchor=context.anchor)
    if means(hint, Share):
        return lambda written, _: resolve_share(written)
    if typing.get_origin(hint) is dict and typing.get_args(hint)[1] is Share:
        return lambda written, _: _resolve_shares(written)
    if hint == tuple[str, ...]:
        return lambda written, _: [written] if isinstance(written, str) else written
    return None


@cache
def _plain_readers(cls: Hashable) -> tuple[dict[str, _Reader], frozenset[str]]:
    """How each field of the class is read from the form it nearly always has, and which fields it needs."""
    known = fields_of(cls)
    required = frozenset(name for name, field in known.items() if field.required)
    return {name: _plain_reader(field) for name, field in known.items()}, required


def _plain_reader(field: Field) -> _Reader:
    if field.resolve is not None and (means(field.type, When) or means(field.type, Share)):
        return field.resolve
    plain = plain_reader(field.type)
    return (lambda written, _: plain(written)) if plain is not None else partial(read_value, field)


def means(hint: Any, wanted: type) -> bool:
    """Whether a type is this one, or this one among others."""
    return hint is wanted or wanted in options_of(hint)


def _resolve_shares(written: object) -> object:
    if not isinstance(written, Mapping):
        raise ValueError("Write each party with its share, such as {russia: part, ukraine: part}.")
    return {str(party): resolve_share(share) for party, share in written.items()}


def read_development(
    written: object, context: Context, path: str = ""
) -> tuple[Development | None, list[Fault]]:
    """A development of the kind it names, or None with everything that is wrong with it."""
    if not isinstance(written, Mapping):
        return None, [Fault(path=path, message="A development is a mapping of fields.", code="bad-type")]
    kind = written.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        message = (
            "Say what kind it is."
            if kind is None
            else f"There is no kind {kind!r}.{_guess(str(kind), KINDS)}"
        )
        return None, [Fault(path=_join(path, "kind"), message=message, code="unknown-kind")]
    development, faults = read_entry(KINDS[kind], with_defaults(written), context, path)
    if written.get("occurred") is None:
        # It is taken from `reported`, which is told to be wrong already.
        faults = [fault for fault in faults if fault.path != _join(path, "occurred")]
    return development, faults


def with_defaults(written: Mapping[Any, Any]) -> dict[Any, Any]:
    """The entry with what it leaves to be understood: it took effect when it was reported, and a time
    given in words is kept in those words.
    """
    entry = dict(written)
    if entry.get("occurred") is None and "reported" in entry:
        entry["occurred"] = entry["reported"]
    words = entry.get("occurred")
    if entry.get("when_text") is None and isinstance(words, str) and looks_like_words(words):
        entry["when_text"] = words
    return entry


def read_entry(
    cls: type[T], written: object, context: Context, path: str = ""
) -> tuple[T | None, list[Fault]]:
    """An entry of the class, or None with everything that is wrong with it."""
    if not isinstance(written, Mapping):
        return None, [Fault(path=path, message="This is a mapping of fields.", code="bad-type")]
    entry = _read_plainly(cls, written, context)
    if entry is not None:
        return entry, []
    known = fields_of(cast(Hashable, cls))
    faults = [
        Fault(
            path=_join(path, str(name)),
            message=f"There is no such field.{_guess(str(name), known)}",
            code="unknown-field",
        )
        for name in written
        if name not in known
    ]
    values: dict[str, Any] = {}
    for field in known.values():
        if written.get(field.name) is None:
            if field.required:
                faults.append(
                    Fault(path=_join(path, field.name), message="This field is missing.", code="missing")
                )
            continue
        try:
            values[field.name] = read_value(field, written[field.name], context)
        except (ValueError, msgspec.ValidationError) as error:
            faults.append(_value_fault(_join(path, field.name), field.type, error))
    return (None, faults) if faults else (cls(**values), [])


def _read_plainly(cls: type[T], written: Mapping[Any, Any], context: Context) -> T | None:
    """An entry that is right and in the plainest forms, as nearly all are; None when in doubt."""
    readers, required = _plain_readers(cast(Hashable, cls))
    values: dict[str, Any] = {}
    try:
        for name, value in written.items():
            read = readers[name]
            if value is not None:
                values[name] = read(value, context)
    except (LookupError, TypeError, ValueError, msgspec.ValidationError):
        return None
    return cls(**values) if required <= values.keys() else None


def read_value(field: Field, written: object, context: Context) -> Any:
    """The value of a field. Raises ValueError or msgspec.ValidationError."""
    resolved = field.resolve(written, context) if field.resolve is not None else written
    if _holds_nul(resolved):
        raise ValueError("This holds a NUL character, which cannot be kept.")
    return msgspec.convert(resolved, field.type, strict=True)


def _holds_nul(value: object) -> bool:
    """Whether any text in it holds U+0000, which PostgreSQL refuses in every column of text."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, list | tuple):
        return any(map(_holds_nul, value))
    return isinstance(value, Mapping) and any(_holds_nul(part) for pair in value.items() for part in pair)


def _value_fault(path: str, hint: Any, error: Exception) -> Fault:
    """A fault in our words; msgspec says where inside the value with `$`, as in "... - at `$[0].via`"."""
    message, _, inner = str(error).partition(" - at `$")
    message = message.replace("`", "'")
    if message.startswith("Invalid enum value") and not inner:
        message = f"{message.replace('Invalid enum value', 'There is no')}; there are {_allowed(hint)}"
    return Fault(
        path=path + inner.rstrip("`"),
        message=message if message.endswith(".") else f"{message}.",
        code="bad-value",
    )


def _allowed(hint: Any) -> str:
    """The values of a Literal, alone or beside None."""
    parts = typing.get_args(hint)
    values = [value for part in parts for value in (typing.get_args(part) or (part,))]
    return ", ".join(str(value) for value in values if value is not types.NoneType)


def _guess(written: str, known: typing.Iterable[str]) -> str:
    close = difflib.get_close_matches(written, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
