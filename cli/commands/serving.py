"""`palimpsest serve`: the HTTP server."""

from __future__ import annotations

from typing import Annotated

import typer

Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is every one of this machine.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 is any free one.")]


def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve HTTP, and keep the read models up to date unless PALIMPSEST_PROJECTOR=off.

    SIGTERM and Ctrl-C let the requests under way finish.
    """
    from cli.ports import listen

    with listen(host, port) as listening:
        from cli.opening import ensure_migrated, load_settings, opened_database
        from cli.serving import serve_on

        settings = load_settings(serving=True)
        with opened_database(settings) as database:
            ensure_migrated(database)
            serve_on(listening, settings)
