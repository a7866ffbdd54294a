"""`palimpsest db`: the shape of the database."""

from __future__ import annotations

import typer

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
    """Print the revision of the database; exit with 1 when it is not that of this version."""
    from api.composition import open_server
    from cli.opening import load_settings
    from ledger.database import Database
    from migrations.upgrade import current, head

    with open_server(load_settings()) as conninfo:
        found = current(Database(conninfo).conninfo)
    if found == head():
        typer.echo(f"The database is at revision {found}, as this version needs it.")
        return
    typer.echo(f"The database is {_named(found)}; this version needs {head()}. Run `palimpsest db upgrade`.")
    raise typer.Exit(1)


def _named(revision: str | None) -> str:
    return f"at revision {revision}" if revision is not None else "empty"
