"""Which rows of the table are one place, and what the file tells of it.

A row has a name, a population and no id. Names change, populations are brought up to date, and namesakes
abound. So rows are joined only by the stated rules; what they do not join stays apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from intake.importers.wiki_control.cells import count_of_inhabitants, read_point, short_name
from intake.importers.wiki_control.versions import Key, Line, Version
from intake.places import Point
from intake.slugs import slug_of

SAME_COUNT = 0.05
"""Populations no further apart than this are one count, brought up to date."""


@dataclass(slots=True, kw_only=True, eq=False)
class Life:
    """A row from the version in which it came to the one in which it was gone, by their numbers.

    `until` is None for a row that the last version has. `lines` are what it said, each with its version;
    `slug` is its name without what does not tell places apart, such as capitals and apostrophes.
    """

    key: Key
    since: int
    until: int | None = None
    lines: list[tuple[int, Line]] = field(default_factory=list)
    slug: str = field(init=False)

    def __post_init__(self) -> None:
        self.slug = slug_of(self.name)

    @property
    def name(self) -> str:
        """The name in the table."""
        return self.key[0]

    @property
    def population(self) -> str:
        """The population in the table, as text; empty where it gives none."""
        return self.key[1]

    def meets(self, other: Life) -> bool:
        """Whether some version has both."""
        starts, ends = (
            max(self.since, other.since),
            [end for end in (self.until, other.until) if end is not None],
        )
        return not ends or starts < min(ends)


@dataclass(slots=True, kw_only=True, eq=False)
class Listed:
    """A place as the table lists it: the lives of its row, in their order."""

    lives: list[Life]
    point: Point | None = None

    @property
    def first(self) -> Key:
        """The first name it had, and the first population that was given for it, if any."""
        return self.lives[0].name, next((life.population for life in self.lives if life.population), "")

    @property
    def names(self) -> list[str]:
        """Every name it had, the last one first."""
        return list(dict.fromkeys(life.name for life in reversed(self.lives)))

    @property
    def population(self) -> str:
        """The last population given for it."""
        return next((life.population for life in reversed(self.lives) if life.population), "")

    def meets(self, other: Listed) -> bool:
        """Whether some version has both."""
        return any(one.meets(two) for one in self.lives for two in other.lives)

    def points(self) -> Iterator[tuple[int, Point]]:
        """The points given for it, in order, each with the number of its version."""
        for life in self.lives:
            for number, line in life.lines:
                if point := read_point(line.row):
                    yield number, point


def list_places(versions: Sequence[Version]) -> tuple[list[Listed], list[Life]]:
    """The places of the table, and the rows of which it cannot be told which place they are of.

    Rows are one place when

    - they have the same name and population;
    - one took over from the other in one version, under the same name, or under another name with the same
      population, and no second row could have done so;
    - they have the same name and populations within a twentieth, and no version has both;
    - one has no population, and there is just one place of its name that no version has beside it.
    """
    lives = _live(versions)
    groups = _Groups(lives)
    for one, other in _handovers(lives):
        groups.join(one, other)
    counted = [life for life in lives if life.population]
    for one, other in combinations(counted, 2):
        if one.slug == other.slug and _same_count(one, other):
            groups.join(one, other)
    unclear = list(_place_uncounted(lives, groups))
    places = [place for place in groups.all() if not any(life in unclear for life in place.lives)]
    _give_points(places)
    return places, unclear


def _live(versions: Iterable[Version]) -> list[Life]:
    lives: list[Life] = []
    standing: dict[Key, Life] = {}
    for number, version in enumerate(versions):
        for key in [key for key in standing if key not in version.table]:
            standing.pop(key).until = number
        for key, line in version.table.items():
            if key not in standing:
                standing[key] = Life(key=key, since=number)
                lives.append(standing[key])
            life = standing[key]
            if not life.lines or life.lines[-1][1] is not line:
                life.lines.append((number, line))
    return lives


class _Groups:
    """Lives joined into places. Two that some version has side by side are never joined."""

    def __init__(self, lives: Iterable[Life]) -> None:
        self._of = {life: Listed(lives=[life]) for life in lives}

    def of(self, life: Life) -> Listed:
        return self._of[life]

    def join(self, one: Life, other: Life) -> None:
        mine, theirs = self._of[one], self._of[other]
        if mine is theirs or mine.meets(theirs):
            return
        mine.lives = sorted([*mine.lives, *theirs.lives], key=lambda life: life.since)
        for life in theirs.lives:
            self._of[life] = mine

    def all(self) -> list[Listed]:
        """Every place, in the order in which they first stood in the table."""
        return list(dict.fromkeys(self._of[life] for life in self._of))


def _handovers(lives: Sequence[Life]) -> Iterator[tuple[Life, Life]]:
    """Rows of which one went and the other came in one version, where no other row did."""
    went: dict[int, list[Life]] = {}
    came: dict[int, list[Life]] = {}
    for life in lives:
        came.setdefault(life.since, []).append(life)
        if life.until is not None:
            went.setdefault(life.until, []).append(life)
    for number, before in went.items():
        after = came.get(number, [])
        for what in ("slug", "population"):
            for life in before:
                wanted = getattr(life, what)
                rivals = [other for other in before if getattr(other, what) == wanted]
                heirs = [other for other in after if getattr(other, what) == wanted]
                if wanted and len(rivals) == len(heirs) == 1:
                    yield life, heirs[0]


def _same_count(one: Life, other: Life) -> bool:
    counts = [count_of_inhabitants(life.population) for life in (one, other)]
    if None in counts:
        return one.population == other.population
    low, high = sorted(count for count in counts if count is not None)
    return high - low <= SAME_COUNT * high


def _place_uncounted(lives: Sequence[Life], groups: _Groups) -> Iterator[Life]:
    """Joins the rows without a population to the place that they can only be; gives those left over."""
    for life in lives:
        if any(each.population for each in groups.of(life).lives):
            continue
        namesakes = {groups.of(other): other for other in lives if other.slug == life.slug}
        counted = {
            place: other for place, other in namesakes.items() if any(each.population for each in place.lives)
        }
        free = [other for place, other in counted.items() if not place.meets(groups.of(life))]
        if len(free) == 1:
            groups.join(free[0], life)
        elif counted:
            yield life
        else:
            for other in namesakes.values():
                groups.join(life, other)


def _give_points(places: Sequence[Listed]) -> None:
    """Each place its last point, for points are corrected in the course of time.

    The file has its points from a look-up by name. So of namesakes with one and the same point only the one
    that had it first keeps it: the others copied it.
    """
    owners: dict[tuple[str, Point], Listed] = {}
    found = [(number, place, point) for place in places for number, point in place.points()]
    for _, place, point in sorted(found, key=lambda each: each[0]):
        for name in place.names:
            owners.setdefault((short_name(name), point), place)
    for place in places:
        own = [
            point
            for _, point in place.points()
            if all(owners[short_name(name), point] is place for name in place.names)
        ]
        place.point = own[-1] if own else None
