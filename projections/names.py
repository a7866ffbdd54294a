"""Names of places, folded so that a place is found in any script and with a slip of the pen."""

from __future__ import annotations

from typing import ClassVar

from domain.names import fold_name, trigrams
from domain.registry import LocationRegistered
from ledger.reading import Recorded
from projections.engine.projection import Projection, Writer

LONGEST_KEY = 600

COLUMNS = (
    "location_id",
    "name",
    "language",
    "is_alias",
    "population",
    "from_position",
    "until_position",
    "folded",
    "trigrams",
)


class Names(Projection):
    """Rows of `location_names`: one for each name and alias of each description.

    The main name and the aliases have the language ''; an alias that is the main name is no row of its own.
    """

    name: ClassVar[str] = "names"
    tables: ClassVar[tuple[str, ...]] = ("location_names",)
    topics: ClassVar[frozenset[str]] = frozenset({"location-registered", "location-described"})

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds every name, and ends those of the description before it."""
        place = recorded.event
        if not isinstance(place, LocationRegistered):
            return
        if recorded.version > 1:
            writer.end("location_names", "location_id", recorded.log_position)
        names = {("", alias): True for alias in place.aliases}
        names |= dict.fromkeys({"": place.name, **place.names}.items(), False)
        for (language, name), is_alias in names.items():
            # An index takes no key over 2,700 bytes, and folding can make a name many times as long.
            folded = fold_name(name)[:LONGEST_KEY]
            spans = (recorded.log_position, None)
            row = (place.id, name, language, is_alias, place.population, *spans, folded, trigrams(folded))
            writer.add("location_names", COLUMNS, row)
