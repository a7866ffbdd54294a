"""A feed reader that nobody here wrote follows a place over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from reader import Reader, make_reader

from tests.api.stories import claim, report, set_the_stage, statement
from tests.api.talking import Api, Served


@pytest.fixture(scope="module")
def told(running: tuple[Served, Api]) -> Api:
    api = running[1]
    set_the_stage(api)
    report(api, claim(), statement("said"))
    return api


@pytest.fixture
def follower() -> Iterator[Reader]:
    with make_reader(":memory:") as reader:
        yield reader


@pytest.mark.parametrize(
    ("path", "version"),
    [(".atom", "atom10"), (".jsonfeed", "json11"), ("", "atom10")],
    ids=["atom", "json", "accept"],
)
def test_it_sees_what_is_new_and_what_changed_and_nothing_twice(
    running: tuple[Served, Api], told: Api, follower: Reader, path: str, version: str
) -> None:
    address = f"{running[0].url}/v1/locations/hill/timeline{path}"
    follower.add_feed(address)
    follower.update_feeds()
    feed = follower.get_feed(address)
    assert feed.last_exception is None, feed.last_exception
    assert (feed.title, feed.version) == ("Hill", version)
    before = {entry.id: entry for entry in follower.get_entries()}
    assert len(before) == len(told.read("/v1/locations/hill/timeline")["items"])
    assert all(entry.link and entry.get_content() for entry in before.values())

    changed = follower.update_feed(address)
    assert changed is None or (changed.new, changed.modified) == (0, 0), "asked again, nothing is new"

    name = f"new{path.replace('.', '-')}"
    told.write("/v1/developments", claim(name, reported="2025-03-08"))
    changed = follower.update_feed(address)
    assert changed is not None
    assert (changed.new, changed.modified) == (1, 0)
    told.write(
        f"/v1/developments/{name}/corrections",
        {"reason": "Less.", "body": claim(name, reported="2025-03-08", share="part")},
    )
    changed = follower.update_feed(address)
    assert changed is not None
    assert (changed.new, changed.modified) == (0, 1)
    titles = [entry.title or "" for entry in follower.get_entries() if entry.id not in before]
    assert titles == ["Red army, for Red, says that Red holds part of Hill (8 Mar 2025)"]
