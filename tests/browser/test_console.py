"""The console on the Kupiansk story: map, list, clocks, address, news, looks. Panels have their own tests."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.api.talking import Api, Served
from tests.browser.consoles import Console, needs_axe, needs_chromium, open_window

pytestmark = [pytest.mark.browser, needs_chromium]

SLIDE = """(slider, value) => {
  slider.value = value
  slider.dispatchEvent(new Event("input", {bubbles: true}))
}"""
DAY = 86_400_000
MIN = "19048"
"""25 February 2022, the first day on which anything is said of any place."""


def slide(console: Console, clock: str, day: str) -> None:
    """Drags the slider of a clock to a day."""
    number = console.page.evaluate("day => Date.parse(day)", day) // DAY
    console.page.locator(f"input[type=range][data-clock={clock}]").evaluate(SLIDE, str(number))


def says(console: Console, text: str) -> None:
    """Waits until the list says this of Kupiansk."""
    expect(console.page.locator(".panel .row", has_text="Kupiansk")).to_contain_text(text)


# Of ../shared/kupiansk.md: the last table, as far as one word tells it.
STORY = [
    ("2022-05-01", None, "held by Russia"),
    ("2022-10-15", None, "held by Ukraine"),
    ("2025-11-25", None, "disputed"),
    ("2025-12-13", None, "disputed"),
    ("2025-12-13", "2025-11-30", "disputed"),
    ("2025-12-13", "2025-11-01", "unknown"),
]


def test_both_sliders_move_list_dates_and_address(console: Console) -> None:
    console.open()
    says(console, "disputed")
    expect(console.page.locator("input[type=range][data-clock=valid]")).to_have_attribute("min", MIN)
    slide(console, "valid", "2022-05-01")
    says(console, "held by Russia")
    expect(console.page.locator("output[data-clock=valid]")).to_have_text("1 May 2022")
    console.wait_for_address(valid_at="2022-05-01", known_at=None)
    slide(console, "known", "2025-12-01")
    says(console, "unknown")
    expect(console.page.locator("output[data-clock=known]")).to_have_text("1 December 2025")
    console.wait_for_address(valid_at="2022-05-01", known_at="2025-12-01")


@pytest.mark.parametrize(("valid_at", "known_at", "said"), STORY)
def test_an_address_is_the_view(console: Console, valid_at: str, known_at: str | None, said: str) -> None:
    console.open(f"?valid_at={valid_at}" + (f"&known_at={known_at}" if known_at else ""))
    says(console, said)
    assert console.address.get("known_at") == known_at


def test_where_no_map_can_be_drawn_the_list_has_all_of_it(console: Console) -> None:
    console.open()
    expect(console.page.locator(".map .notice")).to_contain_text("cannot be drawn in this browser")
    console.page.locator(".panel .row", has_text="Kupiansk").click()
    console.wait_for_address(place="kupiansk")
    console.page.go_back()
    console.wait_for_address(place=None)
    console.page.go_forward()
    console.wait_for_address(place="kupiansk")


def test_the_recorded_clock_goes_by_log_position(console: Console) -> None:
    console.open("?clock=recorded")
    slider = console.page.locator("input[type=range][data-clock=recorded]")
    slider.evaluate(SLIDE, "3")
    console.wait_for_address(log_position="3")
    expect(console.page.locator("output[data-clock=recorded]")).to_contain_text("log position 3")
    expect(console.page.locator(".panel .row")).to_have_count(0)
    console.page.get_by_role("button", name="Follow what is new").click()
    console.wait_for_address(log_position=None)
    says(console, "disputed")


def test_a_pinned_view_stays_and_a_live_one_follows(console: Console, told: tuple[Served, Api]) -> None:
    console.open()
    says(console, "disputed")
    expect(console.page.locator(".mark.connected")).to_be_visible()
    pinned = open_window(console.page.context, told[0].url)
    pinned.open()
    pinned.page.get_by_role("button", name="Pin this view").click()
    head = told[1].read("/v1/events", limit=1)["head"]
    pinned.wait_for_address(log_position=str(head))
    told[1].write(
        "/v1/locations",
        {"id": "synkivka", "kind": "settlement", "name": "Synkivka", "point": [37.66, 49.78]},
    )
    expect(console.page.locator(".panel .row", has_text="Synkivka")).to_be_visible()
    expect(console.page.locator(".mark [role=status]")).to_contain_text("1 new event")
    expect(pinned.page.locator(".mark [role=status]")).to_contain_text("1 new event")
    expect(pinned.page.locator(".panel .row", has_text="Synkivka")).to_have_count(0)
    console.page.locator(".mark").click()
    expect(console.page.locator(".panel")).to_contain_text("Place registered Synkivka")
    assert pinned.complaints == []
    assert pinned.elsewhere == []


def test_play_runs_through_the_days(console: Console) -> None:
    console.open("?valid_at=2022-03-01")
    says(console, "held by Russia")
    console.page.get_by_role("button", name="Play").click()
    expect(console.page.locator(".play.on")).to_be_visible()
    says(console, "held by Ukraine")
    console.page.get_by_role("button", name="Pause").click()
    expect(console.page.locator(".play.on")).to_have_count(0)
    console.page.wait_for_url(lambda _: console.address["valid_at"] > "2022-09-01", wait_until="commit")


def test_a_setting_that_makes_no_sense_is_passed_over(console: Console) -> None:
    console.open("?valid_at=2025-13-45&log_position=-1&place=../x&open=nothing:of&at=here&theme=pink&lang=xx")
    says(console, "disputed")


def test_a_server_that_is_away_is_told_of_and_found_again(console: Console) -> None:
    console.open()
    says(console, "disputed")
    expect(console.page.locator("input[type=range][data-clock=valid]")).to_have_attribute("min", MIN)
    console.page.context.set_offline(True)
    slide(console, "valid", "2022-05-01")
    expect(console.page.locator(".panel .problem")).to_contain_text("cannot be reached")
    console.page.context.set_offline(False)
    slide(console, "valid", "2022-05-02")
    says(console, "held by Russia")
    console.complaints = [said for said in console.complaints if "ERR_INTERNET_DISCONNECTED" not in said]


@needs_axe
@pytest.mark.parametrize("view", ["?valid_at=2025-12-13", "?open=legend", "?open=news&clock=recorded"])
def test_nothing_stands_in_anybodys_way(console: Console, view: str) -> None:
    console.open(view)
    assert console.find_faults_in_both_themes() == []


@pytest.mark.parametrize("view", ["", "?open=legend"])
def test_it_fits_a_narrow_screen(console: Console, view: str) -> None:
    console.page.set_viewport_size({"width": 360, "height": 740})
    console.open(view)
    assert console.too_wide == []
