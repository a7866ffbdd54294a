"""Shares of a place: intervals of [0, 1] with open and closed ends, and what follows from stating one.

Nothing here averages. Two intervals meet or they do not; the gap between them is a distance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

PLACES = 12
"""The decimal places to which shares are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An interval of the share of a place: `min` to `max`, each end closed unless marked open."""

    min: float
    max: float
    min_open: bool = False
    max_open: bool = False

    @property
    def is_possible(self) -> bool:
        """Whether it lies in [0, 1] and holds at least one number."""
        if not (0 <= self.min <= 1 and 0 <= self.max <= 1):
            return False
        return self.min < self.max or (self.min == self.max and not (self.min_open or self.max_open))

    def meet(self, other: Share) -> Share | None:
        """The part both intervals share, or None when they do not meet."""
        low, low_open = max((self.min, self.min_open), (other.min, other.min_open))
        high, high_closed = min((self.max, not self.max_open), (other.max, not other.max_open))
        met = Share(min=low, max=high, min_open=low_open, max_open=not high_closed)
        return met if met.is_possible else None

    def gap(self, other: Share) -> float:
        """The distance between two intervals, in shares of the place; 0.0 when they touch or overlap."""
        return max(0.0, self.min - other.max, other.min - self.max)

    def lies_within(self, other: Share) -> bool:
        """Whether every number of this interval is in the other."""
        return self.meet(other) == self

    @property
    def rounded(self) -> Share:
        """Both ends to twelve places; the share itself when it is too narrow for that.

        Shares of several parties, or of several voices, are compared rounded, so that 1/3 of one and 2/3
        of another are not told apart by binary dust.
        """
        low, high = round(self.min, PLACES), round(self.max, PLACES)
        if (low, high) == (self.min, self.max):
            return self
        share = Share(min=low, max=high, min_open=self.min_open, max_open=self.max_open)
        return share if share.is_possible else self

    @property
    def others(self) -> Share:
        """What this share of one party leaves to any other: at most what is not surely held."""
        return Share(min=0.0, max=round(1.0 - self.rounded.min, PLACES), max_open=self.min_open)

    @property
    def denied(self) -> Share | None:
        """What remains when this share is denied: what lies below it, else above it, else nothing."""
        below = Share(min=0.0, max=self.min, max_open=not self.min_open)
        if below.is_possible:
            return below
        above = Share(min=self.max, max=1.0, min_open=not self.max_open)
        return above if above.is_possible else None


NONE = Share(min=0.0, max=0.0)
PART = Share(min=0.0, max=1.0, min_open=True, max_open=True)
MOST = Share(min=0.5, max=1.0, max_open=True)
ALL = Share(min=1.0, max=1.0)
ANY = Share(min=0.0, max=1.0)

WORDS: Mapping[str, Share] = {"none": NONE, "part": PART, "most": MOST, "all": ALL}

Control = Mapping[str, Share]
"""Who holds how much, as stated: party id to share. What is merely implied is never stored in one."""


def implied_share(control: Control, party: str) -> Share | None:
    """What a control says of `party`, stated or implied, rounded; None when it contradicts itself.

    Every stated share `[lo, hi]` of one party implies `[0, 1 - lo]` for every other (docs/positions.md).
    """
    share: Share | None = control.get(party, ANY).rounded
    for other, stated in control.items():
        if other != party and share is not None:
            share = share.meet(stated.others)
    return share


def is_consistent(control: Control) -> bool:
    """Whether every stated share is possible beside the others."""
    together = sum(share.min for share in control.values())
    if together > 1 + 1e-9 or not all(share.is_possible for share in control.values()):
        return False
    if len(control) == 1 or together < 1 - 1e-9:
        return True  # no share reaches beyond what the others leave
    return all(implied_share(control, party) for party in control)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """The party over which two controls do not meet, and the distance between their intervals."""

    party: str
    gap: float


def find_clash(one: Control, other: Control) -> Clash | None:
    """The widest clash between two controls (ties by party id), or None when they can both be so."""
    return _find_clash(frozenset(one.items()), frozenset(other.items()))


@lru_cache(maxsize=4_096)
def _find_clash(one: frozenset[tuple[str, Share]], other: frozenset[tuple[str, Share]]) -> Clash | None:
    """Kept, because a place's history compares the same few controls again and again."""
    mine_stated, theirs_stated = dict(one), dict(other)
    clashes = []
    for party in sorted({*mine_stated, *theirs_stated}):
        mine, theirs = implied_share(mine_stated, party), implied_share(theirs_stated, party)
        if mine is None or theirs is None or mine.meet(theirs) is None:
            gap = mine.gap(theirs) if mine is not None and theirs is not None else 0.0
            clashes.append(Clash(party=party, gap=round(gap, PLACES)))
    return max(clashes, key=lambda clash: clash.gap, default=None)


def intersect_controls(controls: Iterable[Control]) -> dict[str, Share] | None:
    """What all controls together say of each party they name; None when they cannot all be so."""
    together = list(controls)
    result: dict[str, Share] = {}
    for party in sorted({party for control in together for party in control}):
        share: Share | None = ANY
        for control in together:
            said = implied_share(control, party)
            share = share.meet(said) if share is not None and said is not None else None
        if share is None:
            return None
        result[party] = share
    return result
