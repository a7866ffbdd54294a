"""How the width of a line is shared out among columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.tables.layout import share_out

COLUMNS = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 30)), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("room", "wanted", "needed", "widths"),
    [
        (80, [10, 20], [5, 5], [10, 20]),  # all fits
        (30, [10, 40], [10, 5], [10, 20]),  # the one that can wrap gives way
        (15, [10, 40], [10, 10], [7, 8]),  # not even the words fit: the widest are broken first
        (1, [5, 5], [5, 5], [1, 1]),  # at least something is shown
    ],
)
def test_widths(room: int, wanted: list[int], needed: list[int], widths: list[int]) -> None:
    assert share_out(room, wanted, needed) == widths


@given(st.integers(8, 200), COLUMNS)
def test_never_more_than_there_is_and_no_word_broken_without_need(
    room: int, columns: list[tuple[int, int]]
) -> None:
    wanted = [max(want, need) for want, need in columns]
    needed = [need for _, need in columns]
    widths = share_out(room, wanted, needed)
    assert sum(widths) <= room
    assert all(1 <= width <= want for width, want in zip(widths, wanted, strict=True))
    if sum(needed) <= room:
        assert all(width >= need for width, need in zip(widths, needed, strict=True))
