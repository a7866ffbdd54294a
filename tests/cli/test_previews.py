"""Lines named in stretches."""

from __future__ import annotations

import pytest

from cli.previews import STRETCHES, tell_left_out
from cli.recording import Tally
from domain.errors import Fault
from intake.batches import Batch
from ledger.recording import NOTHING_FOUND


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], ""),
        ([None], ""),
        ([7], " (line 7)"),
        ([8, 7], " (lines 7 to 8)"),
        ([1, 2, 3, 9, 11, 12], " (lines 1 to 3, 9, 11 to 12)"),
        ([*range(1, 21, 2), 30, 31], f" (lines {', '.join(map(str, range(1, 16, 2)))} and 4 more)"),
    ],
)
def test_a_reason_is_told_once_with_all_its_lines(
    lines: list[int | None], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert STRETCHES == 8
    left_out = tuple(Fault(path="", message="So.", code="left-out", line=line) for line in lines)
    tally = Tally()
    for some in (left_out[:2], left_out[2:]):
        tally.note_read(Batch(items=(), found=NOTHING_FOUND, left_out=some))
    tell_left_out("f", tally.left_out, ["R."])
    told = capsys.readouterr().err.splitlines()
    assert told == ([f"f: left out: So.{said}"] if lines else []) + ["f: R."]
