"""Which sections there are, and which of them are meant."""

from __future__ import annotations

import re

import pytest

from bench.__main__ import main
from bench.results import HERE
from bench.sections import TINY, Sizes, chosen, sections
from bench.summary import GOALS

NAMES = ["single", "single-beside", "lag", "volume-10", "volume-100"]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        (["single"], ["single"]),
        (["lag", "single-beside"], ["single-beside", "lag"]),
        (["volume"], ["volume-10", "volume-100"]),
        (["volume-10"], ["volume-10"]),
    ],
)
def test_sections_are_chosen_by_name_or_by_group(named: list[str], found: list[str]) -> None:
    assert chosen(named, NAMES) == found


def test_a_name_that_none_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no section 'bulky'; there are single, "):
        chosen(["bulky"], NAMES)


def test_every_size_has_a_section_of_its_own() -> None:
    names = list(sections(Sizes(developments=(5, 50))))
    assert names[-2:] == ["volume-5", "volume-50"]
    assert list(sections(TINY))[:-1] == names[:-2]


def test_the_sizes_of_the_targets_are_among_the_defaults() -> None:
    wanted = {
        int(word.replace(",", "")) for goal in GOALS for word in goal.title.split() if word[0].isdigit()
    }
    assert wanted == {max(Sizes().developments), Sizes().rate}


def test_the_page_on_measurements_names_every_section() -> None:
    page = (HERE.parent / "docs" / "measurements.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([a-z][\w-]*)` \|", page, re.MULTILINE)
    assert named == [
        "volume-N" if name == "volume-1" else name for name in sections(Sizes(developments=(1,)))
    ]


def test_the_command_names_its_sections(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list", "--developments", "7"]) == 0
    assert capsys.readouterr().out.splitlines() == list(sections(Sizes(developments=(7,))))


def test_the_command_refuses_a_section_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "nothing"])
    assert "there is no section 'nothing'" in capsys.readouterr().err
