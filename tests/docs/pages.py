"""The pages of the documentation, taken apart: fenced blocks, sections, tables.

The words after the language of a fence say how its text is held to the truth; readers do not see them.

    ```console              commands with their output, run one after the other on the demo's ledger
    ```console shell        the same in a real shell, beside a server in a process of its own
    ```sh server            what the reader starts, and leaves running in a terminal
    ```yaml case            a ledger in a few lines, and what must follow from it
    ```python file=PATH     how-to: a new file (`append=PATH`: what is added at the end of one)
    ```diff file=PATH       how-to: lines added (+) or taken out (-), between lines that stand in the file
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
_COLUMN = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """A fenced block: its language, the words after it, and where it stands."""

    page: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    @property
    def where(self) -> str:
        """How a failing test names it."""
        return f"{self.page.name}:{self.line}"

    def option(self, name: str) -> str | None:
        """The value of `name=value` after the language."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{name}=")), None)


def pages() -> list[Path]:
    """Every page, the README first."""
    return [README, ROOT / "CHANGELOG.md", *sorted(DOCS.glob("**/*.md"))]


def read(page: Path | str) -> str:
    """The text of a page; a name is one under docs/."""
    return (DOCS / page).read_text(encoding="utf-8")


def fences(page: Path | str) -> list[Fence]:
    """The fenced blocks of a page, in order."""
    path, text = DOCS / page, read(page)
    found = []
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        line = text.count("\n", 0, match.start()) + 1
        found.append(Fence(page=path, line=line, language=language, words=tuple(words), text=match["text"]))
    return found


def sections(page: Path | str, level: int) -> dict[str, str]:
    """The text under each heading of that level, up to the next of it or above; code in a title is bare."""
    text = _FENCE.sub(lambda match: re.sub(r"^#", " #", match[0], flags=re.MULTILINE), read(page))
    headings = [match for match in _HEADING.finditer(text) if len(match[1]) <= level]
    found = {}
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if len(heading[1]) == level:
            end = following.start() if following is not None else len(text)
            found[heading[2].replace("`", "")] = text[heading.end() : end]
    return found


def table(text: str) -> list[list[str]]:
    """The cells of every table row in a text, without the headings and the rules below them."""
    lines = text.splitlines()
    rules = {number for number, line in enumerate(lines) if re.fullmatch(r"\|[ :|-]+\|", line)}
    skipped = rules | {number - 1 for number in rules}
    return [
        [cell.strip() for cell in _COLUMN.split(line)[1:-1]]
        for number, line in enumerate(lines)
        if line.startswith("|") and number not in skipped
    ]


def codes(text: str) -> list[str]:
    """What stands in backquotes, in order."""
    return _CODE.findall(text)


def code(cell: str) -> str:
    """The first thing in backquotes in a cell; "" when there is none."""
    return next(iter(codes(cell)), "")
