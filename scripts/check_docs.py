"""Checks that every relative link in the project's Markdown leads to a file that exists.

Links inside code are examples, and addresses elsewhere are not followed: the gate works offline.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^ {0,3}(```+|~~~+).*?^ {0,3}\1[`~]*\s*?$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"(`+)[^`\n](?:.*?[^`\n])?\1(?!`)")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s*<?([^\s>]+)", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


def documents() -> list[Path]:
    """The Markdown files of the project: those at the top and everything under docs/."""
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def blank(match: re.Match[str]) -> str:
    """As many line breaks as the match had, so that line numbers stay right."""
    return "\n" * match.group().count("\n")


def broken_links(document: Path) -> list[str]:
    """One line for each relative link of the document that leads nowhere."""
    text = INLINE_CODE.sub("", FENCE.sub(blank, document.read_text(encoding="utf-8")))
    found = []
    for match in LINK.finditer(text):
        target = match.group(1) or match.group(2)
        if ELSEWHERE.match(target):
            continue
        path = unquote(target.split("#")[0].split("?")[0])
        if not (document.parent / path).exists():
            line = text.count("\n", 0, match.end()) + 1
            found.append(f"{document.relative_to(ROOT)}:{line}: no such file: {target}")
    return found


def main() -> int:
    """Prints what is broken; 1 if anything is."""
    broken = [line for document in documents() for line in broken_links(document)]
    print("\n".join(broken), end="\n" if broken else "")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
