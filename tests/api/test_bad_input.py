"""Whatever is wrong with a request is told as one clear problem, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from api.cursors import encode_cursor
from tests.api.stories import assessment, claim, denial, quoting, report, set_the_stage, statement
from tests.api.talking import NDJSON, YAML, Api

INVALID = "/v1/problems/invalid-input"
HUGE = 2**63


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    report(api, claim(), statement("said"))
    return api


@pytest.fixture
def unmoved(told: Api) -> Iterator[Api]:
    """The application, whose log a test must leave alone."""
    before = told.head()
    yield told
    assert told.head() == before


# What is sent as a development, and the faults found in it: where, and of which code.
FAULTY: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "an unknown actor": (claim("x", by="nobody"), [("by", "unknown-actor")]),
    "an unknown holder": (claim("x", holder="nobody"), [("holder", "unknown-actor")]),
    "an unknown voice on the way": (
        claim("x", sources=[{"document": "herald-1", "via": ["wire", "nobody"]}]),
        [("sources[0].via[1]", "unknown-actor")],
    ),
    "an unknown location": (claim("x", at="nowhere"), [("at", "unknown-location")]),
    "one unknown location of two": (claim("x", at=["hill", "nowhere"]), [("at[1]", "unknown-location")]),
    "an unknown claim": (denial("x", claim="nothing"), [("claim", "unknown-claim")]),
    "an unknown document": (
        claim("x", sources=[{"document": "nothing"}]),
        [("sources[0].document", "unknown-document")],
    ),
    "a quote that is not in the document": (
        claim("x", sources=quoting("holds most of Hill")),
        [("sources[0].quote", "quote-not-found")],
    ),
    "a quote of a document without a text": (
        claim("x", sources=[{"document": "herald-1", "quote": {"exact": "Hill"}}]),
        [("sources[0].quote", "no-text")],
    ),
    "a denial of something that is no claim": (denial("x", claim="said"), [("claim", "not-a-claim")]),
    "a denial of a claim about another place": (denial("x", at="mill"), [("at", "outside-claim")]),
    "a holder that is no party": (claim("x", holder="gazette"), [("holder", "not-a-party")]),
    "an assessment by no assessor": (assessment("x", by="red"), [("by", "not-an-assessor")]),
    "an impossible date": (claim("x", reported="2025-02-30"), [("reported", "bad-value")]),
    "a date in words": (claim("x", occurred="Friday"), [("occurred", "bad-value")]),
    "a share above 1": (claim("x", share=1.5), [("share", "bad-value")]),
    "a share below 0": (claim("x", share=-0.1), [("share", "bad-value")]),
    "an interval upside down": (claim("x", share="[0.9,0.1]"), [("share", "bad-value")]),
    "shares that are more than all": (
        assessment("x", control={"red": 0.7, "blue": 0.7}),
        [("control", "bad-share")],
    ),
    "a kind that is not there": (claim("x", kind="occupation-claim"), [("kind", "unknown-kind")]),
    "no kind": ({"at": "hill"}, [("kind", "unknown-kind")]),
    "a field that is not there": (claim("x", holdr="red"), [("holdr", "unknown-field")]),
    "fields that are missing": (
        {"kind": "occupation-claimed"},
        [(field, "missing") for field in ("at", "reported", "by", "holder")],
    ),
    "a bad id": (claim("Not An Id"), [("id", "bad-id")]),
    "an id that is too long": (claim("x" * 121), [("id", "bad-id")]),
    "an empty id": (claim(""), [("id", "bad-id")]),
    "an id that is a word of the addresses": (claim("batch"), [("id", "reserved-id")]),
    "an id with a NUL character": (claim("a\0b"), [("id", "bad-value")]),
    "a place with a NUL character": (claim("x", at="hi\0ll"), [("at", "bad-value")]),
    "a summary with a NUL character": (statement("x", summary="a\0b"), [("summary", "bad-value")]),
    "no place": (claim("x", at=[]), [("at", "missing")]),
    "a place twice": (claim("x", at=["hill", "hill"]), [("at", "duplicate")]),
    "a number where text belongs": (claim("x", manner=7), [("manner", "bad-value")]),
    "a list where text belongs": (claim("x", by=["red"]), [("by", "bad-value")]),
    "a bad quote": (
        claim("x", sources=[{"document": "gazette-1", "quote": 1}]),
        [("sources[0].quote", "bad-value")],
    ),
    "a reliability that is none": (claim("x", reliability="Z"), [("reliability", "bad-value")]),
    "a credibility that is none": (claim("x", credibility=7), [("credibility", "bad-value")]),
    "a count without end": (
        {"id": "x", "kind": "population-reported", "at": "hill", "reported": "2025-01-01", "count": 10**18},
        [("count", "out-of-range")],
    ),
    "several things at once": (
        claim("x", by="nobody", at="nowhere", sources=[{"document": "nothing"}]),
        [
            ("at", "unknown-location"),
            ("by", "unknown-actor"),
            ("sources[0].document", "unknown-document"),
        ],
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_development_is_refused(unmoved: Api, name: str) -> None:
    body, faults = FAULTY[name]
    response = unmoved.post("/v1/developments", body)
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == INVALID
    found = [(fault["path"], fault["code"]) for fault in problem["errors"]]
    assert sorted(found) == sorted(faults)
    if len(faults) == 1:
        assert problem["errors"][0]["message"] in problem["detail"]
    else:
        assert problem["detail"].startswith(f"{len(faults)} things are wrong with the input. The first: ")


def test_a_misspelt_word_is_answered_with_the_likeliest_one(unmoved: Api) -> None:
    wrong = unmoved.post("/v1/developments", claim("x", kind="occupation-claim")).json()
    assert "Did you mean 'occupation-claimed'?" in wrong["detail"]
    wrong = unmoved.post("/v1/developments", claim("x", holdr="red")).json()
    assert "Did you mean 'holder'?" in wrong["detail"]


def test_a_correction_is_checked_like_a_report(unmoved: Api) -> None:
    path = "/v1/developments/claim/corrections"
    for body, where in (
        ({"reason": "x", "body": claim(by="nobody")}, "by"),
        ({"reason": "x", "body": claim(share=2)}, "body.share"),
        ({"reason": "x", "body": claim("other")}, "body.id"),
        ({"reason": "", "body": claim(holder="blue")}, "reason"),
        ({"reason": "a\0b", "body": claim(holder="blue")}, "reason"),
        ({"body": claim(holder="blue")}, "reason"),
        ({"reason": "x"}, "body"),
        ({"reason": "x", "body": claim(), "more": 1}, "more"),
        ([], ""),
    ):
        response = unmoved.post(path, body)
        assert response.status_code == 422, body
        assert response.json()["errors"][0]["path"] == where


def test_a_retraction_and_a_link_are_checked(unmoved: Api) -> None:
    for path, body, where in (
        ("retraction", {}, "reason"),
        ("retraction", {"reason": "  "}, "reason"),
        ("retraction", {"reason": "a\0b"}, "reason"),
        ("links", {"type": "resembles", "to": "said"}, "type"),
        ("links", {"type": "supports", "to": "nothing"}, "to"),
        ("links", {"type": "supports", "to": "a\0b"}, "to"),
        ("links", {"type": "supports", "to": "claim"}, "to"),
        ("links", {"type": "supports"}, "to"),
    ):
        response = unmoved.post(f"/v1/developments/claim/{path}", body)
        assert response.status_code == 422, body
        assert response.json()["errors"][0]["path"] == where


def test_the_registry_is_checked(unmoved: Api) -> None:
    place = {"id": "x", "kind": "settlement", "name": "X"}
    actor = {"id": "x", "kind": "party", "name": "X"}
    document = {"id": "x", "publisher": "gazette", "title": "X"}
    for path, body, where in (
        ("locations", {**place, "point": [181, 0]}, "point"),
        ("locations", {**place, "point": [0]}, "point"),
        ("locations", {**place, "part_of": "nowhere"}, "part_of"),
        ("locations", {**place, "part_of": "x"}, "part_of"),
        ("locations", {**place, "name": ""}, "name"),
        ("locations", {**place, "name": "a\0b"}, "name"),
        ("locations", {**place, "name": "n" * 301}, "name"),
        ("locations", {**place, "names": {"uk": "a\0b"}}, "names"),
        ("locations", {**place, "names": {"u\0k": "ab"}}, "names"),
        ("locations", {**place, "names": {"ukrainian": "Х"}}, "names.ukrainian"),
        ("locations", {**place, "kind": "planet"}, "kind"),
        ("actors", {**actor, "speaks_for": "red"}, "speaks_for"),
        ("actors", {**actor, "kind": "unit", "speaks_for": "gazette"}, "speaks_for"),
        ("documents", {**document, "publisher": "nobody"}, "publisher"),
        ("documents", {**document, "url": "javascript:alert(1)"}, "url"),
        ("documents", {**document, "published": "2025-13-01"}, "published"),
        ("documents", {**document, "text": 7}, "text"),
        ("documents", {**document, "text": "a\0b"}, "text"),
    ):
        response = unmoved.post(f"/v1/{path}", body)
        assert response.status_code == 422, (path, body, response.text)
        assert response.json()["errors"][0]["path"] == where


def test_the_same_id_with_the_same_content_is_200_and_changes_nothing(unmoved: Api) -> None:
    for path, body in (
        ("developments", claim()),
        ("locations", unmoved.read("/v1/events", after=8, limit=1)["items"][0]["event"]),
        ("actors", {"id": "red", "kind": "party", "name": "Red"}),
    ):
        response = unmoved.post(f"/v1/{path}", body)
        assert response.status_code == 200
        assert response.json()["status"] == "unchanged"
        assert response.json()["revision"] == 1
        assert response.json()["recorded_at"] is None
        assert response.headers["location"].startswith(f"/v1/{path}/")


def test_the_same_id_with_other_content_is_409_and_says_what_differs(unmoved: Api) -> None:
    response = unmoved.post("/v1/developments", claim(holder="blue", summary="Otherwise."))
    assert response.status_code == 409
    problem = response.json()
    assert problem["type"] == "/v1/problems/id-taken"
    assert {each["path"]: (each["recorded"], each["given"]) for each in problem["differences"]} == {
        "holder": ("red", "blue"),
        "summary": (None, "Otherwise."),
    }
    text = {"id": "gazette-1", "publisher": "gazette", "title": "Hill claimed", "published": "2025-03-03"}
    response = unmoved.post("/v1/documents", {**text, "text": "Something else."})
    assert response.status_code == 409
    assert [each["path"] for each in response.json()["differences"]] == ["text"]


def test_a_dossier_with_conflicts_tells_all_of_them(unmoved: Api) -> None:
    dossier = {"palimpsest": 1, "developments": [claim(holder="blue"), statement("said", summary="Other.")]}
    response = unmoved.post("/v1/dossiers", dossier)
    assert response.status_code == 409
    told = {(each["id"], each["path"]) for each in response.json()["differences"]}
    assert told == {("claim", "holder"), ("said", "summary")}


# What is sent as the body of a development, and a word of what is said of it.
UNREADABLE = {
    "nothing": (b"", "empty"),
    "no JSON": (b"{kind: x}", "no JSON"),
    "cut off": (b'{"kind": "statement-made"', "no JSON"),
    "a list": (b"[1, 2]", "mapping of fields"),
    "a number": (b"7", "mapping of fields"),
    "null": (b"null", "mapping of fields"),
    "NaN": (b'{"count": NaN}', "no JSON"),
    "infinity": (b'{"count": -Infinity}', "no JSON"),
    "a number out of range": (b'{"count": 1e400}', "no JSON"),
    "half a character": (b'{"summary": "\\ud800"}', "no JSON"),
    "no UTF-8": (b'{"summary": "\xff\xfe"}', "no UTF-8: byte 13"),
    "UTF-16": ('{"kind": "statement-made"}'.encode("utf-16"), "no UTF-8: byte 0"),
    "deep nesting": (b"[" * 200_000, "nested too deeply"),
    "deep nesting of objects": (b'{"a":' * 200_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_body_is_refused(unmoved: Api, name: str) -> None:
    body, word = UNREADABLE[name]
    response = unmoved.post("/v1/developments", body)
    assert response.status_code == 422
    problem = response.json()
    assert problem["type"] == INVALID
    assert len(problem["errors"]) == 1
    assert word in problem["detail"]
    assert len(response.content) < 1000


def test_what_is_quoted_in_a_problem_is_shortened(unmoved: Api) -> None:
    for body in (claim("x" * 500_000), claim("x", by="y" * 500_000), claim("x", kind="z" * 500_000)):
        response = unmoved.post("/v1/developments", body)
        assert response.status_code == 422
        assert len(response.content) < 3000
    fields = {f"field-{number}": 1 for number in range(5000)}
    response = unmoved.post("/v1/developments", {**claim("x"), **fields})
    assert len(response.json()["errors"]) == 1000
    assert response.json()["detail"].startswith("5000 things are wrong with the input.")


def test_numbers_that_are_too_large_are_refused(unmoved: Api) -> None:
    for number in (b"1" + b"0" * 30, b"1" + b"0" * 5000, b"1e300", b"-1", b"0.5", b"true", b'"9"'):
        start = b'{"kind": "population-reported", "at": "hill", "reported": "2025-01-01", "count": '
        response = unmoved.post("/v1/developments", start + number + b"}")
        assert response.status_code == 422, number


@pytest.mark.parametrize(
    ("content_type", "path"),
    [
        ("application/x-www-form-urlencoded", "/v1/developments"),
        ("text/plain", "/v1/actors"),
        ("application/yaml", "/v1/locations"),
        ("multipart/form-data; boundary=x", "/v1/dossiers"),
    ],
)
def test_a_body_of_another_type_is_refused(unmoved: Api, content_type: str, path: str) -> None:
    response = unmoved.post(path, b"{}", headers={"Content-Type": content_type})
    assert response.status_code == 415
    assert response.json()["type"] == "/v1/problems/unsupported-media-type"
    assert "application/json" in response.json()["detail"]


def test_a_compressed_body_is_refused(unmoved: Api) -> None:
    response = unmoved.post("/v1/developments", b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert response.status_code == 415


TWENTY_ERRORS = """palimpsest: 1
title: 7
timezone: Mars/Olympus
sections: []
actors:
  - {id: a, kind: emperor, name: A}
  - {id: b, kind: party}
  - {kind: party, name: C}
  - {id: d, kind: party, name: D, spoken: x}
  - nobody
locations:
  - {id: e, kind: settlement, name: E, point: [x, y]}
  - {id: f, kind: settlement, name: [F]}
  - {id: g, kind: village, name: G}
documents:
  - {id: h, publisher: a, title: H, published: 2025-02-31}
  - {id: i, publisher: a, text: 5}
developments:
  - {id: j, kind: occupied, at: e}
  - id: k
    kind: occupation-claimed
    at: e
    by: a
    holder: b
    share: 7
    reported: yesterday
    manner: 3
  - {id: l, kind: visit-reported, at: e, reported: 2025-01-01, credibility: 9}
"""
TWENTY = [
    (2, "title"),
    (3, "timezone"),
    (4, "sections"),
    (6, "actors[0].kind"),
    (7, "actors[1].name"),
    (8, "actors[2].id"),
    (9, "actors[3].spoken"),
    (10, "actors[4]"),
    (12, "locations[0].point[0]"),
    (13, "locations[1].name"),
    (14, "locations[2].kind"),
    (16, "documents[0].published"),
    (17, "documents[1].text"),
    (17, "documents[1].title"),
    (19, "developments[0].kind"),
    (25, "developments[1].share"),
    (26, "developments[1].reported"),
    (27, "developments[1].manner"),
    (28, "developments[2].credibility"),
    (28, "developments[2].visitor"),
]


def test_a_dossier_with_twenty_errors_tells_them_all_with_line_and_path(unmoved: Api) -> None:
    response = unmoved.post("/v1/dossiers", TWENTY_ERRORS.encode(), headers=YAML)
    assert response.status_code == 422
    found = [(fault["line"], fault["path"]) for fault in response.json()["errors"]]
    assert sorted(found) == sorted(TWENTY)
    assert response.json()["detail"].startswith(f"{len(TWENTY)} things are wrong with the input.")


def test_references_of_a_dossier_are_told_with_their_lines_too(unmoved: Api) -> None:
    dossier = (
        "palimpsest: 1\n"
        "developments:\n"
        "  - {id: m, kind: statement-made, at: nowhere, by: nobody, reported: 2025-01-01, summary: A}\n"
        "  - {id: n, kind: claim-denied, at: hill, by: blue, claim: said, reported: 2025-01-01}\n"
    )
    response = unmoved.post("/v1/dossiers", dossier.encode(), headers=YAML)
    assert response.status_code == 422
    assert [(fault["line"], fault["path"], fault["code"]) for fault in response.json()["errors"]] == [
        (3, "developments[0].at", "unknown-location"),
        (3, "developments[0].by", "unknown-actor"),
        (4, "developments[1].claim", "not-a-claim"),
    ]


def test_what_cannot_be_read_and_what_points_at_nothing_are_told_together(unmoved: Api) -> None:
    dossier = (
        "palimpsest: 1\n"
        "actors:\n"
        "  - {id: broken, kind: emperor, name: Broken}\n"
        "developments:\n"
        "  - {id: m, kind: statement-made, at: hill, by: broken, reported: 2025-01-01, summary: A}\n"
        "  - {id: n, kind: statement-made, at: nowhere, by: blue, reported: 2025-01-01, summary: A}\n"
        "  - {id: o, kind: statement-made, at: hill, by: blue, reported: 2025-02-30, summary: A}\n"
    )
    response = unmoved.post("/v1/dossiers", dossier.encode(), headers=YAML)
    assert response.status_code == 422
    # What speaks with the broken actor's voice is not told as well: the actor is.
    assert [(fault["line"], fault["path"]) for fault in response.json()["errors"]] == [
        (3, "actors[0].kind"),
        (6, "developments[1].at"),
        (7, "developments[2].reported"),
    ]


def test_one_bad_line_of_ndjson_refuses_all_of_it(unmoved: Api) -> None:
    lines = [
        {"palimpsest": 1},
        {"actor": {"id": "new", "kind": "other", "name": "New"}},
        {"actor": {"id": "newer", "kind": "emperor", "name": "Newer"}},
    ]
    body = b"\n".join(json.dumps(line).encode() for line in lines) + b"\n\xff\n"
    response = unmoved.post("/v1/dossiers", body, headers={"Content-Type": NDJSON})
    assert response.status_code == 422
    assert [fault["line"] for fault in response.json()["errors"]] == [3, 4]


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b"- " * 100_000, b"{a: " * 100_000, b'{"a":' * 100_000, b"a: *b", b"\xff"]
)
def test_a_dossier_that_cannot_be_read_is_refused(unmoved: Api, body: bytes) -> None:
    response = unmoved.post("/v1/dossiers", body, headers=YAML)
    assert response.status_code == 422
    assert response.json()["type"] == INVALID
    assert len(response.content) < 2000


def timeline_cursor(instant: str, identifier: str) -> str:
    """Where a page of a timeline ended, as a cursor has it: an instant without an offset, say, or no id."""
    return encode_cursor(*(instant,) * 4, False, identifier)


# A query that cannot be answered, and the parameter that is to blame.
QUERIES = {
    "/v1/locations?status=conquered": "status",
    "/v1/locations?status=": "status",
    "/v1/locations?voices=": "voices",
    "/v1/locations?voices=,": "voices",
    "/v1/locations?bbox=1,2,3": "bbox",
    "/v1/locations?bbox=1,2,3,4,5": "bbox",
    "/v1/locations?bbox=a,b,c,d": "bbox",
    "/v1/locations?bbox=nan,nan,nan,nan": "bbox",
    "/v1/locations?bbox=-inf,-90,inf,90": "bbox",
    "/v1/locations?bbox=0,10,20,5": "bbox",
    "/v1/locations?bbox=-181,0,0,1": "bbox",
    "/v1/locations?limit=0": "limit",
    "/v1/locations?limit=1001": "limit",
    "/v1/locations?limit=ten": "limit",
    "/v1/locations?cursor=nonsense": "cursor",
    "/v1/locations?cursor=%F0%9F%92%A5": "cursor",
    "/v1/locations?cursor=WyJcdTAwMDAiXQ": "cursor",  # ["\u0000"]
    "/v1/locations?cursor=WyJBIl0": "cursor",  # ["A"]
    f"/v1/locations?cursor={'A' * 500}": "cursor",
    "/v1/locations?q=hill&cursor=WyJoaWxsIl0": "cursor",
    f"/v1/locations?q={'a' * 201}": "q",
    "/v1/locations?q=a%00b": "q",
    "/v1/locations?holder=a%00b": "holder",
    "/v1/locations?part_of=%00": "part_of",
    "/v1/locations?voices=red,%00": "voices",
    "/v1/locations?holders=red": "holders",
    "/v1/locations?log_position=-1": "log_position",
    f"/v1/locations?log_position={HUGE}": "log_position",
    f"/v1/locations?log_position={'9' * 400}": "log_position",
    "/v1/locations?log_position=1.5": "log_position",
    "/v1/locations?log_position=": "log_position",
    "/v1/locations?log_position=1000000": "log_position",
    "/v1/locations?min_log_position=-1": "min_log_position",
    "/v1/locations?log_position=1&recorded_at=2025-01-01": "recorded_at",
    "/v1/locations/hill?valid_at=yesterday": "valid_at",
    "/v1/locations/hill?valid_at=2025-02-30": "valid_at",
    "/v1/locations/hill?valid_at=2025-02": "valid_at",
    "/v1/locations/hill?valid_at=": "valid_at",
    "/v1/locations/hill?valid_at=2025-01-01T10:00:00": "valid_at",
    "/v1/locations/hill?valid_at=2025-01-01%00": "valid_at",
    "/v1/locations/hill?valid_at=2025-01-01&valid_at=2025-01-02": "valid_at",
    "/v1/locations/hill?known_at=now": "known_at",
    "/v1/locations/hill?recorded_at=2025-99-99": "recorded_at",
    "/v1/locations/hill?valid_at=0001-01-01&tz=Asia/Tokyo": "valid_at",
    "/v1/locations/hill?valid_at=9999-12-31&tz=America/New_York": "valid_at",
    "/v1/locations/hill?tz=Mars/Olympus": "tz",
    "/v1/locations/hill?tz=../../etc/passwd": "tz",
    "/v1/locations/hill?tz=": "tz",
    "/v1/locations/hill?valid_a=2025-01-01": "valid_a",
    "/v1/locations/hill?validat=2025-01-01": "validat",
    "/v1/locations/hill?Valid_At=2025-01-01": "Valid_At",
    "/v1/locations/hill/timeline?kinds=visit": "kinds",
    "/v1/locations/hill/timeline?kinds=": "kinds",
    "/v1/locations/hill/timeline?order=upwards": "order",
    "/v1/locations/hill/timeline?valid_from=then": "valid_from",
    "/v1/locations/hill/timeline?valid_to=2025-00-00": "valid_to",
    "/v1/locations/hill/timeline?cursor=WyJoaWxsIl0": "cursor",
    f"/v1/locations/hill/timeline?cursor={timeline_cursor('2025-01-01T00:00:00', 'a')}": "cursor",
    f"/v1/locations/hill/timeline?cursor={timeline_cursor('2025-01-01T00:00:00Z', 'A')}": "cursor",
    "/v1/locations/hill/timeline?cursor=WyIyMDI1LTAxLTAxVDAwOjAwOjAwWiIsImEiXQ": "cursor",  # two parts
    "/v1/actors?kind=emperor": "kind",
    "/v1/documents?publisher=%00": "publisher",
    "/v1/events?after=-1": "after",
    f"/v1/events?after={HUGE}": "after",
    "/v1/events?limit=100000": "limit",
    "/v1/events?format=xml": "format",
    "/v1/events?log_position=1": "log_position",
    "/v1/kinds?kind=visit-reported": "kind",
}


@pytest.mark.parametrize("url", QUERIES)
def test_a_bad_query_is_refused(unmoved: Api, url: str) -> None:
    response = unmoved.get(url)
    assert response.status_code == 422, response.text
    problem = response.json()
    assert problem["type"] == INVALID
    assert problem["errors"][0]["path"] == f"query.{QUERIES[url]}"
    assert problem["errors"][0]["message"] in problem["detail"]


def test_a_misspelt_parameter_is_answered_with_the_likeliest_one(unmoved: Api) -> None:
    fault = unmoved.get("/v1/locations/hill?valid_on=2025-01-01").json()["errors"][0]
    assert fault["code"] == "unknown-parameter"
    assert fault["message"] == "There is no parameter 'valid_on' here; did you mean 'valid_to'?" or (
        fault["message"].endswith("did you mean 'valid_at'?")
    )
    fault = unmoved.get("/v1/kinds?x=1").json()["errors"][0]
    assert fault["message"] == "There is no parameter 'x' here; there are none."


def test_a_parameter_on_a_write_is_refused_as_well(unmoved: Api) -> None:
    response = unmoved.post("/v1/developments?dry_run=true", statement("not-recorded"))
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == "query.dry_run"


def test_a_log_position_beyond_the_log_says_where_it_ends(unmoved: Api) -> None:
    head = unmoved.head()
    fault = unmoved.get(f"/v1/locations/hill?log_position={head + 1}").json()["errors"][0]
    assert fault["code"] == "beyond-the-log"
    assert fault["message"] == f"The log ends at position {head}; {head + 1} has not been written yet."
    assert unmoved.get(f"/v1/locations/hill?log_position={head}").status_code == 200


@pytest.mark.parametrize("path", ["locations", "claims", "developments", "actors", "documents", "problems"])
@pytest.mark.parametrize(
    "id", ["nothing", "%00", "a%00b", "UPPER", "%F0%9F%92%A5", "%ff", "x" * 5000, "a%20b"]
)
def test_what_is_not_there_is_404(unmoved: Api, path: str, id: str) -> None:
    response = unmoved.get(f"/v1/{path}/{id}")
    assert response.status_code == 404
    assert response.json()["type"] == "/v1/problems/not-found"
    what = path.removesuffix("s")
    assert response.json()["detail"].startswith(f"There is no {what} with the id ")
    assert len(response.json()["detail"]) < 250


@pytest.mark.parametrize("path", ["timeline", "history", "claims", "descriptions"])
def test_below_a_place_that_is_not_there_is_404(unmoved: Api, path: str) -> None:
    address = f"/v1/locations/a%00b/{path}"
    response = unmoved.post(address, {}) if path == "descriptions" else unmoved.get(address)
    assert response.status_code == 404


def test_a_kind_of_thing_is_not_another(unmoved: Api) -> None:
    assert unmoved.get("/v1/claims/said").status_code == 404
    assert unmoved.get("/v1/actors/hill").status_code == 404
    assert unmoved.get("/v1/locations/claim").status_code == 404


def test_an_unknown_address_and_an_unknown_method(unmoved: Api) -> None:
    for path in (
        "/v1",
        "/v1/nothing",
        "/v2/locations",
        "/v1/locations/hill/nothing",
        "/v1/locations/a/b/c",
        "/%00",
        "/v1/locations/",
        "//v1/locations",
    ):
        response = unmoved.get(path)
        assert response.status_code == 404, path
        assert response.json()["type"] == "/v1/problems/no-such-route"
    for method, path, allowed in (
        ("DELETE", "/v1/locations/hill", "GET, HEAD"),
        ("PUT", "/v1/locations", "GET, HEAD, POST"),
        ("PATCH", "/v1/developments/claim", "GET, HEAD"),
        ("GET", "/v1/dossiers", "POST"),
        ("HEAD", "/v1/dossiers", "POST"),
        ("BREW", "/healthz", "GET, HEAD"),
    ):
        response = unmoved.http.request(method, path)
        assert response.status_code == 405
        assert response.headers["allow"] == allowed


def test_the_edges_of_time_are_answered(unmoved: Api) -> None:
    for instant in (
        "0001-01-01",
        "0001-01-01T00:00:00Z",
        "9999-12-30",
        "9999-12-31T23:59:59.999999Z",
        "1970-01-01",
    ):
        for clock in ("valid_at", "known_at", "recorded_at"):
            for path in ("", "/timeline", "/history", "/claims"):
                response = unmoved.get(f"/v1/locations/hill{path}?{clock}={instant}")
                assert response.status_code in (200, 404), (clock, instant, path, response.text)
