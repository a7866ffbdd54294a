"""YAML (and so JSON) read into plain values, with the line of everything, for errors that say where.

Only what a dossier needs: mappings, lists and plain scalars. Times stay the text that was written, so
that `2025-11-21` and `2025-11-21~` are read by the same rules. Aliases are refused: a file of a few
hundred bytes could otherwise stand for gigabytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from domain.errors import Fault, InvalidInput

DEEPEST = 50
_STANDARD = "tag:yaml.org,2002:"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

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
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(error.problem or "", mark.line + 1 if mark is not None else None) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(
            str(error).splitlines()[0] if str(error) else "it is nested too deeply", None
        ) from None
    reader = _NodeReader()
    result = LinedValue(lines=reader.lines)
    result.value = reader.read(node, "", 0) if node is not None else None
    if reader.faults:
        raise InvalidInput(reader.faults)
    return result


def _unreadable(problem: str, line: int | None) -> InvalidInput:
    return InvalidInput(
        [Fault(path="", message=f"This is no YAML or JSON: {problem}.", code="unreadable", line=line)]
    )


class _NodeReader:
    def __init__(self) -> None:
        self._seen: set[int] = set()
        self.lines: dict[str, int] = {}
        self.faults: list[Fault] = []

    def read(self, node: yaml.Node, path: str, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.lines[path] = line
        if id(node) in self._seen:
            return self._refuse(path, line, "Aliases (*name) are not read; write the value out.")
        if depth > DEEPEST:
            return self._refuse(path, line, f"This is nested more than {DEEPEST} deep.")
        self._seen.add(id(node))
        match node:
            case yaml.MappingNode():
                return self._read_mapping(node, path, depth)
            case yaml.SequenceNode():
                return [
                    self.read(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(node.value)
                ]
            case yaml.ScalarNode():
                return self._read_scalar(node, path, line)
        return self._refuse(path, line, "This cannot be read.")

    def _read_mapping(self, node: yaml.MappingNode, path: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(path, line, "A field's name is a plain word.")
                continue
            inner = f"{path}.{key.value}" if path else str(key.value)
            if key.value in result:
                self._refuse(inner, line, "This field is written twice.")
            result[key.value] = self.read(value, inner, depth + 1)
            self.lines[inner] = line
        return result

    def _read_scalar(self, node: yaml.ScalarNode, path: str, line: int) -> Any:
        if not node.tag.startswith(_STANDARD) or node.tag == f"{_STANDARD}binary":
            return self._refuse(path, line, f"The tag {node.tag!r} is not read.")
        return node.value if node.style else _plain(node.value)

    def _refuse(self, path: str, line: int, message: str) -> None:
        self.faults.append(Fault(path=path, message=message, code="unreadable", line=line))


def _plain(written: str) -> Any:
    """What a scalar without quotes means."""
    if written in _WORDS or written.casefold() in ("null", "true", "false"):
        return _WORDS[written.casefold()]
    if len(written) <= _LONGEST_NUMBER:
        if _INTEGER.fullmatch(written):
            return int(written)
        if _FLOAT.fullmatch(written):
            return float(written)
    return written
