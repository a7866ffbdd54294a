"""`palimpsest webhooks`: added, listed without secrets, tried, disabled, enabled, removed."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.api.receiving import Receiver, receiving
from tests.cli.conftest import KUPIANSK, Palimpsest

ANY = {"PALIMPSEST_WEBHOOK_TARGETS": "any"}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def add(palimpsest: Palimpsest, url: str, *options: str) -> tuple[str, str]:
    """The id and the secret of a new webhook."""
    result = palimpsest("webhooks", "add", url, *options, **ANY)
    assert result.exit_code == 0, result.stderr
    [secret] = result.stdout.splitlines()
    assert SECRET.fullmatch(secret)
    return result.stderr.split()[2], secret


def test_the_secret_is_shown_once(palimpsest: Palimpsest, receiver: Receiver) -> None:
    webhook, secret = add(palimpsest, receiver.url)
    listed = palimpsest("webhooks", "list")
    assert webhook in listed.stdout
    assert "everything" in listed.stdout
    assert "enabled" in listed.stdout
    assert "whsec_" not in listed.output
    assert secret not in listed.output


def test_without_a_webhook_the_list_says_how_to_add_one(palimpsest: Palimpsest) -> None:
    result = palimpsest("webhooks", "list")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "palimpsest webhooks add URL" in result.stderr


def test_what_it_is_sent_is_listed(palimpsest: Palimpsest) -> None:
    palimpsest("import", str(KUPIANSK))
    options = ("--location", "kupiansk", "--voices", "russia,ukraine", "--after", "0")
    add(palimpsest, "https://example.org/hook", *options)
    shown = " ".join(palimpsest("webhooks", "list", COLUMNS="200").stdout.split())
    assert "locations kupiansk; voices russia,ukraine 0 enabled" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("http://example.org/",),
            "url: Messages go over https only, unless PALIMPSEST_WEBHOOK_TARGETS is any.",
        ),
        (("example.org",), "url: Write an address such as https://example.org/hook."),
        (("https://example.org/", "--kinds", "no-kind"), "--kinds: There is no kind 'no-kind'"),
        (("https://example.org/", "--location", "nowhere"), "There is no location with the id 'nowhere'."),
        (
            ("https://example.org/", "--after", "1"),
            "--after: The log ends at position 0; 1 is",
        ),
        (("https://example.org/", "--bbox", "1,2"), "--bbox: Write west,south,east,north"),
    ],
)
def test_what_cannot_be_added_is_told(palimpsest: Palimpsest, arguments: tuple[str, ...], said: str) -> None:
    result = palimpsest("webhooks", "add", *arguments)
    assert (result.stdout, result.exit_code) == ("", 1)
    assert result.stderr.startswith(said)
    assert palimpsest("webhooks", "list").stdout == ""


def test_a_message_to_try_it_with(palimpsest: Palimpsest, receiver: Receiver) -> None:
    webhook, secret = add(palimpsest, receiver.url)
    result = palimpsest("webhooks", "test", webhook, **ANY)
    assert result.exit_code == 0
    assert re.fullmatch(r"Taken: it answered 204 in \d+ ms\.\n", result.stdout)
    [sent] = receiver.taken
    message = sent.verify(secret)
    assert (message["type"], message["data"]) == ("test", {"webhook": webhook})
    receiver.answer = lambda sent: 503
    refused = palimpsest("webhooks", "test", webhook, **ANY)
    assert (refused.stdout, refused.stderr, refused.exit_code) == ("", "It answered 503.\n", 1)
    # Without the setting, nothing goes to an address of this machine.
    assert palimpsest("webhooks", "test", webhook).stderr.startswith("url: Messages go over https only")
    assert len(receiver.came) == 2


def test_a_new_secret_beside_the_old_one(palimpsest: Palimpsest, receiver: Receiver) -> None:
    webhook, secret = add(palimpsest, receiver.url)
    [new] = palimpsest("webhooks", "rotate", webhook).stdout.splitlines()
    assert SECRET.fullmatch(new)
    assert new != secret
    palimpsest("webhooks", "test", webhook, **ANY)
    assert receiver.taken[-1].verify(secret)
    assert receiver.taken[-1].verify(new)
    assert "whsec_" not in palimpsest("webhooks", "rotate", "--finish", webhook).output
    palimpsest("webhooks", "test", webhook, **ANY)
    assert receiver.taken[-1].verify(new)
    assert receiver.taken[-1].headers["webhook-signature"].count("v1,") == 1


def test_disabled_enabled_and_removed(palimpsest: Palimpsest) -> None:
    palimpsest("import", str(KUPIANSK))
    webhook, _ = add(palimpsest, "https://example.org/hook", "--after", "7")
    assert palimpsest("webhooks", "disable", webhook, "--reason", "moving house").exit_code == 0
    shown = " ".join(palimpsest("webhooks", "list", COLUMNS="200").stdout.split())
    assert re.search(r" 7 disabled since .*: moving house", shown)
    enabled = palimpsest("webhooks", "enable", webhook, "--after", "12")
    assert enabled.stdout == f"The webhook {webhook} is sent what was recorded after log position 12.\n"
    assert "enabled" in palimpsest("webhooks", "list").stdout
    assert palimpsest("webhooks", "deliveries", webhook).stderr == "Nothing was sent to it yet.\n"
    assert palimpsest("webhooks", "remove", webhook).exit_code == 0
    assert palimpsest("webhooks", "list").stdout == ""


@pytest.mark.parametrize("command", ["remove", "enable", "disable", "rotate", "deliveries", "test"])
def test_one_that_does_not_exist(palimpsest: Palimpsest, command: str) -> None:
    result = palimpsest("webhooks", command, "nothing")
    assert (result.stdout, result.exit_code) == ("", 1)
    assert result.stderr == "There is no webhook with the id 'nothing'.\n"
