"""`palimpsest keys`: who may write."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cli.terminal import output, remark

app = typer.Typer(no_args_is_help=True, help="API keys: who may write over HTTP.")

RoleName = Literal["reporter", "editor", "admin"]


@app.command("create")
def create(
    role: Annotated[
        RoleName,
        typer.Option(
            show_default=False,
            help="reporter: developments and documents; editor: also corrections and the registry; "
            "admin: as editor so far.",
        ),
    ],
    name: Annotated[str, typer.Option(show_default=False, help="Whose it is; recorded with each event.")],
) -> None:
    """Create a key and print it, alone, on standard output. It is shown this once."""
    from cli.opening import opened_database
    from ledger.keys import create_key

    with opened_database() as database:
        with database.connection() as connection:
            key = create_key(connection, name=name, role=role)
        typer.echo(key)
    remark(f"A key for {name!r} with the role {role}. It cannot be shown again; keep it safe.")


@app.command("list")
def list_all() -> None:
    """List the keys, without their secrets."""
    from api.words import say_instant
    from cli.opening import opened_database
    from cli.tables.layout import new_table, print_table
    from ledger.keys import list_keys

    with opened_database() as database, database.connection() as connection:
        found = list_keys(connection)
    if not found:
        remark("There are no keys yet. Create one: palimpsest keys create --role editor --name NAME")
        return
    table = new_table("Id", "Name", "Role", "Created", "Revoked")
    for key in found:
        revoked = say_instant(key.revoked_at) if key.revoked_at else ""
        table.add_row(key.id, key.name, key.role, say_instant(key.created_at), revoked)
    print_table(output(), table)


@app.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", show_default=False, help="As `keys list` shows it.")],
) -> None:
    """End a key, now. Ending it again changes nothing."""
    from cli.opening import opened_database
    from ledger.keys import KEY, revoke_key

    whole = KEY.fullmatch(key)
    identifier = whole[1] if whole else key  # a whole key must not come back in an error
    with opened_database() as database, database.connection() as connection:
        revoke_key(connection, identifier)
    typer.echo(f"The key {identifier} is revoked.")
