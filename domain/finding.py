"""Which places a typed name means, the likeliest first (`GET /v1/locations?q=`).

A name is like what was typed in one of these ways, the best first:

- spelt so: it is the same letters, in the same script
- written so: it folds to the same key, in another script or transliteration
- known so: an alias folds to that key
- begins so: its key begins with the one typed; then an alias that does
- one slip away: the keys differ by one letter, put in, left out or changed, or by two neighbours that changed
  places; not for keys of less than four letters, which are all alike; then an alias that is
- alike: the keys share at least half of their three-letter pieces, counted in tenths

A place is as like as the likest of its names. Of places equally like, the larger comes first, those of
unknown size last, and then the id decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import takewhile
from math import ceil

from domain.names import fold_name, plain_name, trigrams

SHORTEST_FOR_A_SLIP = 4
ALIKE_ENOUGH = 0.5
"""The share of the three-letter pieces of both."""
A_SLIP_LEAVES = 0.3
"""So much is left by a slip in a key of five or six letters; in a longer one half is."""
LONG = 7


class Likeness(IntEnum):
    """In what way a name is like the one typed; what is greater is liker."""

    ALIKE = 1
    ALIAS_ONE_SLIP = 2
    ONE_SLIP = 3
    ALIAS_BEGINS_SO = 4
    BEGINS_SO = 5
    KNOWN_SO = 6
    WRITTEN_SO = 7
    SPELT_SO = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlace:
    """A name of a place, with its key (`fold_name`), and how many people live there, if that is known."""

    place: str
    name: str
    folded: str
    is_alias: bool = False
    population: int | None = None


def rank_places(typed: str, names: Iterable[NamedPlace]) -> list[str]:
    """The ids of the places with a name like the one typed, each once, in the order above."""
    wanted = _Wanted(typed)
    best: dict[str, tuple[tuple[int, int], int]] = {}
    for named in names:
        likeness = wanted.likeness_of(named)
        if likeness is not None:
            size = -1 if named.population is None else named.population
            best[named.place] = max(best.get(named.place, (likeness, size)), (likeness, size))
    return sorted(best, key=lambda place: (*(-part for part in best[place][0]), -best[place][1], place))


def worth_a_look(folded: str) -> float:
    """The share of three-letter pieces that a name has in common with this key, if it can be like it without
    beginning so.
    """
    return ALIKE_ENOUGH if len(folded) >= LONG else A_SLIP_LEAVES


def telling_pieces(folded: str) -> list[str]:
    """Pieces of the key of which a name worth a look has at least one, the fewer the better.

    Such a name has at least so many in common with the key that the others cannot be all. Left out are how
    the key begins and how it ends, for too many names do alike ("-ivka", "-ske").
    """
    pieces = trigrams(folded)
    enough = worth_a_look(folded)
    # Shared by two of p and n pieces is 2 s / (p + n), and n is at least s.
    shared = ceil(enough * len(pieces) / (2 - enough))
    by_place = sorted(pieces, key=f"  {folded} ".find)
    telling = by_place[1:] if shared > 1 else by_place
    return telling[: len(pieces) - shared + 1]


class _Wanted:
    """What was typed, in all the forms that names are held against."""

    def __init__(self, typed: str) -> None:
        self.plain = plain_name(typed)
        self.folded = fold_name(typed)
        self.pieces = set(trigrams(self.folded))

    def likeness_of(self, named: NamedPlace) -> tuple[int, int] | None:
        """In what way the name is like, and the tenths where that is a matter of degree; else None."""
        if named.folded == self.folded:
            if named.is_alias:
                return Likeness.KNOWN_SO, 0
            spelt = plain_name(named.name) == self.plain
            return (Likeness.SPELT_SO if spelt else Likeness.WRITTEN_SO), 0
        if named.folded.startswith(self.folded):
            return (Likeness.ALIAS_BEGINS_SO if named.is_alias else Likeness.BEGINS_SO), 0
        if len(self.folded) >= SHORTEST_FOR_A_SLIP and is_one_slip(self.folded, named.folded):
            return (Likeness.ALIAS_ONE_SLIP if named.is_alias else Likeness.ONE_SLIP), 0
        tenths = self._shared_tenths(named.folded)
        return (Likeness.ALIKE, tenths) if tenths >= 10 * ALIKE_ENOUGH else None

    def _shared_tenths(self, folded: str) -> int:
        pieces = set(trigrams(folded))
        return 20 * len(pieces & self.pieces) // (len(pieces) + len(self.pieces))


def is_one_slip(one: str, other: str) -> bool:
    """Whether one slip of the pen makes one of the other: a letter more, less or changed, or two swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = _alike_from_the_start(one, other)
    one, other = one[start:], other[start:]
    end = _alike_from_the_start(one[::-1], other[::-1])
    left, right = one[: len(one) - end], other[: len(other) - end]
    return max(len(left), len(right)) == 1 or (len(left) == 2 and left == right[::-1])


def _alike_from_the_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
