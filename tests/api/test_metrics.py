"""Metrics: what they count, and that nobody can make more series of them than there are routes."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from domain.interests import Interest
from ledger.database import Database
from ledger.webhooks import add_webhook, disable_webhook
from projections.catalogue import PROJECTIONS
from tests.api.receiving import receiving
from tests.api.stories import set_the_stage, statement
from tests.api.talking import Api, in_process
from tests.servers import wait_until


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    return api


def samples(api: Api) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample by its name and labels, as Prometheus's own parser reads them."""
    families = text_string_to_metric_families(api.get("/metrics").text)
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_appends_are_counted(told: Api) -> None:
    before = samples(told)
    for number in range(5):
        told.write("/v1/developments", statement(f"counted-{number}"))
    assert told.post("/v1/developments", statement("counted-0", summary="Others.")).status_code == 409
    after = samples(told)

    def grown(name: str) -> float:
        return after[name, frozenset()] - before[name, frozenset()]

    assert grown("palimpsest_appended_events_total") == 5
    assert grown("palimpsest_append_writes_sum") == 6
    assert 1 <= grown("palimpsest_append_writes_count") <= 6
    assert grown("palimpsest_append_seconds_count") == 6
    assert grown("palimpsest_append_seconds_sum") > 0
    assert after["palimpsest_append_pending", frozenset()] == 0
    in_all = ("palimpsest_append_writes_bucket", frozenset({("le", "+Inf")}))
    assert after[in_all] == after["palimpsest_append_writes_count", frozenset()]


def test_the_pool_and_the_lag_of_every_projection_are_told(told: Api) -> None:
    told.state("hill")  # which waits until everything is folded
    found = samples(told)
    states = {dict(labels)["state"] for name, labels in found if name == "palimpsest_pool_connections"}
    assert states == {"idle", "used"}
    assert sum(value for (name, _), value in found.items() if name == "palimpsest_pool_connections") >= 1
    lags = {
        dict(labels)["projection"]: value
        for (name, labels), value in found.items()
        if name == "palimpsest_projection_lag_seconds"
    }
    assert set(lags) == {projection.name for projection in PROJECTIONS}
    assert lags["states"] == 0


def test_a_projection_that_is_behind_tells_for_how_long(database_url: str) -> None:
    with in_process(database_url, projector="off") as still:
        still.record()
        with Database(database_url) as database, database.connection() as connection:
            [(age,)] = connection.execute(
                "select extract(epoch from clock_timestamp() - min(recorded_at)) from ledger.events"
            ).fetchall()
        found = samples(still)
    told_by = frozenset({("projection", "names")})
    assert found["palimpsest_projection_lag_events", told_by] == 36
    assert float(age) < found["palimpsest_projection_lag_seconds", told_by] < float(age) + 60


def test_what_clients_write_makes_no_series(told: Api) -> None:
    def series() -> set[object]:
        return {key for key in samples(told) if str(key[0]).startswith("palimpsest_http")}

    told.get("/v1/locations/nowhere")
    told.get("/nowhere")
    told.http.request("BREW", "/nowhere")
    before = series()
    for number in range(50):
        told.get(f"/v1/locations/nowhere-{number}")
        told.get(f"/nowhere/{number}")
        told.http.request(f"BREW{number}", f"/nowhere/{number}")
    assert series() == before


def test_what_came_of_deliveries_and_how_far_each_webhook_is(database_url: str) -> None:
    with (
        receiving() as receiver,
        Database(database_url) as database,
        in_process(database_url, webhook_targets="any") as api,
    ):
        with database.connection() as connection:
            webhook = add_webhook(connection, url=receiver.url, interest=Interest(), after=0)
        told_of = frozenset({("webhook", webhook.id)})

        def tells(name: str, labels: frozenset[tuple[str, str]], value: float) -> None:
            wait_until(
                lambda: samples(api).get((f"palimpsest_webhook_{name}", labels)) == value,
                what=f"{name} to be {value}",
            )

        head = set_the_stage(api)
        tells("attempts_total", frozenset({("result", "delivered")}), head)
        tells("backlog_positions", told_of, 0)
        receiver.answer = lambda _: 500
        api.write("/v1/developments", statement("refused"))
        tells("attempts_total", frozenset({("result", "failed")}), 1)
        tells("failures", told_of, 1)
        found = samples(api)
        assert found["palimpsest_webhook_backlog_positions", told_of] == 1
        assert found["palimpsest_webhook_disabled", told_of] == 0
        assert receiver.url not in api.get("/metrics").text
        with database.connection() as connection:
            disable_webhook(connection, webhook.id, "tried")
        tells("disabled", told_of, 1)
