"""What the base map names, and which of its lines are contested, by the numbers of records in the sources.

The sources are pinned by hash, so the numbers hold. Names are English, Ukrainian and Romanian.
"""

from __future__ import annotations

from dataclasses import dataclass

Names = tuple[str, str, str]
LANGUAGES = ("en", "uk", "ro")

BORDERS = "ne_10m_admin_0_boundary_lines_land"
INSIDE = "ne_10m_admin_1_states_provinces_lines"
RIVER_LINES = "ne_10m_rivers_lake_centerlines"


@dataclass(frozen=True)
class Contested:
    """A line that some treat as a border and others do not."""

    names: Names
    source: str
    records: tuple[int, ...]


CONTESTED = (
    Contested(
        (
            "Administrative boundary of Crimea",
            "Адміністративна межа Криму",
            "Limita administrativă a Crimeei",
        ),
        BORDERS,
        (457,),
    ),
    Contested(("Kerch Strait", "Керченська протока", "Strâmtoarea Kerci"), BORDERS, (465,)),
    Contested(("Kosovo", "Косово", "Kosovo"), BORDERS, (186,)),
    Contested(
        ("Transnistria", "Придністров'я", "Transnistria"),
        INSIDE,
        (1111, 1119, 1121, 1122, 1123, 3056, 3058, 3069, 3099, 3100, 3101, 3103, 3104),
    ),
    Contested(("Abkhazia", "Абхазія", "Abhazia"), INSIDE, (7536,)),
)

DRAINED = {1173: "2023-06"}
"""Lakes of the source that are no more, and since when: the Kakhovka reservoir."""


@dataclass(frozen=True)
class River:
    """A river and how much it matters (1 is seen from afar), by its names or its records in the source."""

    names: Names
    rank: int
    called: tuple[str, ...] = ()
    records: tuple[int, ...] = ()


RIVERS = (
    River(("Dnipro", "Дніпро", "Nipru"), 1, called=("Dnipro (Dnieper)",)),
    River(
        ("Danube", "Дунай", "Dunărea"),
        1,
        called=("Danube", "Bratul Chillia", "Bratul Sulina", "Bratul Sfintu Gheorghe", "Borcea"),
    ),
    River(("Dniester", "Дністер", "Nistru"), 1, called=("Dniester",)),
    River(("Southern Buh", "Південний Буг", "Bugul de Sud"), 1, called=("Pivd. Buh",)),
    River(("Siverskyi Donets", "Сіверський Донець", "Donețul de Nord"), 1, called=("Donets",)),
    River(("Don", "Дон", "Don"), 1, called=("Don",)),
    River(("Volga", "Волга", "Volga"), 1, called=("Volga",)),
    River(("Vistula", "Вісла", "Vistula"), 1, called=("Vistula",)),
    River(("Prypiat", "Прип'ять", "Pripeat"), 2, called=("Pripyat",)),
    River(("Desna", "Десна", "Desna"), 2, called=("Desna",)),
    River(("Prut", "Прут", "Prut"), 2, called=("Prut",)),
    River(("Western Bug", "Західний Буг", "Bugul de Vest"), 2, called=("Bug",)),
    River(("Seim", "Сейм", "Seim"), 2, called=("Seym",)),
    River(("Kuban", "Кубань", "Kuban"), 2, called=("Kuban",)),
    River(("Mureș", "Муреш", "Mureș"), 2, called=("Mures",)),
    River(("Olt", "Олт", "Olt"), 2, called=("Olt",)),
)

OTHER_RIVERS = 5
"""Rivers without a name here are drawn up to this rank of the source (0 is the greatest)."""

TRIBUTARIES = (
    River(("Oskil", "Оскіл", "Oskil"), 2, records=(16509, 16699, 16700, 16701, 16857)),
    River(("Inhulets", "Інгулець", "Inhuleț"), 2, records=(16989, 17128, 17129, 17130, 17240)),
    River(("Samara", "Самара", "Samara"), 2, records=(16990, 16991, 16992)),
)
"""Rivers that Natural Earth lacks, from GSHHG."""
