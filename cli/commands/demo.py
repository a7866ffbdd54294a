"""`palimpsest demo`: the Kupiansk story, from an empty folder to a server that answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.commands.serving import Host, Port
from cli.terminal import output, remark

if TYPE_CHECKING:
    from api.composition import Services

PLACE = "kupiansk"
ASK = (
    ("The console: a map and a timeline, in a browser", "/"),
    ("Who says what, as of 13 December 2025", f"/v1/locations/{PLACE}?valid_at=2025-12-13"),
    (
        "The same day, by what was public on 30 November",
        f"/v1/locations/{PLACE}?valid_at=2025-12-13&known_at=2025-11-30",
    ),
    ("The timeline", f"/v1/locations/{PLACE}/timeline"),
    ("What became of the claim", "/v1/claims/kupiansk-claimed"),
    ("Every route, to try out", "/docs"),
)


def run_demo(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Record the Kupiansk story, print its state and timeline, and serve it.

    Without PALIMPSEST_DATABASE_URL this needs nothing: the database is an embedded one in ./.palimpsest.
    """
    from cli.ports import listen, url_of

    with listen(host, port) as listening:
        from api.composition import open_server
        from cli.opening import load_settings, migrate, opened_services
        from cli.serving import serve_on

        settings = load_settings(serving=True)
        if settings.database_url is None:
            remark(f"Starting the embedded PostgreSQL in {settings.data_dir} ...")
        with open_server(settings) as conninfo:
            migrate(conninfo)
            with opened_services(settings) as services:
                _record_story(services)
                _show_story(services)
                serve_on(listening, settings, ready=lambda: _invite(url_of(listening)))


def _record_story(services: Services) -> None:
    """Records the dossier; what is recorded already stays as it is."""
    import intake
    from cli.following import catch_up
    from cli.recording import Tally, record_source
    from intake.catalogue import importer_for
    from intake.sources import Source

    path = Path(str(intake.__file__)).parents[1] / "examples" / "kupiansk.yaml"
    tally = Tally()
    record_source(services.database, Source(path=path), importer_for(path), "demo", tally)
    catch_up(services.database)
    remark(f"The Kupiansk dossier: {tally.new} new, {tally.unchanged} recorded already.")


def _show_story(services: Services) -> None:
    from datetime import UTC

    from cli.asking import ask_state, ask_timeline
    from cli.tables.state import print_state
    from cli.tables.timeline import print_timeline
    from projections.reading.developments import TimelineQuestion
    from projections.reading.moments import AskedClocks

    console = output()
    timeline = ask_timeline(services.reader, AskedClocks(), PLACE, TimelineQuestion(limit=1001))
    state = ask_state(services.reader, AskedClocks(), PLACE)
    console.print()
    print_timeline(console, timeline, UTC)
    console.print()
    print_state(console, state, UTC)


def _invite(url: str) -> None:
    """Where to look first, and how to write."""
    console = output()
    console.print(f"\nServing on {url} until Ctrl-C. Try:\n", style="bold")
    for what, path in ASK:
        console.print(f"  {what}\n    {url}{path}", soft_wrap=True)
    console.print(
        "\nReading is open; writing needs a key:\n    palimpsest keys create --role editor --name NAME\n",
        soft_wrap=True,
    )
