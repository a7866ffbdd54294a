"""Edits of the English Wikipedia's table of who controls which city (docs/importers/wiki-control.md)."""

from __future__ import annotations

from intake.importers.wiki_control.reading import read_wiki_control

__all__ = ["read_wiki_control"]
