"""`palimpsest db`: the shape of the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.taking_over import ToldLog

app = typer.Typer(no_args_is_help=True, help="Bring the database to this version's shape.")


@app.command("upgrade")
def upgrade_database() -> None:
    """Run the migrations that are missing: all of them, or none. Several at once wait for each other."""
    from api.composition import open_server
    from cli.opening import load_settings, migrate

    with open_server(load_settings()) as conninfo:
        before, after = migrate(conninfo)
    if before == after:
        typer.echo(f"The database is at revision {after} already.")
    else:
        typer.echo(f"The database was {_named(before)}; it is at revision {after} now.")


@app.command("status")
def show_status() -> None:
    """Print the revision of the database; exit with 1 when it is not that of this version.

    A ledger that began with a log from elsewhere says so.
    """
    from api.composition import open_server
    from cli.opening import load_settings
    from cli.taking_over import say_told
    from ledger.database import Database
    from migrations.upgrade import current, head

    with open_server(load_settings()) as conninfo, Database(conninfo) as database:
        found = current(database.conninfo)
        told = _find_told(database) if found == head() else None
    if found == head():
        typer.echo(f"The database is at revision {found}, as this version needs it.")
        if told is not None:
            typer.echo(say_told(told))
        return
    typer.echo(f"The database is {_named(found)}; this version needs {head()}. Run `palimpsest db upgrade`.")
    raise typer.Exit(1)


def _find_told(database: Database) -> ToldLog | None:
    from ledger.taking_over import find_told_log

    with database.connection() as connection:
        return find_told_log(connection)


def _named(revision: str | None) -> str:
    return f"at revision {revision}" if revision is not None else "empty"
