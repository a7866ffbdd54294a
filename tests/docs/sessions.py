"""The commands of the pages, run without a shell: `palimpsest` and `curl` against the application itself.

Understood are quotes, also over several lines, lines ended by a backslash, `NAME=$(palimpsest ...)` and
`$NAME`. What a page shows of the output must be the output, but for `…`, which stands for anything. The
layout of JSON is free.
"""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import Template

from fastapi.testclient import TestClient
from typer.testing import CliRunner

from cli.main import app as palimpsest
from tests.docs.pages import Fence

ELIDED = "…"
HERE = "localhost:8000"
_SPACE = re.compile(r'("(?:[^"\\]|\\.)*")|\s+')


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command of a page, and the output that the page shows; "" when it shows none."""

    command: str
    shown: str


def steps(text: str) -> Iterator[Step]:
    """The commands of a fenced block, each with the lines up to the next one."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines()
        command = first
        while not _is_whole(command):
            joint = "" if command.endswith("\\") else "\n"
            command = command.removesuffix("\\") + joint + rest.pop(0)
        yield Step(command=command, shown="\n".join(rest).strip("\n"))


def _is_whole(command: str) -> bool:
    """Whether a command ends here: no backslash at its end, every quote closed."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return not command.endswith("\\")


def check(fence: Fence, run: Callable[[str], str]) -> None:
    """Runs the commands of a block one after the other, and holds their output against what is shown."""
    for step in steps(fence.text):
        output = run(step.command)
        if step.shown:
            assert is_shown(step.shown, output), f"{fence.where}: $ {step.command}\n{output}"


class Session:
    """One reader at a terminal, beside a server that is running."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._variables: dict[str, str] = {}
        self._terminal = CliRunner(env={"COLUMNS": "80"})

    def run(self, command: str) -> str:
        """The output of a command."""
        if assigned := re.fullmatch(r"(\w+)=\$\((.+)\)", command):
            self._variables[assigned[1]] = self.run(assigned[2]).splitlines()[0]
            return ""
        words = [Template(word).safe_substitute(self._variables) for word in shlex.split(command)]
        match words[0]:
            case "palimpsest":
                return self._terminal.invoke(palimpsest, words[1:]).output
            case "curl":
                return self._curl(words[1:])
        raise AssertionError(f"a page runs a command that the tests do not know: {command}")

    def _curl(self, words: list[str]) -> str:
        asked = _CURL.parse_args(words)
        assert asked.url.startswith(HERE), f"a page asks elsewhere: {asked.url}"
        headers = dict(header.split(": ", 1) for header in asked.header)
        if asked.json is not None:
            headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        method = "GET" if asked.json is None else "POST"
        path = asked.url.removeprefix(HERE)
        response = self._client.request(
            method, path, headers=headers, content=asked.json, follow_redirects=False
        )
        if not asked.include:
            return response.text
        fields = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
        return f"HTTP/1.1 {response.status_code} {response.reason_phrase}\n{fields}\n\n{response.text}"


_CURL = argparse.ArgumentParser("curl")
_CURL.add_argument("url")
_CURL.add_argument("-s", "--silent", action="store_true")
_CURL.add_argument("-i", "--include", action="store_true")
_CURL.add_argument("-H", "--header", action="append", default=[])
_CURL.add_argument("--json")


def is_shown(shown: str, output: str) -> bool:
    """Whether the output is what the page shows, less what it leaves out."""
    pieces = _plain(shown).split(ELIDED)
    rest = _plain(output)
    if len(pieces) == 1:
        return rest == pieces[0]
    if not rest.startswith(pieces[0]):
        return False
    rest = rest[len(pieces[0]) :]
    for piece in pieces[1:-1]:
        _, found, rest = rest.partition(piece)
        if not found and piece:
            return False
    return rest.endswith(pieces[-1])


def _plain(text: str) -> str:
    """Tables without blanks at the ends of lines; JSON, also below headers, without any between values."""
    head, blank, body = (
        text.strip().rpartition("\n\n") if text.startswith("HTTP/") else ("", "", text.strip())
    )
    if body[:1] in ("{", "["):
        body = _SPACE.sub(lambda match: match[1] or "", body)
    else:
        body = "\n".join(line.rstrip() for line in body.splitlines())
    return head + blank + body
