"""Looking around in the console, and recording with it: the Kupiansk story, a key, and a second window."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.api.talking import BAKHMUT, Api, Served
from tests.browser.consoles import Console, needs_axe, needs_chromium, opened_window

pytestmark = [pytest.mark.browser, needs_chromium]

REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d|.*ERR_FAILED")
"""Said by the browser of every answer that refuses something, and of every connection that is cut."""
THEN = "valid_at=2025-12-13"


@pytest.fixture(scope="module")
def api(told: tuple[Served, Api]) -> Api:
    """A client of that server."""
    return told[1]


@pytest.fixture
def console(browser: Browser, told: tuple[Served, Api]) -> Iterator[Console]:
    """A window, in which answers may refuse something."""
    with opened_window(browser, told[0].url, pass_over=REFUSED) as console:
        yield console


@pytest.fixture
def beside(browser: Browser, told: tuple[Served, Api]) -> Iterator[Console]:
    """A second window, of somebody who only looks."""
    with opened_window(browser, told[0].url, pass_over=REFUSED) as console:
        yield console


def give_key(console: Console, api: Api, role: str = "editor") -> None:
    """Opens the page with a key in this window, as if it had been given there."""
    key = api.keys[role]
    console.page.add_init_script(f"sessionStorage.setItem('palimpsest-key', '{key}')")


def find(page: Page, typed: str) -> Any:
    """Types into the search, and waits for suggestions."""
    page.locator("#search").fill(typed)
    options = page.locator("#search-list [role=option]")
    expect(options.first).to_be_visible()
    return options


# Looking around


FOUND = {
    "Купянск": "found as Купянск (Russian)",
    "Куп'янськ": "found as Куп'янськ (Ukrainian)",
    "kupi": "settlement, Kharkiv oblast",
    "Kupyansk": "found by likeness",
}


def test_search_finds_a_place_in_any_script(console: Console) -> None:
    console.open(f"?{THEN}")
    for typed, said in FOUND.items():
        option = find(console.page, typed).filter(has_text="Kupiansk").first
        expect(option).to_contain_text(said)
        expect(option).to_contain_text("disputed")
    option.click()
    console.wait_for_address(place="kupiansk", valid_at="2025-12-13")


def test_search_works_by_keyboard(console: Console) -> None:
    console.open()
    search = console.page.get_by_role("combobox", name="Search places")
    expect(search).to_have_attribute("aria-expanded", "false")
    options = find(console.page, "do")
    expect(search).to_have_attribute("aria-expanded", "true")
    search.press("ArrowUp")
    expect(search).to_have_attribute("aria-activedescendant", options.last.get_attribute("id") or "")
    search.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    search.press("Escape")
    expect(search).to_have_attribute("aria-expanded", "false")
    search.press("Escape")
    expect(search).to_have_value("")
    find(console.page, "Donbas")
    search.press("ArrowDown")
    search.press("Enter")
    console.wait_for_address(place="donbas")  # which has no point


def test_whoever_is_in_a_hurry_gets_the_likeliest(console: Console) -> None:
    console.open()
    console.page.locator("#search").fill("Kupiansk")
    console.page.locator("#search").press("Enter")
    console.wait_for_address(place="kupiansk")


def test_search_says_that_it_found_nothing(console: Console) -> None:
    console.open()
    console.page.locator("#search").fill("Timbuktu")
    expect(console.page.locator(".search .popup[role=status]")).to_have_text("Nothing found")


def test_no_older_answer_comes_after_a_newer_one(console: Console) -> None:
    console.open()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    console.page.route("**/v1/locations?q=Kup&**", hold)
    with console.page.expect_request("**/v1/locations?q=Kup&**"):
        console.page.locator("#search").fill("Kup")
    options = find(console.page, "Donetsk")
    expect(options.first).to_contain_text("Donetsk")
    for route in held:
        route.continue_()
    console.page.evaluate("() => new Promise(requestAnimationFrame)")
    expect(options.first).to_contain_text("Donetsk")
    expect(options.filter(has_text="Kupiansk")).to_have_count(0)


def test_disagreements_say_who_says_what_since_when(console: Console, api: Api) -> None:
    console.open("?open=disagreements&valid_at=2025-11-25&known_at=2025-11-30")
    entry = console.page.locator(".entry")
    expect(entry).to_have_count(1)  # claim and denial alone, in the story
    expect(entry.locator("h3")).to_have_text("Kupiansk")
    expect(entry.locator("dd").nth(0)).to_contain_text("Russia: all since 19 Nov 2025")
    expect(entry.locator("dd").nth(1)).to_contain_text("Russia: less than all")
    expect(entry).to_contain_text("moved last, on 19 November 2025")

    console.open(f"?open=disagreements&{THEN}")
    known = api.read("/v1/disagreements", valid_at="2025-12-13")["items"]
    expect(console.page.locator(".entry")).to_have_count(len(known))
    console.page.locator(".entry h3 a").first.click()
    console.wait_for_address(place="kupiansk", open=None)


def test_disagreements_are_sorted_and_filtered_by_the_api(console: Console, api: Api) -> None:
    console.open(f"?open=disagreements&{THEN}")
    page = console.page
    with page.expect_response("**/v1/disagreements?**sort=gap**"):
        page.get_by_label("Order").select_option("gap")
    with page.expect_response("**/v1/disagreements?**party=russia**"):
        page.get_by_label("Over how much is held by").select_option("russia")
    page.get_by_text("All voices count").click()
    page.get_by_label("DeepState").check()
    expect(page.locator(".panel")).to_contain_text("It takes two to disagree")
    page.get_by_label("Russia", exact=True).check()
    known = api.read("/v1/disagreements", valid_at="2025-12-13", voices="deepstate,russia", party="russia")
    assert len(known["items"]) == 1
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.locator(".entry dt").first).to_have_text("DeepState")


def test_the_record_of_an_actor_is_counted_openly(console: Console) -> None:
    console.open("?open=actor:ukraine")
    page = console.page
    rows = page.locator(".bars tbody tr")
    expect(rows).to_have_text(
        [re.compile(each) for each in ("Open.*0", "Borne out.*2", "Contradicted.*0", "Disputed.*0")]
        + [re.compile(each) for each in ("Renounced.*0", "Retracted.*0")]
    )
    panel = page.locator(".panel")
    expect(panel).to_contain_text(
        "At the median, a claim came 2 days after the assessment that bears it out."
    )
    expect(panel).to_contain_text("outcome/1")
    console.open("?open=actor:russian-army")
    expect(panel).to_contain_text("Speaks for Russia.")
    expect(rows.nth(2)).to_contain_text("1")
    expect(panel).to_contain_text("nothing can be said of how early they came")


def test_the_claims_of_an_actor_open_the_claim(console: Console) -> None:
    console.open("?open=actor:russia")
    page = console.page
    page.get_by_role("combobox", name="Outcome").select_option("open")
    expect(page.locator(".panel")).to_contain_text("No such claims.")
    page.get_by_role("combobox", name="Outcome").select_option("contradicted")
    claim = page.locator(".row.claim")
    expect(claim).to_have_count(1)
    expect(claim).to_contain_text("Occupation claimed: Kupiansk, Russia holds: all (Russian army)")
    claim.click()
    console.wait_for_address(open="claim:kupiansk-claimed")


# Keys


def test_without_a_key_a_form_leads_to_one_and_back(console: Console, api: Api) -> None:
    console.open("?open=report")
    page = console.page
    expect(page.locator(".panel .note")).to_contain_text("needs an API key with the role reporter")
    page.get_by_role("button", name="Give a key").click()
    console.wait_for_address(open="key")
    page.get_by_label("API key").fill("pal_nobody_nothing")
    page.get_by_role("button", name="Use this key").click()
    expect(page.locator(".panel .error")).to_contain_text("does not know this key")
    page.get_by_label("API key").fill(api.keys["reporter"])
    page.get_by_role("button", name="Use this key").click()
    expect(page.locator(".panel .note")).to_contain_text("The key of the reporter (reporter)")
    page.get_by_role("button", name="Go on").click()
    console.wait_for_address(open="report")
    expect(page.get_by_label("What is reported")).to_be_visible()
    assert api.keys["reporter"] not in page.url
    assert page.evaluate("Object.values(localStorage).length") == 0

    console.page.evaluate("history.pushState(null, '', '?open=retract:kupiansk-visit')")
    page.reload()
    expect(page.locator(".panel .note")).to_contain_text("has the role reporter")
    page.get_by_role("button", name="Give a key").click()
    page.get_by_role("button", name="Forget the key").click()
    expect(page.get_by_label("API key")).to_be_visible()
    assert page.evaluate("Object.values(sessionStorage).length") == 0


# Recording


def begin(console: Console, api: Api, view: str = "?place=kupiansk&open=report") -> Page:
    """The form for a report, with a key."""
    give_key(console, api)
    console.open(view)
    expect(console.page.get_by_label("What is reported")).to_be_visible()
    return console.page


def test_what_is_reported_here_shows_there_at_once(console: Console, beside: Console, api: Api) -> None:
    page = begin(console, api)
    beside.open("?open=news")
    expect(beside.page.locator(".mark.connected")).to_be_visible()
    page.get_by_label("What is reported").select_option("fighting-reported")
    expect(page.locator(".chosen")).to_contain_text("Kupiansk")
    page.get_by_label("When it became public").fill("three days ago")
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    expect(page.locator("#field-reported-under")).to_contain_text(f"{day.day} {day:%B} {day.year}, seen from")
    expect(page.locator("#field-reported-under code")).to_have_text(day.isoformat())
    page.get_by_label("In one sentence").fill("Fighting in the streets, seen from another window.")
    page.get_by_role("button", name="Record it").click()

    receipt = page.locator(".receipt")
    expect(receipt).to_be_focused()
    expect(receipt).to_contain_text(f"Recorded at log position {api.head()}.")
    expect(beside.page.locator(".panel .list")).to_contain_text("seen from another window")
    receipt.get_by_role("link", name="Look at the development").click()
    found = re.search(r"development:([\w-]+)", page.url)
    assert found
    recorded = api.read(f"/v1/developments/{found[1]}")
    assert recorded["reported"]["edtf"] == recorded["occurred"]["edtf"] == day.isoformat()
    assert recorded["when_text"] == "three days ago"
    assert recorded["at"] == ["kupiansk"]


def test_what_is_wrong_is_said_at_its_field(console: Console, api: Api) -> None:
    page = begin(console, api)
    head = api.head()
    page.get_by_label("What is reported").select_option("occupation-claimed")
    page.get_by_label("When it became public").fill("2025-13-01")
    page.get_by_label("When it was so").fill("some day")
    page.get_by_label("How much of it").fill("120%")
    expect(page.locator("#field-share-under .error")).to_contain_text("between 0 and 1")
    page.get_by_role("button", name="Record it").click()
    refusal = page.locator(".refusal")
    expect(refusal).to_be_focused()
    expect(refusal).to_contain_text("5 things have to be mended")
    for path in ("by", "holder", "share", "reported", "occurred"):
        field = page.locator(f"#field-{path}")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_attribute("aria-describedby", re.compile(f"field-{path}-error"))
    expect(page.locator("#field-reported-error")).to_contain_text("there is no month 13")
    expect(page.locator("#field-occurred-error")).to_contain_text("cannot be read as a day")
    refusal.get_by_role("link", name="Who is said to hold it").click()
    expect(page.locator("#field-holder")).to_be_focused()
    assert api.head() == head

    # What is wrong only beside what is recorded is said at its field as well; what was typed stays.
    page.get_by_label("Who is said to hold it").select_option("russia")
    page.get_by_label("Who says it").select_option("russian-army")
    page.get_by_label("How much of it").fill("part")
    page.get_by_label("When it became public").fill("2025-12-14")
    page.get_by_label("When it was so").fill("")
    page.get_by_role("button", name="Add a source").click()
    document = page.get_by_role("combobox", name="Document (needed)")
    document.fill("Report")
    page.locator("[role=option]").first.click()
    page.get_by_label("Quote").fill("Nobody wrote this.")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("#field-sources-0-quote-error")).to_contain_text("does not hold this passage")
    expect(page.locator("#field-share")).to_have_value("part")
    assert api.head() == head
    page.locator("#field-sources-0-quote").fill("")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".receipt")).to_contain_text("Recorded")


def test_an_answer_names_a_claim_of_the_place(console: Console, api: Api) -> None:
    page = begin(console, api)
    page.get_by_label("What is reported").select_option("claim-denied")
    page.get_by_label("Who says it").select_option("zelensky")
    page.get_by_label("When it became public").fill("2025-12-12")
    claim = page.get_by_role("combobox", name="The claim that is answered")
    claim.fill("russian army 21 nov")
    page.locator("[role=option]").filter(has_text="the whole of Kupiansk").click()
    expect(page.locator(".chosen").nth(1)).to_contain_text("Occupation claimed, Russian army")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".receipt")).to_contain_text("Recorded")
    entries = api.read("/v1/claims/kupiansk-claimed")["entries"]
    assert [each["what"] for each in entries].count("denied") == 2


def test_an_assessment_has_a_row_for_each_party(console: Console, api: Api) -> None:
    page = begin(console, api)
    page.get_by_label("What is reported").select_option("control-assessed")
    page.get_by_label("Who says it").select_option("deepstate")
    page.locator("#field-control-russia").fill("[0.85, 0.9)")
    page.locator("#field-control-ukraine").fill("10%")
    expect(page.locator("#field-control-russia-under")).to_have_text("at least 85%, less than 90%")
    page.get_by_label("Its word").fill("Grey")
    page.get_by_label("When it became public").fill("2025-12-14")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".receipt")).to_contain_text("Recorded")
    page.get_by_role("link", name="Look at the development").click()
    found = re.search(r"development:([\w-]+)", page.url)
    assert found
    recorded = api.read(f"/v1/developments/{found[1]}")
    assert recorded["control"]["russia"] == {"min": 0.85, "max": 0.9, "min_open": False, "max_open": True}
    assert recorded["legend"] == {"category": "Grey", "version": None}


def test_a_document_is_archived_on_the_spot(console: Console, api: Api) -> None:
    page = begin(console, api)
    page.get_by_label("What is reported").select_option("statement-made")
    page.get_by_role("button", name="Add a source").click()
    page.get_by_role("button", name="Archive a new document").click()
    page.get_by_role("button", name="Archive it").click()
    expect(page.locator("#field-sources-0-document-new-title-error")).to_contain_text("missing")
    page.get_by_label("Publisher").select_option("reuters")
    page.get_by_label("Title").fill("The river line")
    page.get_by_label("Published").fill("2025-12-10")
    page.locator("#field-sources-0-document-new-text").fill("On Friday he said that the line holds.")
    page.get_by_role("button", name="Archive it").click()
    expect(page.locator(".group .chosen").first).to_contain_text("The river line")
    [document] = api.read("/v1/documents", publisher="reuters")["items"]
    assert re.fullmatch(r"reuters-2025-12-10-[0-9a-f]{6}", document["id"])

    # Words are read from the day on which it was published.
    page.get_by_label("When it became public").fill("2025-12-10")
    page.get_by_label("When it was so").fill("on Friday")
    expect(page.locator("#field-occurred-under code")).to_have_text("2025-12-05")
    page.get_by_label("In one sentence").fill("The line holds.")
    page.get_by_label("Quote").fill("the line holds")
    page.get_by_label("Through whom it came").select_option("zelensky")
    page.get_by_label("Through whom it came").select_option("reuters")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".receipt")).to_contain_text("Recorded")
    page.get_by_role("link", name="Look at the development").click()
    found = re.search(r"development:([\w-]+)", page.url)
    assert found
    [source] = api.read(f"/v1/developments/{found[1]}")["sources"]
    assert source["via"] == ["zelensky", "reuters"]
    assert source["quote"]["exact"] == "the line holds"


def test_after_a_break_it_is_sent_again_under_the_same_name(console: Console, api: Api) -> None:
    page = begin(console, api)
    names: list[str] = []

    def cut(route: Route) -> None:
        names.append(route.request.headers["idempotency-key"])
        if len(names) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/v1/developments", cut)
    page.get_by_label("What is reported").select_option("strike-reported")
    page.get_by_label("When it became public").fill("2025-12-14")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".refusal")).to_contain_text("it will be recorded once")
    head = api.head()
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".receipt")).to_contain_text(f"Recorded at log position {head + 1}.")
    assert len(names) == 2
    assert len(set(names)) == 1
    page.get_by_role("button", name="Report another one").click()
    expect(page.get_by_label("What is reported")).to_have_value("")


def test_reports_that_look_alike_are_joined(console: Console, api: Api) -> None:
    page = begin(console, api)
    page.get_by_label("What is reported").select_option("visit-reported")
    page.get_by_label("Who says it").select_option("zelensky")
    page.get_by_label("Visitor").select_option("zelensky")
    page.get_by_label("When it became public").fill("2025-12-12")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".panel")).to_contain_text("It looks like what was reported before")
    page.get_by_role("button", name="It is the same report").click()
    expect(page.locator(".panel")).to_contain_text("Joined as one report.")
    revisions = api.read("/v1/developments/kupiansk-visit/revisions")
    assert revisions["items"]


def test_a_draft_stays_while_something_else_is_looked_at(console: Console, api: Api) -> None:
    page = begin(console, api)
    page.get_by_label("What is reported").select_option("strike-reported")
    page.get_by_label("In one sentence").fill("Half a sen")
    page.get_by_role("button", name="Legend").click()
    page.get_by_role("button", name="Report", exact=True).click()
    expect(page.get_by_label("In one sentence")).to_have_value("Half a sen")


# Editing


def visit(api: Api, name: str) -> dict[str, Any]:
    """A visit of its own, to be edited."""
    body = {"kind": "visit-reported", "at": "kupiansk", "visitor": "zelensky", "reported": "2025-12-20"}
    return api.write(
        "/v1/developments", {"id": name, **body, "occurred": "2025-12-19~", "purpose": "to look"}
    )


def test_a_correction_changes_what_was_typed_and_nothing_else(
    console: Console, beside: Console, api: Api
) -> None:
    visit(api, "visit-corrected")
    before = api.read("/v1/developments/visit-corrected")
    beside.open("?open=news")
    expect(beside.page.locator(".mark.connected")).to_be_visible()
    page = begin(console, api, "?open=correct:visit-corrected")
    expect(page.get_by_label("Purpose")).to_have_value("to look")
    expect(page.locator("#field-occurred")).to_have_value("2025-12-19~")
    page.get_by_label("Purpose").fill("to meet the troops")
    page.get_by_role("button", name="Record the correction").click()
    expect(page.locator("#field-reason-error")).to_contain_text("Say in a few words why")
    page.get_by_label("Why").fill("It says so in the text.")
    page.get_by_role("button", name="Record the correction").click()
    expect(page.locator(".receipt")).to_contain_text("Corrected at log position")
    after = api.read("/v1/developments/visit-corrected")
    assert after["revision"] == 2
    changed = {name for name in before if before[name] != after[name] and name not in ("clocks", "revision")}
    assert changed == {"purpose", "log_position", "recorded_at", "change", "reason"}
    expect(beside.page.locator(".panel .list")).to_contain_text("It says so in the text.")


def test_whoever_was_slower_loses_nothing(console: Console, api: Api) -> None:
    visit(api, "visit-contested")
    page = begin(console, api, "?open=correct:visit-contested")
    page.get_by_label("Purpose").fill("mine")
    page.get_by_label("Why").fill("Mine.")
    body = {"kind": "visit-reported", "at": "kupiansk", "visitor": "zelensky", "reported": "2025-12-20"}
    theirs = {**body, "occurred": "2025-12-19~", "purpose": "theirs", "office": "President"}
    api.write("/v1/developments/visit-contested/corrections", {"reason": "Theirs.", "body": theirs})
    page.get_by_role("button", name="Record the correction").click()
    expect(page.locator(".refusal")).to_contain_text("Somebody else changed it")
    page.get_by_role("button", name="Load it anew").click()
    expect(page.locator(".note[role=status]")).to_contain_text("meanwhile: Office and Purpose.")
    expect(page.locator(".note[role=status]")).to_contain_text("yours is kept below: Purpose.")
    expect(page.get_by_label("Purpose")).to_have_value("mine")
    expect(page.get_by_label("Office")).to_have_value("President")
    expect(page.get_by_label("Why")).to_have_value("Mine.")
    page.get_by_role("button", name="Record the correction").click()
    expect(page.locator(".receipt")).to_contain_text("Corrected at log position")
    after = api.read("/v1/developments/visit-contested")
    assert (after["revision"], after["purpose"], after["office"]) == (3, "mine", "President")


def test_taking_back_asks_for_a_reason_and_a_known_revision(console: Console, api: Api) -> None:
    visit(api, "visit-made-up")
    give_key(console, api)
    console.open("?open=retract:visit-made-up")
    page = console.page
    expect(page.locator(".panel")).to_contain_text("Nothing is lost")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("#field-reason-error")).to_contain_text("Say in a few words why")
    page.get_by_label("Why").fill("It was made up.")
    link = {"type": "supports", "to": "kupiansk-visit"}
    api.write("/v1/developments/visit-made-up/links", link)
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".panel")).to_contain_text("Somebody else changed it")
    page.get_by_role("button", name="Load it anew").click()
    expect(page.get_by_label("Why")).to_have_value("It was made up.")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".receipt")).to_contain_text("Taken back at log position")
    assert api.read("/v1/developments/visit-made-up")["retracted"] is True
    console.open("?open=correct:visit-made-up")
    expect(page.locator(".panel")).to_contain_text("It was taken back")


# Looks

VIEWS = {
    "disagreements": (f"?open=disagreements&{THEN}", ".entry"),
    "actor": ("?open=actor:ukraine", ".row.claim"),
    "key": ("?open=key", ".panel .note strong"),
    "report": ("?place=kupiansk&open=report", ".panel form"),
    "correct": ("?open=correct:kupiansk-deepstate", "#field-sources-0-document"),
    "retract": ("?open=retract:kupiansk-visit", "#field-reason"),
}


@needs_axe
@pytest.mark.parametrize("view", VIEWS)
def test_it_can_be_used_by_all_in_light_and_dark_and_on_a_telephone(
    console: Console, api: Api, view: str
) -> None:
    address, ready = VIEWS[view]
    give_key(console, api)
    console.open(f"{address}&theme=light")
    page = console.page
    expect(page.locator(ready).first).to_be_visible()
    if view == "report":
        page.get_by_label("What is reported").select_option("control-assessed")
        page.get_by_role("button", name="Add a source").click()
        page.get_by_role("button", name="Archive a new document").click()
        page.get_by_role("button", name="Record it").click()
        expect(page.locator(".refusal")).to_be_visible()
    for details in page.locator(".panel details").all():
        details.evaluate("each => { each.open = true }")
    for theme in ("Dark", "Light"):
        page.get_by_role("button", name=theme).click()
        find(page, "Kupi")
        assert console.find_faults() == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert console.too_wide == []


def test_further_pages_come_when_they_are_asked_for(console: Console, api: Api) -> None:
    """Last, because it leaves the story."""
    api.record(BAKHMUT)
    total = len(api.read("/v1/disagreements", limit=500)["items"])
    assert 20 < total <= 40
    console.open("?open=disagreements")
    entries = console.page.locator(".entry")
    expect(entries).to_have_count(20)
    console.page.get_by_role("button", name="Show more").click()
    expect(entries).to_have_count(total)
    expect(console.page.get_by_role("button", name="Show more")).to_have_count(0)
