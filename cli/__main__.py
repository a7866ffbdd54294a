"""`python -m cli` is `palimpsest`."""

from __future__ import annotations

from cli.main import main

main()
