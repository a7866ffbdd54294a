"""Happenings say nothing of who holds a place."""

from __future__ import annotations

from typing import Any

import pytest

from domain.catalogue import DEVELOPMENT_KINDS, kind_of
from domain.kinds.happenings import PopulationReported
from tests.domain.builders import claims, day, develop

REQUIRED: dict[str, dict[str, Any]] = {
    "encirclement-reported": {"force": "russia"},
    "presence-reported": {"force": "russia"},
    "visit-reported": {"visitor": "zelensky"},
    "population-reported": {"count": 55_000},
}
HAPPENINGS = [kind_of(cls) for cls in DEVELOPMENT_KINDS if cls.family == "happening"]


def happening(kind: str, **fields: Any) -> Any:
    return develop(kind, "h", day(1), **{"summary": "So.", **REQUIRED.get(kind, {}), **fields})


@pytest.mark.parametrize("kind", HAPPENINGS)
def test_a_happening_moves_no_position_and_answers_nothing(kind: str) -> None:
    assert happening(kind).effect(claims("c", "russia", day(1))) is None
    assert happening(kind).answers is None
    assert list(happening(kind).find_faults()) == []


@pytest.mark.parametrize("kind", HAPPENINGS)
def test_nobody_need_be_named_as_saying_it(kind: str) -> None:
    assert happening(kind).by is None


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("encirclement-reported", "encirclement"),
        ("supply-cut", "supply-cut"),
        ("fighting-reported", "fighting"),
        ("presence-reported", "presence"),
    ],
)
def test_four_kinds_report_a_condition(kind: str, condition: str) -> None:
    assert happening(kind).condition == condition
    assert happening(kind).lifts is None


def test_one_kind_lifts_one() -> None:
    lifting = {kind: happening(kind).lifts for kind in HAPPENINGS if happening(kind).lifts}
    assert lifting == {"encirclement-lifted": "encirclement"}
    assert happening("encirclement-lifted").condition is None


@pytest.mark.parametrize(
    ("kind", "fields", "mentioned"),
    [
        (
            "encirclement-reported",
            {"encircled_by": "ukraine"},
            [("force", "russia"), ("encircled_by", "ukraine")],
        ),
        ("encirclement-lifted", {"force": "russia"}, [("force", "russia")]),
        ("encirclement-lifted", {}, []),
        ("supply-cut", {"force": "russia"}, [("force", "russia")]),
        ("presence-reported", {}, [("force", "russia")]),
        ("visit-reported", {}, [("visitor", "zelensky")]),
    ],
)
def test_forces_and_visitors_are_mentioned(
    kind: str, fields: dict[str, Any], mentioned: list[tuple[str, str]]
) -> None:
    assert list(happening(kind, **fields).mentioned_actors()) == mentioned


def test_a_statement_says_what_was_stated() -> None:
    (fault,) = happening("statement-made", summary=None).find_faults()
    assert (fault.path, fault.code) == ("summary", "missing")


def test_a_population_is_from_nought_to_all_people() -> None:
    assert list(happening("population-reported", count=0).find_faults()) == []
    for count in (-1, 10**11):
        (fault,) = happening("population-reported", count=count).find_faults()
        assert (fault.path, fault.code) == ("count", "out-of-range")


def test_the_first_shape_of_a_population_is_still_read() -> None:
    assert PopulationReported.upcast_v1_v2({"id": "p", "people": 9}) == {"id": "p", "count": 9}
