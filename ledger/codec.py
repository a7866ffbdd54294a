"""Events as they are stored, and back: JSON, one decoder for each topic.

The stored state is `{"recorded_by": ..., "request_id": ..., "version": N, "event": {...}}`. `version` is
the version of the event's shape and is absent for 1; so is what is null. A development inside a correction
carries its own `body_version`. An older shape is brought up to date by the `upcast_v<N>_v<N+1>` of its
class, on the plain JSON value, before it is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from operator import attrgetter
from typing import Any, cast

import msgspec

from domain.catalogue import KINDS, TOPIC_OF, TOPICS, Event
from domain.editorial import Corrected
from domain.kinds.envelope import Development


class Undecodable(ValueError):
    """A stored state cannot be read; the message says why."""


class Unstorable(ValueError):
    """An event cannot be stored, because it could not be read back; the message says why."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An event with who recorded it, and the id of the request it came in, if there was one."""

    event: Event
    recorded_by: str
    request_id: str | None = None


class _Written(msgspec.Struct, omit_defaults=True):
    """The stored state on its way out."""

    recorded_by: str
    event: Any
    request_id: str | None = None
    version: int = 1


class _Read(msgspec.Struct):
    """The stored state on its way in; the event waits until its topic and version are known."""

    recorded_by: str
    event: msgspec.Raw
    request_id: str | None = None
    version: int = 1


class _ReadCorrection(msgspec.Struct):
    """A stored correction; the body waits until its kind and version are known."""

    reason: str
    body: msgspec.Raw
    body_version: int = 1


class _Kind(msgspec.Struct):
    """The one field that says what a body is."""

    kind: str


def version_of(cls: type[Event]) -> int:
    """The version of the shape that this class has now."""
    version: int = getattr(cls, "class_version", 1)
    return version


def _values_getter(names: tuple[str, ...]) -> Callable[[Event], tuple[Any, ...]]:
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda event: (getter(event),)


def _struct_of(cls: type[Event]) -> type[Any]:
    """The stored state of an event of this class in its shape of today, read in one go."""
    return msgspec.defstruct(
        f"_Stored{cls.__name__}",
        [("recorded_by", str), ("event", cls), ("request_id", str | None, None), ("version", int, 1)],
    )


def _values_of(cls: type[Event]) -> type[msgspec.Struct]:
    """The stored values of the fields of this class, in their order; what is null is absent."""
    return msgspec.defstruct(
        f"_Values{cls.__name__}", [_value_of(field) for field in fields(cls)], kw_only=True
    )


def _value_of(field: Field[Any]) -> tuple[str, Any] | tuple[str, Any, Any]:
    if field.default_factory is not MISSING:
        return field.name, Any, msgspec.field(default_factory=field.default_factory)
    if field.default is MISSING:
        return field.name, Any
    return field.name, Any, msgspec.UNSET if field.default is None else field.default


_encode = msgspec.json.Encoder().encode
_read = msgspec.json.Decoder(_Read).decode
_read_correction = msgspec.json.Decoder(_ReadCorrection).decode
_read_kind = msgspec.json.Decoder(_Kind).decode
_DECODERS = {cls: msgspec.json.Decoder(cls).decode for cls in TOPIC_OF}
_STATE_DECODERS = {
    topic: msgspec.json.Decoder(_struct_of(cls)).decode
    for topic, cls in TOPICS.items()
    if cls is not Corrected
}
_FIELDS = {cls: tuple(field.name for field in fields(cls)) for cls in TOPIC_OF}
_VALUES = {cls: _values_getter(names) for cls, names in _FIELDS.items()}
_WRITERS = {
    cls: (_values_of(cls), version_of(cls), _STATE_DECODERS[topic])
    for topic, cls in TOPICS.items()
    if cls is not Corrected
}


def encode(entry: Entry) -> tuple[str, bytes]:
    """The topic and the stored state of an event. Raises Unstorable.

    The state is read back at once: an append-only log cannot be mended, so what no reader could decode
    must never reach it.
    """
    event = entry.event
    topic = TOPIC_OF[type(event)]
    written = _Written(
        recorded_by=entry.recorded_by,
        event=_plain_correction(event) if isinstance(event, Corrected) else _plain(event),
        request_id=entry.request_id,
        version=version_of(type(event)),
    )
    try:
        state = _encode(written)
        decode(topic, state)
    except (Undecodable, UnicodeEncodeError, TypeError, ValueError) as error:
        raise Unstorable(str(error)) from error
    return topic, state


def encode_values(cls: type[Event], values: Mapping[str, object], recorded_by: str) -> tuple[bytes, Event]:
    """The stored state of an event of this class from the values of its fields, and the event that is read
    back from it. Values are in the form in which they are stored; what is left out has its default.

    Raises Unstorable when they are no such event.
    """
    try:
        write, version, read = _WRITERS[cls]
        state = _encode(_Written(recorded_by, write(**values), None, version))
        return state, read(state).event
    except (msgspec.MsgspecError, TypeError, ValueError) as error:
        raise Unstorable(str(error)) from error


def decode(topic: str, state: bytes) -> Entry:
    """The event of a stored state. Raises Undecodable."""
    if read_now := _STATE_DECODERS.get(topic):
        try:
            stored = read_now(state)
        except (msgspec.MsgspecError, ValueError):
            pass  # it is told below what is wrong, or it has an older shape
        else:
            if stored.version == version_of(TOPICS[topic]):
                return Entry(event=stored.event, recorded_by=stored.recorded_by, request_id=stored.request_id)
    return _decode_by_version(topic, state)


def _decode_by_version(topic: str, state: bytes) -> Entry:
    if topic not in TOPICS:
        raise Undecodable("this version does not know the topic")
    try:
        read = _read(state)
        event = (
            _decode_correction(read)
            if topic == "corrected"
            else _decode_event(topic, read.event, read.version)
        )
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise Undecodable(str(error) or type(error).__name__) from error
    return Entry(event=event, recorded_by=read.recorded_by, request_id=read.request_id)


def to_json_value(event: Event) -> dict[str, Any]:
    """An event as JSON-ready values, every field present."""
    value: dict[str, Any] = msgspec.to_builtins(event)
    return value


def _plain(event: Event) -> dict[str, Any]:
    """The fields that hold something, by name."""
    cls = type(event)
    return {
        name: value
        for name, value in zip(_FIELDS[cls], _VALUES[cls](event), strict=True)
        if value is not None
    }


def _plain_correction(event: Corrected) -> dict[str, Any]:
    version = version_of(type(event.body))
    plain = {"reason": event.reason, "body": _plain(event.body)}
    return plain if version == 1 else {**plain, "body_version": version}


def _decode_event(topic: str, raw: msgspec.Raw, version: int) -> Event:
    cls = TOPICS[topic]
    known = version_of(cls)
    if version == known:
        return _DECODERS[cls](raw)
    if not 1 <= version < known:
        raise Undecodable(f"its shape has version {version}, and this version knows up to {known}")
    state = msgspec.json.decode(raw)
    for number in range(version, known):
        state = getattr(cls, f"upcast_v{number}_v{number + 1}")(state)
    return _DECODERS[cls](_encode(state))


def _decode_correction(read: _Read) -> Corrected:
    if read.version != version_of(Corrected):
        raise Undecodable(f"corrections have version {version_of(Corrected)}, not {read.version}")
    correction = _read_correction(read.event)
    kind = _read_kind(correction.body).kind
    if kind not in KINDS:
        raise Undecodable(f"this version does not know the kind {kind!r}")
    body = _decode_event(kind, correction.body, correction.body_version)
    return Corrected(reason=correction.reason, body=cast(Development, body))
