"""Any table as CSV, by a mapping that says what its columns mean (docs/importers/csv.md)."""

from __future__ import annotations

from intake.importers.csv_tables.reading import read_csv_table

__all__ = ["read_csv_table"]
