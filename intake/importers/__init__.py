"""Importers of other people's data, one file or folder each (docs/adding-an-importer.md)."""
