"""Reports: what tells the same as a claim, from how many origins, and what is left out of the count."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.editorial import LinkType
from domain.kinds.envelope import Development, Source
from domain.reports import (
    Link,
    Report,
    find_misattributions,
    group_by_origin,
    join_same_reports,
    list_reports,
)
from tests.domain.builders import claims, day, develop, instant

PUBLISHERS = {"d1": "gazette", "d2": "herald", "d3": "gazette"}


def link(one: str, type: LinkType, other: str, position: int = 1) -> Link:
    return Link(
        development=one,
        to=other,
        type=type,
        reason=None,
        log_position=position,
        recorded_at=instant(1),
        recorded_by="editor",
    )


def source(document: str, *via: str, **fields: Any) -> Source:
    return Source(document=document, via=via, **fields)


def claim(id: str, *sources: Source) -> Development:
    return claims(id, "russia", day(10), sources=sources)


def statement(id: str, *sources: Source) -> Development:
    return develop("statement-made", id, day(10), summary="So they say.", sources=sources)


def reports(of: str, told: list[Development], *links: Link) -> tuple[Report, ...]:
    counting = {development.id: development for development in told}
    cluster = join_same_reports(links, counting, [of])[of]
    return list_reports(of, cluster, counting, find_misattributions(links, counting), PUBLISHERS)


def brief(found: tuple[Report, ...]) -> list[tuple[str, str, str, bool]]:
    return [(report.development, report.document, report.origin, report.counted) for report in found]


# What tells the same


@pytest.mark.parametrize("one", [("a", "b"), ("b", "a")], ids=["from a", "to a"])
@pytest.mark.parametrize("other", [("b", "c"), ("c", "b")], ids=["from b", "to b"])
def test_what_tells_the_same_is_joined_through_others_in_either_direction(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    links = [link(one[0], "same-report", one[1]), link(other[0], "same-report", other[1], 2)]
    joined = join_same_reports(links, {"a", "b", "c", "d"}, ["a", "c", "d"])
    assert joined["a"] == joined["c"] == {"a", "b", "c"}
    assert joined["d"] == {"d"}


def test_what_does_not_count_joins_nothing() -> None:
    links = [link("a", "same-report", "b"), link("b", "same-report", "c", 2)]
    assert join_same_reports(links, {"a", "c"}, ["a", "b", "c"]) == {"a": {"a"}, "b": {"b"}, "c": {"c"}}


def test_a_circle_is_one_report() -> None:
    links = [
        link("a", "same-report", "b"),
        link("b", "same-report", "c", 2),
        link("c", "same-report", "a", 3),
    ]
    assert join_same_reports(links, "abc", ["a"])["a"] == {"a", "b", "c"}


@pytest.mark.parametrize("type", ["supports", "contradicts", "misattributes"])
def test_other_links_join_nothing(type: LinkType) -> None:
    assert join_same_reports([link("a", type, "b")], "ab", ["a"])["a"] == {"a"}


@for_all(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=8),
    st.sets(st.sampled_from("abcdef")),
)
def test_telling_the_same_is_an_equivalence(pairs: list[tuple[str, str]], counting: set[str]) -> None:
    links = [link(one, "same-report", other, place) for place, (one, other) in enumerate(pairs)]
    joined = join_same_reports(links, counting, "abcdef")
    for id, cluster in joined.items():
        assert id in cluster
        assert len(cluster) == 1 or cluster <= counting
        assert all(joined[member] == cluster for member in cluster)
    for one, other in pairs:
        assert not {one, other} <= counting or joined[one] == joined[other]


# Reports


def test_the_origin_is_the_first_of_the_way_or_else_the_publisher() -> None:
    found = reports("c", [claim("c", source("d1", "ministry", "wire"), source("d2"))])
    assert brief(found) == [("c", "d1", "ministry", True), ("c", "d2", "herald", True)]
    assert found[0].via == ("ministry", "wire")


def test_reports_of_what_tells_the_same_are_added_whatever_its_kind() -> None:
    told = [claim("c", source("d1")), statement("b", source("d2")), claim("a", source("d3"))]
    links = [link("b", "same-report", "c"), link("a", "same-report", "b", 2)]
    assert brief(reports("c", told, *links)) == [
        ("c", "d1", "gazette", True),
        ("a", "d3", "gazette", True),
        ("b", "d2", "herald", True),
    ]


def test_a_document_counts_once_from_one_origin_and_again_from_another() -> None:
    told = [
        claim("c", source("d1", "wire")),
        claim("a", source("d1", "wire")),
        claim("b", source("d1", "army")),
    ]
    links = [link("c", "same-report", "a"), link("c", "same-report", "b", 2)]
    assert brief(reports("c", told, *links)) == [
        ("c", "d1", "wire", True),
        ("a", "d1", "wire", False),
        ("b", "d1", "army", True),
    ]


def test_a_misattributed_report_is_shown_with_the_first_link_that_says_so_and_not_counted() -> None:
    told = [claim("c", source("d1")), claim("a", source("d2"))]
    says_so = link("a", "misattributes", "c", 2)
    links = [link("a", "misattributes", "c", 3), says_so, link("a", "same-report", "c", 1)]
    right, wrong = reports("c", told, *links)
    assert (right.counted, right.misattributed_by) == (True, None)
    assert (wrong.counted, wrong.misattributed_by) == (False, says_so)


def test_a_report_tied_by_its_error_alone_is_shown_with_what_it_has_wrong() -> None:
    told = [claim("c", source("d1")), claim("a", source("d2"))]
    found = reports("c", told, link("a", "misattributes", "c"))
    assert brief(found) == [("c", "d1", "gazette", True), ("a", "d2", "herald", False)]
    assert brief(reports("a", told, link("a", "misattributes", "c"))) == [("a", "d2", "herald", False)]


def test_a_misattributed_document_counts_where_another_has_it_right() -> None:
    told = [claim("c", source("d1", "wire")), claim("a", source("d1", "wire"))]
    links = [link("c", "same-report", "a"), link("c", "misattributes", "a", 2)]
    assert [report.counted for report in reports("c", told, *links)] == [False, True]


def test_an_error_that_is_shown_by_what_does_not_count_is_not_shown() -> None:
    told = [claim("a", source("d2"))]
    assert brief(reports("a", told, link("a", "misattributes", "c"))) == [("a", "d2", "herald", True)]


def test_a_claim_that_does_not_count_has_no_reports() -> None:
    assert reports("c", [claim("a", source("d2"))], link("a", "same-report", "c")) == ()


def test_origins_with_most_reports_come_first() -> None:
    told = [claim("c", source("d1", "wire"), source("d2", "army"), source("d3", "wire"))]
    origins = group_by_origin(reports("c", told))
    assert [(origin.origin, origin.counted) for origin in origins] == [("wire", 2), ("army", 1)]
    assert [report.document for report in origins[0].reports] == ["d1", "d3"]
