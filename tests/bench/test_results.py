"""Sections that are kept from one run to the next, and the page that is made of them."""

from __future__ import annotations

from pathlib import Path

from bench.__main__ import measure_sections, write_results
from bench.measuring import Report
from bench.results import Section, load_kept, measured_now, render, save_kept


def section(name: str, rate: float, measured_at: str = "2026-01-02 10:00 UTC") -> Section:
    report = Report(title=f"Title of {name}", notes="What it is.")
    report.add("ours", "events/s", [rate, rate + 2, rate + 1], ">= 3")
    return Section(
        name=name,
        measured_at=measured_at,
        commit="commit abc1234",
        machine="2 cores",
        command="python -m bench",
        reports=[report],
    )


def test_what_is_kept_comes_back_as_it_was(tmp_path: Path) -> None:
    sections = [section("one", 10), section("two", 20)]
    save_kept(sections, tmp_path / "results.json")
    assert list(load_kept(tmp_path / "results.json").values()) == sections


def test_nothing_is_kept_before_the_first_run(tmp_path: Path) -> None:
    assert load_kept(tmp_path / "results.json") == {}


def test_a_section_says_when_and_of_what_it_is() -> None:
    page = render([section("one", 10)])
    assert (
        "## Title of one\n\nMeasured 2026-01-02 10:00 UTC, commit abc1234, 2 cores: `python -m bench`."
        in page
    )
    assert "| ours | 11.00 events/s | 10.00 to 12.00 | >= 3 |" in page


def test_a_section_that_was_not_run_is_kept_with_its_own_date(tmp_path: Path) -> None:
    names = ["one", "two", "three"]
    write_results({"two": section("two", 20), "one": section("one", 10)}, names, tmp_path)
    write_results({"one": section("one", 99, "2026-03-04 10:00 UTC")}, names, tmp_path)
    page = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    first, second = page.partition("## Title of two")[::2]
    assert "2026-03-04" in first
    assert "100.00 events/s" in first
    assert "2026-01-02" in second
    assert "21.00 events/s" in second
    assert "no figures yet: three." in page


def test_a_section_of_another_size_stays(tmp_path: Path) -> None:
    write_results({"volume-9": section("volume-9", 5)}, ["volume-9"], tmp_path)
    write_results({"one": section("one", 1)}, ["one"], tmp_path)
    assert list(load_kept(tmp_path / "results.json")) == ["one", "volume-9"]


def test_a_section_that_fails_does_not_keep_others_from_their_turn() -> None:
    def measure(name: str) -> list[Report]:
        assert name != "wrong", "3 acknowledged events are missing"
        return [Report(title=name, notes="")]

    measured, failed = measure_sections(["wrong", "right"], measure, "python -m bench")
    assert failed == ["wrong"]
    assert {name: each.reports[0].title for name, each in measured.items()} == {"right": "right"}


def test_a_section_knows_its_commit_and_its_machine() -> None:
    now = measured_now("one", "python -m bench", [])
    assert now.commit
    assert "cores" in now.machine
