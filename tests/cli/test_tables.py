"""What people see: every fact in its table, at every width, and nothing that only a terminal understands."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Palimpsest
from tests.cli.processes import COMMAND, environment

ESCAPE = "\x1b"


def squeeze(text: str) -> str:
    """Without the layout: what wraps in a cell is together again as long as it is one line of one cell."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [40, 80, 120, 300])
@pytest.mark.parametrize(
    "question", [("state", "kupiansk"), ("timeline", "kupiansk"), ("claim", "kupiansk-claimed")]
)
def test_fits_any_width_without_escape_codes(
    story: Palimpsest, question: tuple[str, ...], width: int
) -> None:
    result = story(*question, COLUMNS=str(width))
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
    assert ESCAPE not in result.output


def test_the_state_says_it_in_words(story: Palimpsest) -> None:
    text = squeeze(story("state", "kupiansk", "--valid-at", "2025-12-13", COLUMNS="200").stdout)
    for told in (
        "disputed: voices disagree about who holds how much; not certain yet",
        "deepstate ukraine part, russia part 10 Dec 2025 kupiansk-deepstate",
        "russia russia all 19 Nov 2025 kupiansk-claimed",
        "several hundred soldiers",
        "inferred",
        "55,000 people",
        "President of Ukraine",
        "Valid: all of 13 Dec 2025.",
        "log position 36",
    ):
        assert told in text, told


def test_a_denial_is_less_than_all(story: Palimpsest) -> None:
    text = squeeze(story("state", "kupiansk", "--valid-at", "2025-11-25", "--known-at", "2025-11-30").stdout)
    assert "ukraine russia less than all 19 Nov 2025" in text


def test_days_are_those_of_the_zone_asked_for(story: Palimpsest) -> None:
    text = squeeze(story("state", "kupiansk", "--valid-at", "2025-12-13", "--tz", "Europe/Kyiv").stdout)
    assert "Valid: all of 13 Dec 2025." in text
    assert "19 Nov 2025 02:00 EET" in text


def test_the_timeline_shows_dates_as_written_and_in_words(story: Palimpsest) -> None:
    text = story("timeline", "kupiansk", COLUMNS="80").stdout
    for told in ("2022-02-27~/2022-09-10~", "from about 27 Feb 2022", "2025-11-21~", "about 21 Nov 2025"):
        assert told in text, told
    assert "control reported: russia all" in text


def test_the_claim_ends_in_a_sentence(story: Palimpsest) -> None:
    text = story("claim", "kupiansk-claimed").stdout
    assert "Outcome: contradicted, assessors disagree with it (rule outcome/1)." in text
    assert "deepstate contradicts it since 10 Dec 2025 (kupiansk-deepstate)." in text
    assert "1 report, 1 independent origin" in text


def test_there_are_more_is_said_beside_the_table(story: Palimpsest) -> None:
    result = story("timeline", "kupiansk", "--limit", "3")
    assert "There are more" in result.stderr
    assert "There are more" not in result.stdout


def test_a_terminal_gets_styles_but_no_colours(story_url: str, tmp_path: Path) -> None:
    """On a real terminal: bold and dim, none of the colours that could be taken for a side's."""
    leader, follower = pty.openpty()
    env = environment(PALIMPSEST_DATABASE_URL=story_url, TERM="xterm-256color", COLUMNS="80")
    with subprocess.Popen(
        [*COMMAND, "state", "kupiansk"],
        cwd=tmp_path,
        env=env,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        printed = b""
        while chunk := _read(leader):
            printed += chunk
    os.close(leader)
    assert process.returncode == 0, printed
    assert b"\x1b[1mKupiansk" in printed
    codes = {code for part in printed.split(b"\x1b[")[1:] for code in part.partition(b"m")[0].split(b";")}
    assert codes <= {b"0", b"1", b"2", b"22"}


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end was closed
        return b""
