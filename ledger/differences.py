"""In what two versions of the same thing differ, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.errors import Difference
from domain.streams import Thing
from ledger.codec import to_json_value


def find_differences(recorded: Thing, given: Thing) -> tuple[Difference, ...]:
    """The fields that differ, compared as JSON-ready values.

    The hash of a document's text is left out: its salt is random, so the texts themselves are compared.
    """
    if recorded == given:
        return ()
    return tuple(_compare("", to_json_value(recorded), to_json_value(given)))


def _compare(path: str, recorded: object, given: object) -> Iterator[Difference]:
    if isinstance(recorded, Mapping) and isinstance(given, Mapping):
        for name in {**recorded, **given}:
            if path or name != "sha256":
                inner = f"{path}.{name}" if path else str(name)
                yield from _compare(inner, recorded.get(name), given.get(name))
    elif recorded != given:
        yield Difference(path=path, recorded=recorded, given=given)
