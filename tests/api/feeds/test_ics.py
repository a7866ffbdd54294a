"""iCalendar, as vobject reads it; the library that writes it is another one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import vobject

from tests.api.feeds.awkward import FORMULA, MARKUP, timeline_ids
from tests.api.stories import claim, report, set_the_stage
from tests.api.talking import Api

PATH = "/v1/locations/hill/timeline.ics"


def read(api: Api, path: str = PATH, **query: Any) -> Any:
    response = api.get(path, **query)
    assert response.status_code == 200, response.text
    lines = response.content.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line for line in lines), "RFC 5545, 3.1"
    [calendar] = vobject.readComponents(response.text)
    return calendar


def events(calendar: Any) -> dict[str, Any]:
    """The events by the id of their development."""
    return {event.x_palimpsest_id.value: event for event in calendar.contents.get("vevent", ())}


def test_it_is_read_whole_in_order(awkward: Api) -> None:
    calendar = read(awkward)
    assert (calendar.version.value, calendar.prodid.value) == ("2.0", "-//Palimpsest//Timeline//EN")
    assert calendar.x_wr_calname.value == "Hill"
    assert "log_position=" in calendar.url.value
    told = events(calendar)
    assert list(told) == timeline_ids(awkward)
    assert len({event.uid.value for event in told.values()}) == 6


def test_a_day_is_a_day_and_a_window_is_all_of_its_days(awkward: Api) -> None:
    told = events(read(awkward))

    def span(name: str) -> tuple[Any, Any]:
        return told[name].dtstart.value, told[name].dtend.value

    assert span("denial") == (date(2025, 3, 3), date(2025, 3, 4))
    assert span("claim") == (date(2025, 3, 1), date(2025, 3, 6)), "two days each way, the end exclusive"
    assert span("mapped") == (date(2025, 2, 1), date(2025, 3, 1))
    assert span("assessment") == (
        datetime(2025, 3, 9, 14, 30, tzinfo=UTC),
        datetime(2025, 3, 9, 14, 30, 1, tzinfo=UTC),
    )
    assert told["unnamed"].dtstart.value == date(2025, 3, 1)
    assert not hasattr(told["unnamed"], "dtend"), "an end that is not known is not made up"
    assert told["claim"].x_palimpsest_occurred.value == "2025-03-03~"


def test_the_title_says_what_the_days_cannot(awkward: Api) -> None:
    told = events(read(awkward))
    assert told["denial"].summary.value == "Blue army, for Blue, denies that Red holds all of Hill"
    assert told["claim"].summary.value.endswith(" (about 3 Mar 2025)")
    assert told["mapped"].summary.value.endswith("(inferred, not said) (Feb 2025)")
    assert told["unnamed"].summary.value.endswith(" (from 1 Mar 2025 on)")


def test_texts_come_through_escaping_and_folding(awkward: Api) -> None:
    told = events(read(awkward))
    assert told["denial"].description.value.startswith(MARKUP)
    assert FORMULA.replace("\r\n", "\n") in told["assessment"].description.value.replace("\r\n", "\n")
    assert "vertical\ufffdtab, bell\ufffd" in told["unnamed"].description.value
    words = told["claim"].description.value
    assert "in paraphrase, by way of Red army, Wire: \u201cit holds all of Hill\u201d" in words
    assert told["claim"].contents["x-palimpsest-mode"][0].value == "paraphrase"
    assert told["claim"].categories.value == ["occupation-claimed", "red"]
    assert told["claim"].geo.value == "50.0;30.0"


def test_a_correction_is_a_later_sequence_of_the_same_event(fresh: Api) -> None:
    set_the_stage(fresh)
    report(fresh, claim())
    before = events(read(fresh))["claim"]
    fresh.write("/v1/developments/claim/corrections", {"reason": "Less.", "body": claim(share="part")})
    after = events(read(fresh))["claim"]
    assert after.uid.value == before.uid.value
    assert (before.sequence.value, after.sequence.value) == ("0", "1")
    assert after.last_modified.value >= before.last_modified.value


def test_a_day_in_another_zone_stays_that_day(fresh: Api) -> None:
    place = {"id": "hill", "kind": "settlement", "name": "Hill"}
    zoned = {"palimpsest": 1, "timezone": "Pacific/Kiritimati", "locations": [place]}
    fighting = {"id": "it", "kind": "fighting-reported", "at": "hill", "reported": "2025-03-03"}
    fresh.write("/v1/dossiers", {**zoned, "developments": [{**fighting, "occurred": "2025-03-02"}]})
    [event] = events(read(fresh)).values()
    assert (event.dtstart.value, event.dtend.value) == (date(2025, 3, 2), date(2025, 3, 3))


def test_an_empty_calendar_is_a_calendar(awkward: Api) -> None:
    assert events(read(awkward, "/v1/locations/shire/timeline.ics")) == {}
