"""What the console shows of a place, of a development, of a claim, and of what changed: Kupiansk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.api.talking import Api, Served
from tests.browser.consoles import Console, needs_axe, needs_chromium

pytestmark = [pytest.mark.browser, needs_chromium]

PLACE = "?place=kupiansk&valid_at=2025-12-13"
VIEWS = {
    "place": PLACE,
    "development": f"{PLACE}&open=development:kupiansk-recapture",
    "claim": f"{PLACE}&open=claim:kupiansk-claimed",
    "compare": f"{PLACE}&open=compare&since=2025-11-30",
}
READY = {
    "place": ".lanes [data-mark]",
    "development": ".revisions li",
    "claim": ".lifecycle li",
    "compare": "[data-difference]",
}


def show(console: Console, view: str, ready: str = READY["place"]) -> Page:
    """Opens a view, and waits until what it is about is there."""
    console.open(view)
    console.page.wait_for_selector(ready)
    return console.page


def lane(page: Page, voice: str) -> Locator:
    """The head of a lane: whose it is, and what it says at the cursor."""
    return page.locator(f".head-of[data-lane={voice}]")


def mark(page: Page, development: str) -> Locator:
    """The mark of a development."""
    return page.locator(f"[data-mark={development}]")


def position(page: Page, voice: str) -> Locator:
    """What a voice says now, in the list below the lanes."""
    return page.locator(f".facts [data-voice={voice}]")


def marks(page: Page) -> set[str]:
    """The developments that have a mark."""
    found: set[str] = set(
        page.eval_on_selector_all("[data-mark]", "all => all.map(each => each.dataset.mark)")
    )
    return found


def test_a_place_says_its_status_and_who_says_what(console: Console) -> None:
    page = show(console, PLACE)
    expect(page.locator(".panel h2")).to_have_text("Kupiansk")
    expect(page.locator(".about")).to_contain_text("part of Kharkiv oblast")
    expect(page.locator(".verdict")).to_have_attribute("data-status", "disputed")
    for voice, said in {
        "russia": "Russia: all",
        "ukraine": "Ukraine: part",
        "deepstate": "Ukraine: part, Russia: part",
        "romanian-report": "Ukraine: part",
    }.items():
        expect(lane(page, voice).locator(".says")).to_contain_text(said)
        expect(position(page, voice)).to_contain_text(said)
    expect(lane(page, "ukraine").locator(".against .unseen")).to_have_text("disagrees with Russia")
    expect(position(page, "ukraine")).to_contain_text("since 12 Dec 2025")
    expect(page.locator("[data-between='russia ukraine']")).to_contain_text("over what Russia holds")


def test_a_place_says_what_else_is_reported(console: Console) -> None:
    page = show(console, PLACE)
    told = page.locator("[data-condition=encirclement]")
    expect(told).to_have_count(2)
    expect(told.filter(has_text="inferred from DeepState, not said")).to_have_count(1)
    expect(told.filter(has_text="several hundred soldiers")).to_contain_text("Ukraine says so")
    expect(page.locator("[data-condition=visit]")).to_contain_text("Zelensky")
    expect(page.locator("[data-condition=visit]")).to_contain_text("12 December 2025")
    expect(page.locator("[data-condition=population]")).to_contain_text("55,000")
    expect(page.locator("[data-claim=kupiansk-claimed] .outcome")).to_have_text("contradicted")


def test_in_may_2022_russia_holds_it(console: Console) -> None:
    page = show(console, "?place=kupiansk&valid_at=2022-05-01")
    expect(page.locator(".verdict")).to_contain_text("held by Russia")
    expect(position(page, "romanian-report")).to_contain_text("Russia: all")
    expect(lane(page, "russia")).to_contain_text("says nothing")
    expect(page.locator("li[data-development]")).to_have_count(2)


def test_after_the_denial_it_is_disputed(console: Console) -> None:
    page = show(console, "?place=kupiansk&valid_at=2025-11-25")
    expect(page.locator(".verdict")).to_contain_text("disputed")
    expect(position(page, "russia")).to_contain_text("Russia: all")
    expect(position(page, "ukraine")).to_contain_text("Russia: less than all")
    expect(lane(page, "ukraine").locator(".against .unseen")).to_contain_text("Russia")


def test_what_was_not_public_is_not_shown(console: Console) -> None:
    page = show(console, f"{PLACE}&known_at=2025-11-30")
    expect(page.locator(".verdict")).to_contain_text("disputed")
    assert marks(page) == {"kupiansk-claimed", "kupiansk-claim-denied"}
    expect(page.locator("[data-condition]")).to_have_count(0)
    expect(page.locator(".head-of[data-lane]")).to_have_count(3)


def test_a_place_that_was_not_recorded_yet_says_so(console: Console) -> None:
    page = show(console, "?place=kupiansk&log_position=3", ".panel .problem")
    expect(page.locator(".panel .problem")).to_contain_text("recorded")
    console.complaints = [said for said in console.complaints if "404" not in said]


def test_every_development_has_a_mark_on_the_lane_of_its_voice(
    console: Console, told: tuple[Served, Api]
) -> None:
    page = show(console, PLACE)
    page.get_by_role("button", name="3 months").click()
    expect(mark(page, "kupiansk-claimed")).to_be_visible()
    items = told[1].read("/v1/locations/kupiansk/timeline", valid_from="2025-09-01")["items"]
    assert marks(page) == {item["id"] for item in items}
    tops = {
        head: lane(page, head).bounding_box()
        for head in ("russia", "ukraine", "deepstate", "romanian-report")
    }
    for item in items:
        y = mark(page, item["id"]).bounding_box()
        above = [head for head, box in tops.items() if box and y and box["y"] < y["y"]]
        assert above[-1] == item["voice"]


def test_a_window_is_drawn_whole(console: Console) -> None:
    page = show(console, PLACE)
    window = mark(page, "kupiansk-claimed").locator(".window").bounding_box()
    field = page.locator(".lanes .field").bounding_box()
    assert window is not None
    assert field is not None
    assert window["width"] == pytest.approx(5 / 92 * field["width"], rel=0.02), "19 to 23 November"


def test_denials_claims_assessments_and_happenings_have_shapes_of_their_own(console: Console) -> None:
    page = show(console, PLACE)
    shapes = {
        name: mark(page, name).locator("path").last.get_attribute("d")
        for name in ("kupiansk-claimed", "kupiansk-claim-denied", "kupiansk-deepstate", "kupiansk-visit")
    }
    assert len(set(shapes.values())) == 4


def test_a_mark_opens_its_development_and_the_way_back_leads_to_the_place(console: Console) -> None:
    page = show(console, PLACE)
    mark(page, "kupiansk-recapture").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("parts of Kupiansk have been retaken")
    mark(page, "kupiansk-recapture").click()
    console.wait_for_address(open="development:kupiansk-recapture", place="kupiansk")
    expect(page.locator(".panel h2")).to_have_text("Recapture claimed")
    page.get_by_role("button", name="Back to the place").click()
    expect(page.locator(".panel h2")).to_have_text("Kupiansk")


def test_marks_are_reached_by_keyboard_in_the_order_of_time(console: Console) -> None:
    page = show(console, PLACE)
    expect(page.locator("[data-mark][tabindex='0']")).to_have_count(1)
    page.locator(".zooms button").last.focus()
    page.keyboard.press("Tab")
    focused = page.locator("[data-mark]:focus")
    expect(focused).to_have_attribute("data-mark", "kupiansk-claimed")
    expect(focused).to_have_accessible_name(
        re.compile("Occupation claimed, Russian army, for Russia, about 21 Nov")
    )
    expect(page.get_by_role("tooltip")).to_contain_text("The Russian army claims the whole of Kupiansk")
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(focused).to_have_attribute("data-mark", "kupiansk-claim-denied")
    page.keyboard.press("Home")
    expect(focused).to_have_attribute("data-mark", "kupiansk-population")
    page.keyboard.press("End")
    expect(focused).not_to_have_attribute("data-mark", "kupiansk-population")
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_be_focused()
    assert console.address["open"].startswith("development:kupiansk-")


@pytest.mark.parametrize(
    ("opened", "named", "asked"),
    [
        ("development:kupiansk-recapture", "Recapture claimed", "/v1/developments/"),
        ("claim:kupiansk-claimed", "Occupation claimed", "/v1/claims/"),
        (None, "Kupiansk", "/v1/locations/kupiansk?"),
    ],
)
def test_the_heading_keeps_the_focus_when_its_answer_comes(
    console: Console, opened: str | None, named: str, asked: str
) -> None:
    page, heading = console.page, console.page.locator(".panel h2")
    console.open("?valid_at=2025-12-13&open=legend")
    held: list[Route] = []
    page.route(re.compile(re.escape(asked)), lambda route: held.append(route), times=1)  # noqa: PLW0108 - it is marked
    if opened is None:
        page.get_by_role("button", name="Close").click()
        page.locator(".row", has_text="Kupiansk").first.click()
    else:
        page.evaluate(
            """view => { history.pushState(null, "", view); dispatchEvent(new PopStateEvent("popstate")) }""",
            f"?valid_at=2025-12-13&open={opened}",
        )
    expect(heading).to_be_focused()
    expect(page.locator(".panel [role=status]")).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.locator(".panel [role=status]")).to_have_count(0)
    expect(heading).to_have_text(named)
    expect(heading).to_be_focused()


def test_marks_that_lie_together_are_listed(console: Console) -> None:
    page = show(console, PLACE)
    page.get_by_role("button", name="All", exact=True).click()
    page.locator(".mark:has(.many)").first.click()
    expect(page.locator(".listing h3")).to_be_focused()
    page.locator(".listing .row").last.click()
    expect(page.locator("article.development")).to_be_visible()


def test_the_cursor_goes_with_the_clock(console: Console) -> None:
    page = show(console, PLACE)
    expect(page.locator(".lanes .read")).to_have_text("On 13 December 2025")
    before = page.locator(".cursor").bounding_box()
    page.get_by_role("textbox", name="As it was on").fill("2025-11-25")
    expect(page.locator(".lanes .read")).to_have_text("On 25 November 2025")
    expect(lane(page, "ukraine").locator(".says")).to_contain_text("less than all")
    after = page.locator(".cursor").bounding_box()
    assert before is not None
    assert after is not None
    assert after["x"] < before["x"]


def test_a_click_between_the_marks_sets_the_clock(console: Console) -> None:
    page = show(console, PLACE)
    box = page.locator(".lanes .field").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 5, box["y"] + 40)
    page.wait_for_url(lambda _: console.address["valid_at"] < "2025-11-01", wait_until="commit")
    expect(page.locator(".verdict")).to_contain_text("held by Ukraine")


def test_while_time_is_played_the_lanes_follow(console: Console) -> None:
    page = show(console, "?place=kupiansk&valid_at=2022-03-01")
    expect(lane(page, "status").locator(".says")).to_have_text("held by Russia")
    page.get_by_role("button", name="Play").click()
    expect(lane(page, "status").locator(".says")).to_contain_text("held by Ukraine")
    expect(page.locator(".verdict")).to_contain_text("held by Ukraine")
    page.get_by_role("button", name="Pause").click()


def test_the_table_says_what_the_lanes_show(console: Console) -> None:
    page = show(console, PLACE)
    page.get_by_text("As a table").click()
    rows = page.locator(".as-table tbody tr").all_inner_texts()
    assert "Ukraine\tRussia: less than all\t24 Nov 2025\t12 Dec 2025" in rows
    assert "Status\theld by Ukraine\t1 Oct 2022\t19 Nov 2025" in rows


def test_a_development_is_told_in_full(console: Console) -> None:
    page = show(console, VIEWS["development"], READY["development"])
    expect(page.locator(".panel h2")).to_have_text("Recapture claimed")
    facts = page.locator(".particulars").first
    for said in (
        "with the voice of Ukraine",
        "Ukraine: part",
        "12 December 2025",
        "“on Friday”",
        "“retaken”",
    ):
        expect(facts).to_contain_text(said)
    chain = page.locator(".source .chain a")
    expect(chain).to_have_text(
        ["Khartiia Corps (commander Ihor Obolienskyi)", "Reuters", "Agerpres", "Romanian news report"]
    )
    expect(page.locator("blockquote mark")).to_have_text("Ukrainian troops have retaken parts of Kupiansk")
    expect(page.locator("blockquote")).to_contain_text("and several villages around it")
    expect(page.locator(".source")).to_contain_text("in paraphrase")
    pinned = page.locator(".cite a").first.get_attribute("href")
    assert pinned is not None
    assert re.search(r"log_position=\d+", pinned)
    page.get_by_role("link", name="Kupiansk", exact=True).click()
    expect(page.locator(".panel h2")).to_have_text("Kupiansk")


def test_a_claim_tells_what_befell_it_and_what_became_of_it(console: Console) -> None:
    page = show(console, VIEWS["claim"], READY["claim"])
    expect(page.locator(".judged")).to_contain_text("contradicted")
    expect(page.locator(".judged")).to_contain_text("outcome/1")
    entries = page.locator(".lifecycle li")
    assert [entries.nth(n).get_attribute("data-entry") for n in range(3)] == [
        "made",
        "denied",
        "contradicted",
    ]
    expect(entries.nth(1)).to_contain_text("by Ukraine")
    expect(page.locator(".claim")).to_contain_text("1 report, 1 origin")
    expect(page.locator(".origin .chain a")).to_have_text(["Russian army", "Reuters", "Agerpres"])
    entries.nth(2).get_by_role("link").click()
    console.wait_for_address(open="development:kupiansk-deepstate")


def test_a_lead_is_told_in_days(console: Console) -> None:
    page = show(console, f"{PLACE}&open=claim:kupiansk-recapture", READY["claim"])
    expect(page.locator(".claim")).to_contain_text("DeepState bears it out since 10 December 2025")
    expect(page.locator(".claim")).to_contain_text("the claim came 2 days after that")


def test_what_changed_since_a_day(console: Console) -> None:
    page = show(console, PLACE)
    page.locator(".since input[type=date]").fill("2025-11-30")
    page.get_by_role("button", name="Compare").click()
    console.wait_for_address(open="compare", since="2025-11-30")
    change = page.locator("[data-difference='position ukraine']")
    expect(change.locator("dd")).to_have_text(["Russia: less than all", "Ukraine: part"])
    expect(change).to_contain_text("kupiansk-recapture became public")
    expect(page.locator("[data-difference=kupiansk-claimed] dd").last).to_contain_text(
        "contradicted by DeepState"
    )
    expect(page.locator("[data-difference=kupiansk-visit]")).to_be_visible()


def test_what_is_typed_stays_whatever_is_recorded_meanwhile(
    console: Console, told: tuple[Served, Api]
) -> None:
    page = show(console, f"{PLACE}&clock=recorded")
    since, position = page.locator(".since input[type=date]"), page.locator("input[type=number][data-clock]")
    expect(page.locator(".mark.connected")).to_be_visible()
    since.fill("2025-11-30")
    position.press("Control+a")
    position.press_sequentially("35")
    told[1].write("/v1/locations", {"id": "elsewhere", "kind": "settlement", "name": "Elsewhere"})
    expect(page.locator(".mark.new")).to_be_visible()
    expect(since).to_have_value("2025-11-30")
    expect(position).to_have_value("35")
    position.press("Enter")
    console.wait_for_address(log_position="35")
    expect(position).to_have_value("35")


def test_where_nothing_changed_that_is_said(console: Console, told: tuple[Served, Api]) -> None:
    page = show(console, f"{PLACE}&open=compare&since=@{told[1].head()}", "[data-same]")
    expect(page.locator("[data-same]")).to_have_text("Nothing differs.")


def test_what_is_recorded_meanwhile_shows_up_with_its_revisions(
    console: Console, told: tuple[Served, Api]
) -> None:
    """Nothing that was recorded can run, whatever it holds, and every revision is told."""
    evil = "<img src=x onerror=window.ran=1>"
    body = {"kind": "fighting-reported", "at": "kupiansk-villages", "by": "reuters", "reported": "2025-12-01"}
    page = show(console, "?place=kupiansk-villages&valid_at=2025-12-13")
    told[1].write("/v1/developments", {**body, "id": "it", "summary": evil})
    expect(mark(page, "it")).to_be_visible()
    expect(lane(page, "others")).to_contain_text("Reports of others")
    told[1].post(
        "/v1/developments/it/corrections",
        {"reason": evil, "body": {**body, "id": "it", "summary": evil, "part": "north"}},
        headers={"If-Match": '"1"'},
    )
    told[1].write(
        "/v1/developments/it/links", {"type": "supports", "to": "kupiansk-fighting", "reason": "alike"}
    )
    page.locator("li[data-development=it] .row").click()
    expect(page.locator(".revisions li.revision")).to_have_count(3)
    expect(page.locator(".revisions")).to_contain_text("part nothing → north")
    expect(page.locator(".revisions")).to_contain_text("supports kupiansk-fighting")
    expect(page.locator(".lead")).to_have_text(evil)
    told[1].write("/v1/developments/it/retraction", {"reason": "It was elsewhere."})
    expect(page.locator(".development, .panel .problem").first).to_contain_text("It was elsewhere.")
    assert page.evaluate("window.ran") is None


@needs_axe
@pytest.mark.parametrize("view", sorted(VIEWS))
def test_nothing_stands_in_anybodys_way(console: Console, view: str) -> None:
    show(console, VIEWS[view], READY[view])
    assert console.find_faults_in_both_themes() == []


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_it_fits_a_narrow_screen(console: Console, view: str) -> None:
    console.page.set_viewport_size({"width": 360, "height": 740})
    show(console, VIEWS[view], READY[view])
    assert console.too_wide == []
