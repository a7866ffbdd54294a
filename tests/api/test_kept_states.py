"""States that are kept are sent again only while they are what would be answered anew."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from api.kept_states import KeptStates
from projections.engine.rebuilding import rebuild
from projections.locations import Locations
from projections.reading import places
from tests.api.stories import ACTORS, claim, denial, set_the_stage
from tests.api.talking import Api, in_process
from tests.servers import wait_until

HILL = "/v1/locations/hill"


@pytest.fixture
def told(fresh: Api) -> Api:
    set_the_stage(fresh)
    position = fresh.write("/v1/developments", claim())["log_position"]
    wait_until(
        lambda: fresh.get("/v1/locations", min_log_position=position).status_code == 200,
        what="the read models to have the claim",
    )
    return fresh


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places whose state was read to be made anew."""
    asked: list[str] = []
    original = places.load_view

    def noting(moment: Any, place: str) -> Any:
        asked.append(place)
        return original(moment, place)

    monkeypatch.setattr(places, "load_view", noting)
    return asked


def without_clocks(api: Api, **query: Any) -> dict[str, Any]:
    """What is said of Hill, whenever."""
    answer = api.read(HILL, **query)
    del answer["clocks"]
    return answer


def test_a_state_is_made_once_while_nothing_changes(told: Api, read: list[str]) -> None:
    answers = [told.get(HILL) for _ in range(3)]
    assert read == ["hill"]
    first, *others = (answer.json() for answer in answers)
    clocks = [first.pop("clocks"), *(answer.pop("clocks") for answer in others)]
    assert others == [first, first]
    assert clocks[0]["valid_at"] < clocks[1]["valid_at"] < clocks[2]["valid_at"]
    varying = {"etag", "x-request-id", "ratelimit", "content-length", "link"}
    one, other = ({n: v for n, v in each.headers.items() if n not in varying} for each in answers[:2])
    assert one == other


@pytest.mark.parametrize(
    "query", [{"tz": "UTC"}, {"voices": "red"}, {"valid_at": "2025-06-01"}, {"min_log_position": 1}]
)
def test_any_other_question_is_answered_for_itself(told: Api, read: list[str], query: dict[str, Any]) -> None:
    told.read(HILL)
    told.read(HILL, **query)
    assert read == ["hill", "hill"]


def test_every_write_that_matters_is_seen_at_once(told: Api, read: list[str]) -> None:
    writes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("/v1/developments", denial()),
        ("/v1/developments/denial/corrections", {"reason": "No.", "body": denial(by="herald")}),
        ("/v1/developments/claim/retraction", {"reason": "Not so."}),
        ("/v1/developments", claim("again", by="red-army")),
        ("/v1/actors/red-army/descriptions", {**ACTORS[2], "speaks_for": "blue"}),
        ("/v1/locations/hill/descriptions", {"id": "hill", "kind": "settlement", "name": "The Hill"}),
    )
    before = without_clocks(told)
    for path, body in writes:
        told.write(path, body)
        after = without_clocks(told)
        assert after != before, path
        assert after == without_clocks(told) == without_clocks(told, tz="UTC")
        before = after
    position = told.write("/v1/developments", claim("elsewhere", at="mill"))["log_position"]
    told.read(HILL, min_log_position=position)
    made = len(read)
    assert without_clocks(told) == before
    assert len(read) == made


def test_time_goes_on(fresh: Api, read: list[str]) -> None:
    set_the_stage(fresh)
    fresh.write("/v1/developments", claim(reported="2025-03-03", occurred="2025-03-05/2025-03-07"))
    reader = fresh.http.app.state.services.reader  # type: ignore[attr-defined]
    certain = []
    for day in (3, 4, 5, 6, 7, 8, 9):
        for hour in (0, 23):
            reader.now = lambda day=day, hour=hour: datetime(2025, 3, day, hour, tzinfo=UTC)
            kept = without_clocks(fresh)
            assert kept == without_clocks(fresh) == without_clocks(fresh, tz="UTC")
            certain.append([position["certain"] for position in kept["positions"]])
    assert certain == [[]] * 4 + [[False]] * 6 + [[True]] * 4
    assert len(read) < 14 * 3


def test_two_servers_answer_alike(told: Api) -> None:
    conninfo = told.http.app.state.settings.database_url  # type: ignore[attr-defined]
    with in_process(conninfo, told.keys, projector="off") as other:
        for number in range(5):
            told.write("/v1/developments", denial(f"denial-{number}"))
            here = told.read(HILL)
            for there in (other.read(HILL), other.read(HILL)):
                assert there["clocks"]["log_position"] >= here["clocks"]["log_position"]
                assert there["positions"] == here["positions"]


def test_a_rebuild_is_seen_at_once(told: Api) -> None:
    database = told.http.app.state.services.database  # type: ignore[attr-defined]
    with database.connection() as connection:
        connection.execute(
            "UPDATE projections.location_revisions "
            "SET body = replace(convert_from(body, 'UTF8'), 'Hill', 'Hole')::bytea"
        )
    assert [told.read(HILL)["name"] for _ in range(2)] == ["Hole", "Hole"]
    rebuild(database, Locations())
    assert told.read(HILL)["name"] == "Hill"


def test_nothing_is_kept_from_those_who_need_a_key(database_url: str) -> None:
    with in_process(database_url, public_read=False) as api:
        set_the_stage(api)
        key = {"Authorization": f"Bearer {api.keys['reporter']}"}
        for _ in range(2):
            assert api.get(HILL, headers=key).headers["cache-control"].startswith("private")
        assert api.get(HILL).status_code == 401


def test_what_was_not_asked_for_the_longest_gives_way(told: Api) -> None:
    state = told.http.app.state  # type: ignore[attr-defined]
    state.kept_states = KeptStates(state.services, state.versions, most=5_000)
    for place in ("hill", "mill", "shire", "hill", "mill"):
        told.read(f"/v1/locations/{place}")
        assert 1 <= len(state.kept_states) <= 3
    state.kept_states = KeptStates(state.services, state.versions, most=10)
    assert [told.get(HILL).status_code for _ in range(2)] == [200, 200]
    assert len(state.kept_states) == 0
