"""What was measured is kept section by section, so that one can be measured anew without the others."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench.measuring import Report
from bench.summary import growth_table, summary_table

HERE = Path(__file__).parent
HEAD = (
    "Written by `python -m bench`; [measurements.md](../docs/measurements.md) says what is compared, and how "
    "to read it. Machines are noisy: read the ratios, each of figures from one run. Every section says when, "
    "and of which commit, it was measured."
)
WRITTEN_HERE = ("bench/RESULTS.md", "bench/results.json", "bench/plans")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The reports of one section, and of when, of what and on what they are."""

    name: str
    measured_at: str
    commit: str
    machine: str
    command: str
    reports: list[Report]

    @property
    def origin(self) -> str:
        """One line that says it."""
        return f"Measured {self.measured_at}, {self.commit}, {self.machine}: `{self.command}`."


def measured_now(name: str, command: str, reports: list[Report]) -> Section:
    """A section that was measured just now, from the files as they are."""
    return Section(
        name=name,
        measured_at=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        commit=_commit(),
        machine=_machine(),
        command=command,
        reports=reports,
    )


def load_kept(path: Path) -> dict[str, Section]:
    """The sections of earlier runs, by name."""
    if not path.exists():
        return {}
    return {each.name: each for each in msgspec.json.decode(path.read_bytes(), type=list[Section])}


def save_kept(sections: Iterable[Section], path: Path) -> None:
    """Keeps the sections for the next run."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(list(sections)), indent=1) + b"\n")


def render(sections: Iterable[Section], missing: Iterable[str] = ()) -> str:
    """The results in Markdown. `missing` names the sections that were never measured."""
    sections = list(sections)
    reports = [report for section in sections for report in section.reports]
    parts = ["# Results", HEAD, "## Targets", summary_table(reports)]
    if growth := growth_table(reports):
        parts += ["## How questions grow", growth]
    for section in sections:
        for report in section.reports:
            head, _, tables = report.text.strip().partition("\n\n")
            parts += [head, f"{section.origin}\n\n{tables}"]
    if names := list(missing):
        parts += ["## Not measured", f"These sections have no figures yet: {', '.join(names)}."]
    return "\n\n".join(parts) + "\n"


def _commit() -> str:
    """The commit of the checkout, and whether files differ from it."""
    try:
        head = _git("rev-parse", "--short", "HEAD")
        changed = _git("status", "--porcelain", "--", ".", *(f":!{path}" for path in WRITTEN_HERE))
    except (OSError, subprocess.CalledProcessError):
        return "of no commit"
    return f"commit {head}{' with changes' if changed else ''}"


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=HERE.parent, check=True, capture_output=True, text=True, timeout=30
    )
    return done.stdout.strip()


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"
