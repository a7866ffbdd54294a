"""`palimpsest webhooks`: who is sent the events of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Box
from cli.terminal import output, remark

if TYPE_CHECKING:
    from domain.interests import Interest
    from ledger.webhooks import Webhook

app = typer.Typer(no_args_is_help=True, help="Webhooks: who is sent the events of the log.")

Id = Annotated[str, typer.Argument(metavar="ID", show_default=False, help="As `webhooks list` shows it.")]
After = Annotated[
    int | None,
    typer.Option(metavar="LOG_POSITION", min=0, help="Send what was recorded after this position."),
]


@app.command("add")
def add(
    url: Annotated[str, typer.Argument(metavar="URL", show_default=False, help="Where events are sent.")],
    location: Annotated[
        list[str] | None, typer.Option(metavar="A,B", help="Only what is about these places.")
    ] = None,
    part_of: Annotated[
        list[str] | None,
        typer.Option(metavar="A,B", help="Only what is about these places, or one below them."),
    ] = None,
    bbox: Box = None,
    voices: Annotated[
        list[str] | None,
        typer.Option(metavar="A,B", help="Only what these actors say, or is said with their voice."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option(
            metavar="A,B", help="Only events of these topics, or about developments of these kinds."
        ),
    ] = None,
    after: After = None,
) -> None:
    """Add a webhook and print its secret, alone, on standard output. It is shown this once."""
    from api.interests import read_interest
    from api.webhooks.targets import check_url
    from cli.opening import load_settings, opened_database
    from ledger.reading import refuse_beyond
    from ledger.subjects import check_interest
    from ledger.webhooks import add_webhook

    interest = read_interest(location=location, part_of=part_of, bbox=bbox, voices=voices, kinds=kinds)
    settings = load_settings()
    check_url(url, settings.webhook_targets)
    with opened_database(settings) as database, database.connection() as connection:
        check_interest(connection, interest)
        refuse_beyond(connection, after or 0, "query.after")
        webhook = add_webhook(connection, url=url, interest=interest, after=after)
    typer.echo(webhook.secrets[0])
    remark(
        f"The webhook {webhook.id} is sent what is recorded after log position {webhook.position:,}. "
        "Its secret cannot be shown again; keep it safe."
    )


@app.command("list")
def list_all() -> None:
    """List the webhooks, without their secrets."""
    from cli.opening import opened_database
    from cli.tables.layout import new_table, number, print_table
    from ledger.webhooks import list_webhooks

    with opened_database() as database, database.connection() as connection:
        found = list_webhooks(connection)
    if not found:
        remark("There are no webhooks yet. Add one: palimpsest webhooks add URL")
        return
    table = new_table("Id", "URL", "Sent", number("Up to"), "State")
    for webhook in found:
        table.add_row(
            webhook.id, webhook.url, _say_interest(webhook.interest), f"{webhook.position:,}", _state(webhook)
        )
    print_table(output(), table)


def _say_interest(interest: Interest) -> str:
    from dataclasses import asdict

    said = [f"{name} {','.join(map(str, values))}" for name, values in asdict(interest).items() if values]
    return "; ".join(said) or "everything"


def _state(webhook: Webhook) -> str:
    from api.words import say_instant

    if webhook.disabled_at is not None:
        return f"disabled since {say_instant(webhook.disabled_at)}: {webhook.disabled_reason}"
    if webhook.failing_since is not None:
        return f"failing since {say_instant(webhook.failing_since)}"
    return "enabled"


@app.command("remove")
def remove(identifier: Id) -> None:
    """Remove a webhook, with what is kept of its deliveries."""
    from cli.opening import opened_database
    from ledger.webhooks import remove_webhook

    with opened_database() as database, database.connection() as connection:
        remove_webhook(connection, identifier)
    typer.echo(f"The webhook {identifier} is removed.")


@app.command("enable")
def enable(identifier: Id, after: After = None) -> None:
    """Send to a webhook again, from where it stopped, and now rather than when it would be tried again."""
    from cli.opening import opened_database
    from ledger.reading import refuse_beyond
    from ledger.webhooks import enable_webhook, find_webhook

    with opened_database() as database, database.connection() as connection:
        refuse_beyond(connection, after or 0, "query.after")
        enable_webhook(connection, identifier, after)
        position = find_webhook(connection, identifier).position
    typer.echo(f"The webhook {identifier} is sent what was recorded after log position {position:,}.")


@app.command("disable")
def disable(
    identifier: Id, reason: Annotated[str, typer.Option(help="Why, for whoever lists it.")] = "by hand"
) -> None:
    """Send nothing to a webhook until it is enabled again, from where it stopped."""
    from cli.opening import opened_database
    from ledger.webhooks import disable_webhook

    with opened_database() as database, database.connection() as connection:
        disable_webhook(connection, identifier, reason)
    typer.echo(f"The webhook {identifier} is disabled.")


@app.command("rotate")
def rotate(
    identifier: Id,
    finish: Annotated[
        bool, typer.Option("--finish", help="Sign with the newest secret alone, and make no other.")
    ] = False,
) -> None:
    """Make a new secret and print it, alone, on standard output. Messages are signed with the old one too."""
    from cli.opening import opened_database
    from ledger.webhooks import finish_rotation, rotate_secret

    with opened_database() as database, database.connection() as connection:
        if finish:
            finish_rotation(connection, identifier)
        else:
            secret = rotate_secret(connection, identifier)
    if finish:
        typer.echo(f"The webhook {identifier} is signed for with its newest secret alone.")
        return
    typer.echo(secret)
    remark(
        "It cannot be shown again. Once the receiver has it: "
        f"palimpsest webhooks rotate --finish {identifier}"
    )


@app.command("deliveries")
def list_deliveries(
    identifier: Id,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")] = 20,
) -> None:
    """List the newest attempts to deliver to a webhook, the last one first."""
    from api.words import say_instant
    from cli.opening import opened_database
    from cli.tables.layout import new_table, number, print_table
    from ledger.deliveries import list_attempts

    with opened_database() as database, database.connection() as connection:
        found = list_attempts(connection, identifier, limit)
    if not found:
        remark("Nothing was sent to it yet.")
        return
    table = new_table(number("Log"), "Sent", number("ms"), "What came of it")
    for each in found:
        came = each.error or f"Taken: it answered {each.status}."
        sent = say_instant(each.attempted_at)
        table.add_row(f"{each.log_position:,}", sent, f"{each.milliseconds:,}", came)
    print_table(output(), table)


@app.command("test")
def test(identifier: Id) -> None:
    """Send a message of the type `test` now, signed as any other; exit with 1 when it is not taken."""
    import asyncio
    from datetime import UTC, datetime

    import uuid_utils

    from api.webhooks.messages import trial_message
    from api.webhooks.sending import Answer, open_sender
    from cli.opening import load_settings, opened_database
    from ledger.webhooks import find_webhook

    settings = load_settings()
    with opened_database(settings) as database, database.connection() as connection:
        webhook = find_webhook(connection, identifier)
    message = trial_message(webhook.id, f"test-{uuid_utils.uuid7()}", datetime.now(UTC))

    async def send() -> Answer:
        async with open_sender(webhook.url, settings.webhook_targets) as sender:
            return await sender.send(message, webhook.secrets)

    answer = asyncio.run(send())
    if answer.error is not None:
        remark(answer.error)
        raise typer.Exit(1)
    typer.echo(f"Taken: it answered {answer.status} in {answer.milliseconds} ms.")
