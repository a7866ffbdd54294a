"""Where messages may go, and what a signature is made of."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from api.webhooks import sending
from api.webhooks.messages import Message, sign, trial_message
from api.webhooks.sending import Answer, open_sender
from api.webhooks.targets import Targets, check_url, is_public
from domain.errors import InvalidInput
from ledger.webhooks import random_secret
from tests.api.receiving import Receiver, receiving

MESSAGE = Message(id="msg_1", body=b"{}")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def send(url: str, allowed: Targets, seconds: float = 5) -> Answer:
    async def go() -> Answer:
        async with open_sender(url, allowed, seconds) as sender:
            return await sender.send(MESSAGE, [random_secret()])

    return asyncio.run(go())


def test_a_signature_is_that_of_the_specification() -> None:
    """The example that the specification and its libraries are tested with."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    assert sign(secret, signed) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_signed_with_every_secret() -> None:
    one, other = random_secret(), random_secret()
    headers = MESSAGE.headers([one, other], 1_700_000_000)
    signed = b"msg_1.1700000000.{}"
    assert headers["webhook-signature"] == f"{sign(one, signed)} {sign(other, signed)}"
    assert headers["webhook-timestamp"] == "1700000000"


def test_an_id_has_no_full_stop_that_the_signed_text_is_divided_by() -> None:
    from datetime import UTC, datetime

    assert "." not in trial_message("abc", "test-1", datetime.now(UTC)).id


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "ftp://example.org/",
        "https://",
        "https:///hook",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exam ple.org/",
        "https://example.org/\n",
        "https://[::1/",
        "https://ex\u00e4mple.org/",
        "https://example.org/" + "a" * 2_000,
        "http://example.org/",
    ],
)
def test_an_address_that_nothing_is_sent_to(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_url(url, "public")


def test_http_only_where_that_is_allowed() -> None:
    assert check_url("http://example.org:8080/hook?x=1", "any").port == 8080
    assert check_url("https://example.org", "public").hostname == "example.org"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fc00::1",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)
def test_an_address_inside(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_outside(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_nothing_is_sent_inside(receiver: Receiver, host: str) -> None:
    port = receiver.url.split(":")[2].split("/")[0]
    answer = send(f"https://{host}:{port}/", "public")
    assert answer.status is None
    assert answer.error is not None
    assert "no public address" in answer.error or "cannot be reached" in answer.error
    assert receiver.came == []


def test_a_name_that_answers_otherwise_the_second_time_leads_nowhere_else(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is connected to is the very address that was looked at; nothing asks for the name again."""
    asked = list[str]()
    real = socket.getaddrinfo

    def once(host: Any, *more: Any, **named: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "rebinding.test" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", once)
    url = receiver.url.replace("localhost", "rebinding.test")
    assert send(url, "any").status == 204
    assert [host for host in asked if host == "rebinding.test"] == ["rebinding.test"]
    assert receiver.came[0].headers["host"].startswith("rebinding.test:")


def test_the_next_address_is_tried_where_nobody_is_at_the_first(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **named: [
            *real("127.0.0.2", *more, **named),
            *real("127.0.0.1", *more, **named),
        ],
    )
    assert send(receiver.url, "any").status == 204
    assert len(receiver.came) == 1


def test_nobody_is_followed_elsewhere(receiver: Receiver) -> None:
    receiver.answer = lambda sent: 307
    assert send(receiver.url, "any").error == "It answered 307, and nobody is followed elsewhere."
    assert [sent.path for sent in receiver.came] == ["/hook?for=palimpsest"]


def test_proxies_of_the_environment_are_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    assert send(receiver.url, "any").status == 204


def test_an_answer_that_trickles_is_not_waited_for() -> None:
    """Each byte comes in time, and the whole does not."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"

        async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            with suppress(ConnectionError), closing(writer):
                while not writer.is_closing():
                    writer.write(b"X-More: 1\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.02)

        async def go() -> Answer:
            async with (
                await asyncio.start_server(trickle, sock=listening),
                open_sender(url, "any", 0.3) as sender,
            ):
                return await sender.send(MESSAGE, [random_secret()])

        answer = asyncio.run(go())
    assert answer.error == "It did not answer within 0.3 seconds."


def test_the_certificate_is_that_of_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection goes to an address; whoever answers there must be who was meant."""
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -keyout key -out cert -subj /CN=hook.test"
    subprocess.run(
        [*command.split(), "-addext", "subjectAltName=DNS:hook.test"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    ours = ssl.create_default_context(cafile=str(tmp_path / "cert"))
    monkeypatch.setattr(sending, "_certificates", lambda: ours)
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *more, **named: real("127.0.0.1", *more, **named))

    with receiving(theirs) as receiver:
        url = receiver.url.replace("http://localhost", "https://hook.test")
        assert send(url, "any").status == 204
        refused = send(url.replace("hook.test", "other.test"), "any")
    assert refused.status is None
    assert "certificate" in str(refused.error).lower()
    assert [sent.headers["host"].partition(":")[0] for sent in receiver.came] == ["hook.test"]
