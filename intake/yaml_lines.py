"""YAML (and so JSON) read into plain values, with the line of everything, for errors that say where.

Only what a dossier needs: mappings, lists and plain scalars. Times stay the text that was written, so
that `2025-11-21` and `2025-11-21~` are read by the same rules. Aliases are refused: a file of a few
hundred bytes could otherwise stand for gigabytes. The parser's events are read one by one, because the
library's own tree is built by recursion without a bound, and enough brackets end the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from domain.errors import Fault, InvalidInput

DEEPEST = 50
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"

# The core schema of YAML 1.2 (10.3.2): unlike YAML 1.1, `no` and `on` are words and 12:30 is no number.
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_LONGEST_NUMBER = 40


@dataclass(slots=True)
class LinedValue:
    """A plain value, and the line (from 1) at which each path in it starts."""

    value: Any = None
    lines: dict[str, int] = field(default_factory=dict)

    def line_of(self, path: str) -> int | None:
        """The line of a path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path)


def read_yaml(text: str) -> LinedValue:
    """The value of one YAML document. Raises InvalidInput with the line of what cannot be read."""
    reader = _Reader(text)
    try:
        value = reader.read_document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(error.problem or "", mark.line + 1 if mark is not None else None) from None
    except (yaml.YAMLError, ValueError) as error:
        raise _unreadable(str(error).splitlines()[0], None) from None
    if reader.faults:
        raise InvalidInput(reader.faults)
    return LinedValue(value=value, lines=reader.lines)


def _unreadable(problem: str, line: int | None) -> InvalidInput:
    fault = Fault(path="", message=f"This is no YAML or JSON: {problem}.", code="unreadable", line=line)
    return InvalidInput([fault])


class _Reader:
    """Builds the value from the parser's events; a fault goes on to the next thing, too deep does not."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=_LOADER))
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []

    def read_document(self) -> Any:
        value = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent) and "" in self.lines:
                self._refuse("", event, "One file is one document; this is a second one.")
                break
            if isinstance(event, yaml.NodeEvent):
                value = self._read(event, "", 0)
        return value

    def _read(self, event: yaml.Event, path: str, depth: int) -> Any:
        self.lines[path] = _line_of(event)
        if depth > DEEPEST:
            self._refuse(path, event, f"This is nested more than {DEEPEST} deep.")
            raise InvalidInput(self.faults)
        match event:
            case yaml.MappingStartEvent():
                return self._read_mapping(event, path, depth)
            case yaml.SequenceStartEvent():
                return self._read_sequence(event, path, depth)
            case yaml.ScalarEvent():
                return self._read_scalar(event, path)
        return self._refuse(path, event, "Aliases (*name) are not read; write the value out.")

    def _read_mapping(self, start: yaml.MappingStartEvent, path: str, depth: int) -> dict[str, Any]:
        self._check_tag(start, path)
        result: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            name = key.value if isinstance(key, yaml.ScalarEvent) else ""
            inner = f"{path}.{name}" if path else name
            if not isinstance(key, yaml.ScalarEvent):
                self._refuse(path, key, "A field's name is a plain word.")
                self._read(key, inner, depth + 1)
            elif name in result:
                self._refuse(inner, key, "This field is written twice.")
            result[name] = self._read(next(self._events), inner, depth + 1)
            self.lines[inner] = _line_of(key)
        return result

    def _read_sequence(self, start: yaml.SequenceStartEvent, path: str, depth: int) -> list[Any]:
        self._check_tag(start, path)
        result: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            result.append(self._read(event, f"{path}[{len(result)}]", depth + 1))
        return result

    def _read_scalar(self, event: yaml.ScalarEvent, path: str) -> Any:
        if event.tag == _TEXT:
            return event.value
        self._check_tag(event, path)
        return event.value if event.style else _plain(event.value)

    def _check_tag(self, event: yaml.Event, path: str) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(path, event, f"The tag {tag!r} is not read.")

    def _refuse(self, path: str, event: yaml.Event, message: str) -> None:
        self.faults.append(Fault(path=path, message=message, code="unreadable", line=_line_of(event)))


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _plain(written: str) -> Any:
    """What a scalar without quotes means."""
    if written.casefold() in _WORDS:
        return _WORDS[written.casefold()]
    if len(written) <= _LONGEST_NUMBER:
        if _INTEGER.fullmatch(written):
            return int(written)
        if _FLOAT.fullmatch(written):
            return float(written)
    return written
