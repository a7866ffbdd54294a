"""`palimpsest projections`: how the read models stand, and building, verifying and feeding them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.words import count_of
from cli.terminal import output, remark, stages

if TYPE_CHECKING:
    from projections.engine.checkpoints import ProjectionStatus
    from projections.engine.projection import Projection

app = typer.Typer(no_args_is_help=True, help="The read models: how they stand, rebuild, verify, run.")

Names = Annotated[
    list[str] | None, typer.Argument(metavar="NAME", show_default=False, help="Default: all of them.")
]


def _named(names: list[str] | None) -> list[Projection]:
    """The projections of these names, or all. A name that is none is a usage error."""
    from projections.catalogue import PROJECTIONS

    known = {projection.name: projection for projection in PROJECTIONS}
    for name in names or ():
        if name not in known:
            raise typer.BadParameter(f"there is no projection {name!r}; there are {', '.join(known)}")
    return [projection for name, projection in known.items() if not names or name in names]


@app.command("status")
def show_status(
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 when one is stopped, being built or far behind.")
    ] = False,
) -> None:
    """How far each projection has folded the log, and what stopped it, if anything did."""
    from cli.following import read_status, say_stopped
    from cli.opening import opened_database
    from cli.tables.layout import new_table, number, print_table
    from projections.engine.checkpoints import READY_LAG

    with opened_database() as database:
        status = read_status(database)
    table = new_table("Projection", number("Position"), number("Behind"), "State")
    for each in status:
        table.add_row(each.name, f"{each.position:,}", f"{max(each.lag, 0):,}", _state_of(each))
    print_table(output(), table)
    for each in status:
        if each.error is not None:
            remark(say_stopped(each))
    if check and any(each.error is not None or each.building or each.lag > READY_LAG for each in status):
        raise typer.Exit(1)


def _state_of(status: ProjectionStatus) -> str:
    if status.error is not None:
        return "stopped"
    if status.building:
        return "being built"
    return "up to date" if status.lag <= 0 else "behind"


@app.command("rebuild")
def rebuild_named(
    names: Names = None,
    until: Annotated[
        int | None, typer.Option(metavar="LOG_POSITION", min=0, help="Build as of then, not up to now.")
    ] = None,
) -> None:
    """Build projections anew beside the live ones, then put them in their place. Reads go on meanwhile."""
    from cli.opening import opened_database
    from projections.engine.rebuilding import rebuild

    chosen = _named(names)
    with opened_database() as database, stages("Rebuilding") as tell:
        positions = rebuild(database, *chosen, until=until, progress=tell)
    for projection in chosen:
        typer.echo(f"{projection.name}: rebuilt, at log position {positions[projection.name]:,}")


@app.command("verify")
def verify_named(names: Names = None) -> None:
    """Compare the live rows with what the log gives. Prints every difference; with one, exits with 1."""
    from cli.opening import opened_database
    from cli.tables.mismatches import say_mismatch
    from projections.engine.verifying import verify_all

    chosen = _named(names)
    with opened_database() as database, stages("Verifying") as tell:
        verified = verify_all(database, *chosen, progress=tell)
    for name, (position, mismatches) in verified.items():
        for mismatch in mismatches:
            typer.echo(f"{name}: {say_mismatch(mismatch)}")
        said = f"{count_of(len(mismatches), 'row')} not as" if mismatches else "as"
        typer.echo(f"{name}: {said} the log gives it, up to position {position:,}")
    if any(mismatches for _, mismatches in verified.values()):
        raise typer.Exit(1)


@app.command("run")
def run() -> None:
    """Follow the log and keep all projections up to date, until SIGTERM or Ctrl-C."""
    import structlog

    from cli.opening import ensure_migrated, load_settings, opened_database
    from cli.running import follow_until_told

    settings = load_settings(serving=True)
    with opened_database(settings) as database:
        ensure_migrated(database)
        log = structlog.get_logger(__name__)
        log.info("following the log")
        try:
            follow_until_told(database)
        finally:
            log.info("stopped following the log")
