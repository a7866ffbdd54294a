"""Every projection. Adding one is a file beside this one, its tables in a migration, and a line here."""

from __future__ import annotations

from projections.actors import Actors
from projections.claims import Claims
from projections.developments import Developments
from projections.documents import Documents
from projections.engine.projection import Projection
from projections.locations import Locations
from projections.names import Names
from projections.states import States

PROJECTIONS: tuple[Projection, ...] = (
    Actors(),
    Documents(),
    Locations(),
    States(),
    Names(),
    Developments(),
    Claims(),
)
