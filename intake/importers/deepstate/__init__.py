"""What DeepState's map marks as occupied, day by day (docs/importers/deepstate.md)."""

from __future__ import annotations

from intake.importers.deepstate.reading import PLACES, RADIUS, THRESHOLD, read_deepstate

__all__ = ["PLACES", "RADIUS", "THRESHOLD", "read_deepstate"]
