"""Back to an older shape of the database, to see it brought up to date."""

from __future__ import annotations

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from migrations.upgrade import FOLDER


def downgrade(conninfo: str, revision: str) -> None:
    """Runs the migrations after `revision` backward."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    engine = create_engine(
        "postgresql+psycopg://", creator=lambda: psycopg.connect(conninfo), poolclass=NullPool
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
