"""How often a client may ask: by address, by key, with what it is told, and what it costs to remember."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.rate_limits import KnownKeys, Meter, address_of
from api.settings import Settings
from ledger.database import Database
from ledger.keys import create_key, revoke_key
from tests.api.contract import check_problem
from tests.api.stories import set_the_stage, statement
from tests.api.talking import Api

HILL = "/v1/locations/hill"
POLICY = re.compile(r'"(reads|writes)";q=(\d+);w=60')
STANDING = re.compile(r'"(reads|writes)";r=(\d+);t=(\d+)')


class Clock:
    """A clock that is set by hand, in seconds."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    api.state("hill")  # which waits until it can be read
    return api


@contextmanager
def application(told: Api, conninfo: str, **settings: Any) -> Iterator[TestClient]:
    """A process of its own, as far as limits go."""
    configured = Settings(database_url=conninfo, projector="off", _env_file=None, **settings)
    with TestClient(create_app(configured)) as client:
        yield client


def test_a_bucket_is_emptied_at_once_and_refills_all_the_time(clock: Clock) -> None:
    meter = Meter("reads", 60, now=clock)
    told = [meter.take("a") for _ in range(61)]
    assert [each.remaining for each in told] == [*range(59, -1, -1), 0]
    assert [each.wait for each in told] == [0] * 60 + [1]
    assert told[-1].full_in == 60
    clock.now += 1
    assert meter.take("a").wait == 0
    assert meter.take("a").wait == 1
    clock.now += 30
    assert [meter.take("a").wait for _ in range(31)] == [0] * 30 + [1]
    assert meter.take("b").remaining == 59


def test_asking_in_vain_costs_nothing(clock: Clock) -> None:
    """Who asks on while refused is let in as soon as who waits."""
    meter = Meter("reads", 6, now=clock)
    for _ in range(6):
        meter.take("a")
    for _ in range(9):
        clock.now += 1
        assert meter.take("a").wait == 10 - (clock.now - 1_000)
    clock.now += 1
    assert meter.take("a").wait == 0


@given(
    per_minute=st.integers(1, 100_000),
    pauses=st.lists(st.floats(0, 30, allow_subnormal=False), min_size=1, max_size=60),
)
def test_no_client_ever_gets_more_than_a_bucket_and_what_refills_it(
    per_minute: int, pauses: list[float]
) -> None:
    """Held against a bucket in plain tokens."""
    clock = Clock()
    meter, tokens = Meter("reads", per_minute, now=clock), float(per_minute)
    for pause in pauses:
        clock.now += pause
        tokens = min(float(per_minute), tokens + pause * per_minute / 60)
        standing = meter.take("a")
        if abs(tokens - 1) < 1e-2:
            return  # too near to call, after sums of fractions
        assert (standing.wait == 0) == (tokens >= 1)
        tokens -= standing.wait == 0
        assert standing.remaining == pytest.approx(tokens, abs=1.01)
        assert 0 <= standing.full_in <= 60
        if standing.wait:
            assert standing.wait == pytest.approx((1 - tokens) * 60 / per_minute, abs=1.01)


def test_who_was_away_the_longest_is_forgotten_first_and_memory_is_bounded(clock: Clock) -> None:
    meter = Meter("reads", 60, most=3, now=clock)
    for client in "abcab":
        meter.take(client)
    meter.take("d")  # c is forgotten
    assert meter.take("a").remaining == 57
    assert meter.take("c").remaining == 59
    for number in range(10_000):
        meter.take(str(number))
    assert len(meter._full_at) == 3


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::1", "::/64"),
        ("no:address", "no:address"),
        ("x" * 1_000, "x" * 64),
    ],
)
def test_an_address_of_ipv6_is_that_of_its_network(host: str, expected: str) -> None:
    assert address_of({"client": (host, 1)}) == expected
    assert address_of({"client": None}) == "nowhere"


def test_keys_are_known_by_digests_alone_and_only_so_many() -> None:
    keys = KnownKeys(most=2)
    for number in range(3):
        keys.note(f"pal_{number}_secret", str(number))

    def find(authorization: bytes) -> str | None:
        return keys.find({"headers": [(b"host", b"x"), (b"authorization", authorization)]})

    assert find(b"Bearer pal_2_secret") == "2"
    assert find(b"bearer  pal_1_secret ") == "1"
    assert find(b"Bearer pal_0_secret") is None
    assert find(b"Basic pal_2_secret") is None
    assert find(b"Bearer pal_2_other") is None
    keys.note("pal_2_secret", None)
    assert find(b"Bearer pal_2_secret") is None
    assert keys.find({"headers": []}) is None
    assert "secret" not in repr(vars(keys))


def test_too_many_reads_are_a_problem_that_says_when_to_go_on(told: Api, module_url: str) -> None:
    with application(told, module_url, reads_per_minute=5) as client:
        for left in (4, 3, 2, 1, 0):
            response = client.get(HILL)
            assert response.status_code == 200
            assert POLICY.fullmatch(response.headers["ratelimit-policy"]).groups() == ("reads", "5")  # type: ignore[union-attr]
            name, remaining, full_in = STANDING.fullmatch(response.headers["ratelimit"]).groups()  # type: ignore[union-attr]
            assert (name, int(remaining)) == ("reads", left)
            assert (5 - left) * 12 - 5 <= int(full_in) <= (5 - left) * 12
        refused = client.get(HILL)
        assert refused.status_code == 429
        assert check_problem(refused)["type"] == "/v1/problems/rate-exceeded"
        assert 1 <= int(refused.headers["retry-after"]) <= 12
        assert f"in {refused.headers['retry-after']} s" in refused.json()["detail"]
        assert STANDING.fullmatch(refused.headers["ratelimit"])[2] == "0"  # type: ignore[index]
        assert client.head(HILL).status_code == 429
        assert client.get("/docs").status_code == 429
        metrics = client.get("/metrics").text
    assert 'palimpsest_rate_limited_total{limit="reads"} 3.0' in metrics
    assert 'palimpsest_http_requests_total{method="GET",route="none",status="429"} 3.0' in metrics


def test_probes_are_never_refused(told: Api, module_url: str) -> None:
    with application(told, module_url, reads_per_minute=1) as client:
        for path in ("/healthz", "/readyz", "/metrics") * 3:
            response = client.get(path)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers


def test_without_a_limit_nothing_is_counted(told: Api, module_url: str) -> None:
    with application(told, module_url, reads_per_minute=0, writes_per_minute=3) as client:
        for _ in range(20):
            response = client.get(HILL)
            assert response.status_code == 200
            assert "ratelimit" not in response.headers
        assert client.post("/v1/developments").headers["ratelimit"].startswith('"writes";r=2;')


def test_writes_are_counted_by_key_and_apart_from_reads(told: Api, module_url: str) -> None:
    def write(client: TestClient, role: str, number: int) -> int:
        headers = {"Authorization": f"Bearer {told.keys[role]}"}
        body = statement(f"{role}-{number}")
        status: int = client.post("/v1/developments", json=body, headers=headers).status_code
        return status

    with application(told, module_url, reads_per_minute=2, writes_per_minute=4) as client:
        # The first write of a key is counted by address: only then is it known to be good.
        assert [write(client, "editor", number) for number in range(6)] == [201] * 5 + [429]
        assert [write(client, "reporter", number) for number in range(6)] == [201] * 5 + [429]
        assert [client.get(HILL).status_code for _ in range(3)] == [200, 200, 429]


def test_bad_keys_share_the_bucket_of_their_address(told: Api, module_url: str) -> None:
    with application(told, module_url, writes_per_minute=4) as client:

        def attempt(key: str) -> int:
            headers = {"Authorization": f"Bearer {key}"}
            status: int = client.post("/v1/developments", json={}, headers=headers).status_code
            return status

        good = told.keys["editor"]
        assert attempt(good) == 422
        assert [attempt(f"pal_{number}_invented") for number in range(4)] == [401, 401, 401, 429]
        assert attempt(good) == 422, "who is known is not held up by others at the same address"


def test_a_key_that_is_revoked_loses_its_bucket_and_its_access_in_every_process(
    told: Api, module_url: str
) -> None:
    with Database(module_url) as database, database.connection() as connection:
        key = create_key(connection, name="short-lived", role="reporter")
    headers = {"Authorization": f"Bearer {key}"}
    with (
        application(told, module_url, writes_per_minute=3) as one,
        application(told, module_url, writes_per_minute=3) as other,
    ):
        for client in (one, other):
            assert client.post("/v1/developments", json={}, headers=headers).status_code == 422
        with Database(module_url) as database, database.connection() as connection:
            revoke_key(connection, key.split("_")[1])
        for client in (one, other):
            statuses = [
                client.post("/v1/developments", json={}, headers=headers).status_code for _ in range(5)
            ]
            # The next attempt is counted as that of the key, those after it by address.
            assert statuses == [401, 401, 401, 429, 429]


def test_where_reading_needs_a_key_reads_are_counted_by_key(told: Api, module_url: str) -> None:
    with application(told, module_url, public_read=False, reads_per_minute=3) as client:

        def read(role: str) -> int:
            headers = {"Authorization": f"Bearer {told.keys[role]}"}
            status: int = client.get(HILL, headers=headers).status_code
            return status

        assert [read("editor") for _ in range(5)] == [200, 200, 200, 200, 429]
        assert [read("reporter") for _ in range(5)] == [200, 200, 200, 200, 429]
        assert client.get(HILL).status_code == 401
        assert client.get(HILL).status_code == 429


def test_each_address_has_a_bucket_of_its_own(told: Api, module_url: str) -> None:
    configured = Settings(database_url=module_url, projector="off", reads_per_minute=2, _env_file=None)
    app = create_app(configured)
    with TestClient(app, client=("192.0.2.1", 1)) as one:
        other, third = (
            TestClient(app, client=(host, 1)) for host in ("2001:db8::1", "2001:db8::2")
        )  # of one network
        assert [one.get(HILL).status_code for _ in range(3)] == [200, 200, 429]
        assert [each.get(HILL).status_code for each in (other, third, other)] == [200, 200, 429]
