"""`palimpsest replay`: the history of a place as a table that grows, or as the frames of HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any

from rich.console import Console

from cli.tables.replay import print_frames
from domain.reels import Entry, Reel, Writing
from domain.replays import Frame, play
from domain.shares import PART
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from tests.builders import REGISTRY, claim, location
from tests.cli.conftest import Palimpsest
from tests.domain.builders import instant


def frames(story: Palimpsest, *options: str) -> list[dict[str, Any]]:
    result = story("replay", "kupiansk", "--json", *options)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_story_along_known_time(story: Palimpsest) -> None:
    options = ("--along", "known", "--valid-at", "2025-12-13", "--from", "2025-11-01", "--to", "2025-12-13")
    result = story("replay", "kupiansk", *options, COLUMNS="80")
    assert result.exit_code == 0, result.stderr
    lines = [line.rstrip() for line in result.stdout.splitlines() if line.strip()]
    assert lines[:10] == [
        "Kupiansk  kupiansk, along the known clock",
        "Known from     Status            What changed",
        "1 Nov 2025     unknown           nothing is said yet",
        "24 Nov 2025    disputed          russia says russia all",
        "                                 ukraine says russia less than all",
        "                                 russia and ukraine disagree about russia",
        "                                 kupiansk-claimed, kupiansk-claim-denied",
        "13 Dec 2025    disputed          ukraine says ukraine part; before: russia less",
        "                                 than all",
        "                                 encirclement of russia by ukraine reported, by",
    ]
    assert "all of 13 Dec  disputed, not     deepstate says ukraine part, russia part, not" in lines
    assert lines[-1].startswith("4 frames. Valid: all of 13 Dec 2025. Log position 36.")


def test_the_frames_are_those_of_http(story: Palimpsest) -> None:
    told = frames(story, "--to", "2022-12-31")
    held = [(frame["state"]["holder"], frame["state"]["certain"], frame["development"]) for frame in told]
    assert held[0] == (None, True, "kupiansk-population")
    assert held[1] == ("russia", False, "kupiansk-2022-occupied")
    assert held[3] == ("ukraine", False, "kupiansk-2022-recaptured")
    assert held[-1] == ("ukraine", True, "kupiansk-2022-recaptured")
    assert [frame["last"] for frame in told] == [False] * (len(told) - 1) + [True]
    changes = frames(story, "--to", "2022-12-31", "--frames", "changes")
    assert [frame["changes"] for frame in changes] == [frame["changes"] for frame in told]
    assert [frame["state"] is None for frame in changes] == [False] + [True] * (len(told) - 1)


def test_a_row_is_printed_as_soon_as_its_frame_is_made() -> None:
    """Whoever reads along sees each row before the next frame is asked for."""
    reel = Reel(
        location="here",
        held=(),
        writings=(Writing(recorded_at=instant(1), entries=(Entry(what="registered", log_position=1),)),),
        valid_before=instant(9),
        known_before=instant(9),
        log_position=1,
    )
    [frame] = play(reel, "valid", instant(1), instant(8))
    printed = io.StringIO()

    def made() -> Iterator[Frame]:
        for day in (2, 3):
            yield replace(frame, t=instant(day))
            assert f"{day} Jan 2025" in printed.getvalue()

    print_frames(Console(file=printed, width=80), location("here"), reel, "valid", made(), UTC)
    assert "2 frames." in printed.getvalue()


def test_along_the_log_it_says_what_befell_what(palimpsest: Palimpsest, database_url: str) -> None:
    with Database(database_url) as database, Ledger(database) as ledger:
        ledger.record([Item(event=thing) for thing in REGISTRY], recorded_by="test")
        ledger.record([Item(event=claim())], recorded_by="test")
        ledger.correct("kupiansk-claimed", claim(share=PART), "misread", recorded_by="test")
        ledger.retract("kupiansk-claimed", "made up", recorded_by="test")
        Follower(database, PROJECTIONS).catch_up()
    result = palimpsest("replay", "kupiansk", "--along", "recorded", "--valid-at", "2025-12-01", COLUMNS="80")
    assert result.exit_code == 0, result.stderr
    for words in (
        "recorded: kupiansk-claimed",
        "russia says russia part; before: russia all",
        "corrected: kupiansk-claimed",
        "russia says nothing of it any more",
        "retracted: kupiansk-claimed",
        "log 10",
        "4 frames. Valid: all of 1 Dec 2025. Known:",
    ):
        assert words in result.stdout


def test_along_the_log_a_position_stands_beside_the_time(story: Palimpsest) -> None:
    result = story("replay", "kupiansk", "--along", "recorded", COLUMNS="100")
    assert result.exit_code == 0, result.stderr
    # The dossier is one transaction, so one frame: the last of its positions that bears on the place.
    assert "log 34" in result.stdout
    assert "\n1 frame. " in result.stdout


def test_fits_narrow_terminals(story: Palimpsest) -> None:
    for width in (40, 80):
        result = story("replay", "kupiansk", COLUMNS=str(width))
        assert result.exit_code == 0, result.stderr
        assert max(map(len, result.stdout.splitlines())) <= width
        assert "\x1b" not in result.stdout


def test_what_cannot_be_replayed_is_refused_in_one_sentence(story: Palimpsest) -> None:
    assert story("replay", "kupiansk", "--along", "sideways").exit_code == 2
    assert story("replay", "kupiansk", "--frames", "some").exit_code == 2
    assert story("replay", "nowhere").exit_code == 1
    backwards = story("replay", "kupiansk", "--from", "2025-12-01", "--to", "2025-11-01")
    assert backwards.exit_code == 1
    assert "would end before it starts" in backwards.stderr
