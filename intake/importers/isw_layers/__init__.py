"""Places inside and outside the layers of ISW's map, day by day (docs/importers/isw-layers.md)."""

from __future__ import annotations

from intake.importers.isw_layers.reading import read_isw_layers

__all__ = ["read_isw_layers"]
