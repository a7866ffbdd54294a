"""Draws docs/images/kupiansk.svg: the Kupiansk story as lanes, one for each voice, over valid time.

Every bar and date comes from the answers that follow from examples/kupiansk.yaml; nothing is drawn by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from api.words import say_control
from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.registry import ActorRegistered
from domain.states import PlaceHistory, PositionSpell, StatusSpell, trace_history
from intake.dossiers import read_dossier

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_suffix("").with_name("kupiansk.svg")
PLACE = "kupiansk"
TOLD = datetime(2025, 12, 13, tzinfo=UTC)
"""The day on which the report appeared; what became public only then has a dashed edge."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time axis, from `start` to `end`, drawn between two abscissas."""

    start: datetime
    end: datetime
    left: float
    right: float
    ticks: tuple[datetime, ...]
    form: str

    def place(self, instant: datetime) -> float:
        """The abscissa of an instant, no further than the ends."""
        within = min(max(instant, self.start), self.end)
        return self.left + (within - self.start) / (self.end - self.start) * (self.right - self.left)


def day(text: str) -> datetime:
    """The start of a day."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


WIDTH, TOP, ROW, BAR = 960, 84, 46, 30
AXIS = (
    Stretch(
        day("2022-02-01"), day("2022-11-01"), 148, 408,
        tuple(day(f"2022-{month:02}-01") for month in (3, 5, 7, 9)), "{0:%b}",
    ),
    Stretch(
        day("2025-11-10"), day("2025-12-20"), 432, 940,
        tuple(day("2025-11-10") + timedelta(weeks=week) for week in range(6)), "{0.day} {0:%b}",
    ),
)  # fmt: skip
LANES = (
    ("romanian-report", "The news report", "states as fact"),
    ("russia", "Russia's voice", "claims"),
    ("ukraine", "Ukraine's voice", "denies, claims"),
    ("deepstate", "DeepState", "assesses"),
)
STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #23272e; }
  .title { font-size: 17px; font-weight: 600; }
  .name { font-weight: 600; }
  .quiet { fill: #5d646e; font-size: 12px; }
  .paper { fill: #fbfaf7; }
  .sure { fill: #b9cbe0; }
  .maybe { fill: #e2e9f1; }
  .edge { fill: none; stroke: #5b7796; stroke-width: 1.2; }
  .later { stroke-dasharray: 5 3; }
  .line { stroke: #dcd9d1; }
  .held { fill: #d3dbd2; }
  .disputed { fill: #e6cfb3; }
  .point { fill: #5b7796; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e4df; }
    .quiet { fill: #a3abb5; }
    .paper { fill: #1d2126; }
    .sure { fill: #3d5570; }
    .maybe { fill: #2a3542; }
    .edge { stroke: #86a3c3; }
    .line { stroke: #3a4048; }
    .held { fill: #3c4a3f; }
    .disputed { fill: #6b5132; }
    .point { fill: #86a3c3; }
  }
"""


def read_story() -> PlaceView:
    """All that is reported of the place, as somebody knows it who knows everything."""
    items = read_dossier((ROOT / "examples" / "kupiansk.yaml").read_bytes()).items
    things = [item.event for item in items]
    bodies = {thing.id: thing for thing in things if isinstance(thing, Development)}
    actors = [thing for thing in things if isinstance(thing, ActorRegistered)]
    return PlaceView(
        location=PLACE,
        developments=tuple(body for body in bodies.values() if PLACE in body.at),
        answered=bodies,
        voices={actor.id: actor.voice for actor in actors},
        assessors=frozenset(actor.id for actor in actors if actor.kind == "assessor"),
    )


def draw(view: PlaceView) -> str:
    """The picture."""
    history = trace_history(view, AXIS[-1].end)
    bottom = TOP + ROW * (len(LANES) + 1)
    parts = [*_frame(bottom), *_lanes(view, history), *_status(history), *_happenings(view, bottom)]
    height = bottom + ROW + 76
    description = "Positions of each voice on Kupiansk over valid time, in 2022 and in autumn 2025."
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title description">',
        '<title id="title">Kupiansk: who says who holds what</title>',
        f'<desc id="description">{description}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{height}" rx="10"/>',
        *parts,
        *_legend(height - 26),
        "</svg>",
        "",
    ])  # fmt: skip


def _frame(bottom: float) -> Iterator[str]:
    yield _text(24, 34, "Kupiansk: who says who holds what", "title")
    yield _text(24, 54, "valid time, as known after 13 December 2025", "quiet")
    for stretch in AXIS:
        yield _text(stretch.left, TOP - 8, str(stretch.start.year), "name")
        for tick in stretch.ticks:
            at = stretch.place(tick)
            yield f'<line class="line" x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{bottom + ROW}"/>'
            yield _text(at, bottom + ROW + 16, stretch.form.format(tick), "quiet", "middle")
    gap = (AXIS[0].right + AXIS[1].left) / 2
    yield _text(gap, bottom + ROW + 16, "…", "quiet", "middle")


def _lanes(view: PlaceView, history: PlaceHistory) -> Iterator[str]:
    known = {body.id: body.reported.ends for body in view.developments}
    for number, (voice, name, does) in enumerate(LANES):
        top = TOP + ROW * number + (ROW - BAR) / 2
        yield _text(24, top + 13, name, "name")
        yield _text(24, top + 28, does, "quiet")
        for _, spells in groupby(history.voices[voice], key=lambda spell: spell.because):
            yield from _bar(list(spells), top, known)


def _bar(spells: list[PositionSpell], top: float, known: dict[str, datetime]) -> Iterator[str]:
    """The spells that follow from the same developments: one edge, the part that is certain filled darker."""
    if not spells[0].shares:
        return
    later = " later" if any(known[reason] > TOLD for reason in spells[0].because) else ""
    widest = (0.0, 0.0)
    for stretch in AXIS:
        for spell in spells:
            left, right = _span(stretch, spell)
            if left < right:
                yield _rect(left, top, right, BAR, "sure" if spell.certain else "maybe")
        left, right = stretch.place(spells[0].start), stretch.place(spells[-1].end or stretch.end)
        if left < right:
            yield _rect(left, top, right, BAR, f"edge{later}")
            widest = max(widest, (right - left, left))
    width, left = widest
    yield from _label(left, width, top + 19, say_control(spells[0].shares))


def _status(history: PlaceHistory) -> Iterator[str]:
    top = TOP + ROW * len(LANES) + (ROW - BAR) / 2
    yield _text(24, top + 13, "Status", "name")
    yield _text(24, top + 28, "what follows", "quiet")
    alike = groupby(history.status, key=lambda spell: (spell.value, spell.holder))
    for (value, holder), group in alike:
        spells = list(group)
        widest = (0.0, 0.0)
        for stretch in AXIS:
            left, right = stretch.place(spells[0].start), stretch.place(spells[-1].end or stretch.end)
            if left < right:
                yield _rect(left, top, right, BAR, "held" if value == "held" else "disputed")
                yield _rect(left, top, right, BAR, "edge")
                widest = max(widest, (right - left, left))
        width, left = widest
        yield from _label(left, width, top + 19, f"{value} by {holder}" if holder else value)


def _span(stretch: Stretch, spell: PositionSpell | StatusSpell) -> tuple[float, float]:
    return stretch.place(spell.start), stretch.place(spell.end or stretch.end)


def _happenings(view: PlaceView, bottom: float) -> Iterator[str]:
    """What says nothing of control, at the start of its window."""
    words = {"encirclement-reported": "encirclement", "visit-reported": "visit", "supply-cut": "supply cut"}
    yield _text(24, bottom + 20, "Also reported", "name")
    yield _text(24, bottom + 35, "nothing of control", "quiet")
    shown = [body for body in view.developments if body.kind in words]
    for _, group in groupby(
        sorted(shown, key=lambda body: (body.occurred.earliest, body.id)), lambda body: body.occurred.earliest
    ):
        bodies = list(group)
        at = AXIS[-1].place(bodies[0].occurred.earliest)
        who = view.voice_of(bodies[0]) or ""
        label = f"{who}: {', '.join(words[body.kind] for body in bodies)}"
        if bodies[0].mode == "inferred":
            label += " (inferred)"
        y = bottom + (14 if bodies[0].mode == "inferred" else 34)
        yield f'<path class="point" d="M{at:.1f} {y - 10} l5 5 l-5 5 l-5 -5 z"/>'
        yield _text(at - 10, y - 1, label, "quiet", "end")


def _legend(y: float) -> Iterator[str]:
    yield _rect(24, y - 12, 50, 14, "sure")
    yield _text(58, y, "certain", "quiet")
    yield _rect(132, y - 12, 158, 14, "maybe")
    yield _text(166, y, "the date's window is still open", "quiet")
    yield _rect(376, y - 12, 402, 14, "edge later")
    yield _text(410, y, "public only since 13 December 2025", "quiet")


def _rect(left: float, top: float, right: float, height: float, style: str) -> str:
    return (
        f'<rect class="{style}" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}"'
        f' height="{height:.1f}" rx="3"/>'
    )


def _label(left: float, width: float, y: float, words: str) -> Iterator[str]:
    """Words in a bar, or before it where they do not fit."""
    fits = width > 6.6 * len(words) + 12
    yield _text(left + 8, y, words) if fits else _text(left - 8, y, words, anchor="end")


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(draw(read_story()), encoding="utf-8")
