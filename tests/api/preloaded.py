"""What a server does before anything is asked of it, done once for all that are forked (`forking.py`)."""

from __future__ import annotations

import cli.serving  # noqa: F401 - the command imports it when it is run
from api.app import create_app
from api.settings import Settings
from cli.main import main

__all__ = ["main"]

create_app(Settings(database_url="postgresql://nobody", _env_file=None))
