"""On whole ledgers made at random, all answers agree with each other, and with a plain fold of the raw log.

The events go through the ledger and PostgreSQL, the answers come over HTTP: nothing here knows a read model.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import Phase, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.editorial import LinkType
from domain.errors import Conflict, InvalidInput
from domain.kinds.envelope import Development
from domain.shares import Share
from domain.streams import Thing
from domain.times import instant_of
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import Recorded, head_position, read_events
from ledger.recording import Item
from tests.api.talking import Api
from tests.builders import actor, document, location
from tests.domain import plain_reading
from tests.domain.strategies import MOVERS, bounds, developments, on_ledgers
from tests.plain_log import PlainLog

KINDS = (*MOVERS, *MOVERS, "encirclement-reported", "encirclement-lifted", "fighting-reported")
LINKS = st.sampled_from(get_args(LinkType))
PARTS = ("status", "holder", "certain", "positions", "disagreements", "encirclements", "fighting")
# Each example writes to the log for good, so a failing one is told as it is, not made smaller. They are few:
# here all rooms do together what tests/domain/ and tests/projections/ hold against many more stories.
FEW = settings(on_ledgers, max_examples=8, phases=[Phase.generate])


@pytest.fixture(scope="module")
def writer(module_url: str) -> Iterator[Ledger]:
    """The write side, on the database that `api` answers from, with the registry that stories need."""
    units = {"russian-army": "russia", "zelensky": "ukraine"}
    things: list[Thing] = [
        *(actor(party) for party in ("russia", "ukraine", "wagner")),
        *(actor(unit, "unit", speaks_for=party) for unit, party in units.items()),
        *(actor(assessor, "assessor") for assessor in ("deepstate", "isw")),
        actor("outlet", "outlet"),
        document("report"),
    ]
    with Database(module_url) as database, Ledger(database) as ledger:
        ledger.record([Item(event=thing) for thing in things], recorded_by="test")
        yield ledger


class Story:
    """A part of the ledger that grows by lawful steps drawn at random, about two places of its own.

    What is drawn depends on nothing that was recorded before, so that hypothesis can draw it again.
    """

    stories = 0

    def __init__(self, ledger: Ledger, data: st.DataObject) -> None:
        Story.stories += 1
        self._ledger, self._draw = ledger, data.draw
        self.places = (f"here-{Story.stories}", f"there-{Story.stories}")
        self.bodies: dict[str, Development] = {}
        ledger.record([Item(event=location(place)) for place in self.places], recorded_by="test")
        self._describe("russia")
        self.start = self._head()
        for number in range(self._draw(st.integers(6, 14))):
            self._report(f"s{Story.stories}-{number}")
            for _ in range(self._draw(st.integers(0, 2))):
                self._revise()

    @property
    def log(self) -> list[Recorded]:
        """The whole log, from the stories before too: they share actors and places."""
        with self._ledger.database.connection() as connection:
            return read_events(connection, after=0, limit=100_000)

    def _head(self) -> int:
        with self._ledger.database.connection() as connection:
            return head_position(connection)

    def _body(self, identifier: str) -> Development:
        claims = tuple(id for id, body in self.bodies.items() if body.family == "claim")
        kinds = [kind for kind in KINDS if claims or not kind.startswith("claim-")]
        body: Any = self._draw(developments(identifier, self._draw(st.sampled_from(kinds)), claims))
        answered = self.bodies.get(getattr(body, "claim", ""))
        here, there = self.places
        at = self._draw(st.sampled_from(((here,), (there,), (here, there))))
        drawn: Development = replace(body, at=answered.at[:1] if answered else at)
        return drawn

    def _describe(self, party: str) -> None:
        """Lets the army speak for a party; the name makes each description another one."""
        unit = actor("russian-army", "unit", speaks_for=party, name=f"Army {self._head()}")
        self._ledger.describe_actor(unit, recorded_by="test")

    def _report(self, identifier: str) -> None:
        body = self._body(identifier)
        try:
            self._ledger.record([Item(event=body)], recorded_by="test")
        except InvalidInput:
            return  # such as a claim renounced by another voice
        self.bodies[identifier] = body

    def _revise(self) -> None:
        if len(self.bodies) < 2:
            return
        one, other = self._draw(st.permutations(sorted(self.bodies)))[:2]
        try:
            match self._draw(st.sampled_from(("correct", "correct", "retract", "link", "describe"))):
                case "correct":
                    body = self._body(one)
                    self._ledger.correct(one, body, "it was otherwise", recorded_by="test")
                    self.bodies[one] = body
                case "retract":
                    self._ledger.retract(one, "it was not so", recorded_by="test")
                    del self.bodies[one]
                case "link":
                    self._ledger.link(one, self._draw(LINKS), other, "a tie", recorded_by="test")
                case _:
                    self._describe(self._draw(st.sampled_from(("russia", "wagner"))))
        except (InvalidInput, Conflict):
            return


@dataclass(frozen=True)
class Setting:
    """One setting of the clocks, as bounds."""

    valid_before: datetime
    known_before: datetime
    position: int

    @property
    def query(self) -> dict[str, Any]:
        return {
            "valid_at": instant_of(self.valid_before).isoformat(),
            "known_at": instant_of(self.known_before).isoformat(),
            "log_position": str(self.position),
        }


def settings_of(story: Story, data: st.DataObject) -> list[Setting]:
    """A few settings of the clocks after the story began, the last one at its end."""
    grown = story.log[-1].log_position - story.start
    drawn = st.lists(st.tuples(bounds, bounds, st.integers(0, grown)), min_size=3, max_size=4)
    told = [Setting(valid, known, story.start + steps) for valid, known, steps in data.draw(drawn)]
    return [*told[:-1], replace(told[-1], position=story.start + grown)]


def parts(state: dict[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in PARTS}


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written)


def cells(shares: dict[str, Any]) -> dict[str, plain_reading.Cells]:
    return {party: plain_reading.cells(Share(**share)) for party, share in shares.items()}


def read_positions(state: dict[str, Any]) -> plain_reading.Reading:
    """The positions of an answer as the plain reading puts them."""
    return {
        said["voice"]: (
            cells(said["shares"]),
            moment(said["since"]),
            said["certain"],
            said["because"],
            said["previous"] and (cells(said["previous"]["shares"]), said["previous"]["because"]),
        )
        for said in state["positions"]
    }


def spell_at(spells: Sequence[dict[str, Any]], t: datetime) -> dict[str, Any] | None:
    """The one spell that contains an instant."""
    found = [
        spell
        for spell in spells
        if moment(spell["from"]) <= t and (spell["to"] is None or t < moment(spell["to"]))
    ]
    assert len(found) <= 1
    return found[0] if found else None


@FEW
@for_all(st.data())
def test_the_state_is_that_of_a_plain_fold_of_the_log(api: Api, writer: Ledger, data: st.DataObject) -> None:
    story = Story(writer, data)
    log = story.log
    for setting in settings_of(story, data):
        for place in story.places:
            state = api.state(place, **setting.query)
            view = PlainLog(log, setting.position).view(place, setting.known_before)
            assert read_positions(state) == plain_reading.positions(view, setting.valid_before)
            assert (state["status"], state["holder"]) == plain_reading.status(view, setting.valid_before)
            assert {
                tuple(each["between"]): (each["party"], each["gap"], moment(each["since"]))
                for each in state["disagreements"]
            } == plain_reading.disagreements(view, setting.valid_before)
            assert {
                (each["voice"], each["mode"], each["force"]): (
                    moment(each["since"]),
                    moment(each["last_reported"]),
                    each["because"],
                )
                for each in state["encirclements"]
            } == plain_reading.encirclements(view, setting.valid_before)


@FEW
@for_all(st.data())
def test_the_history_says_at_every_instant_what_the_state_says(
    api: Api, writer: Ledger, data: st.DataObject
) -> None:
    story = Story(writer, data)
    for setting in settings_of(story, data):
        for place in story.places:
            told = api.read(f"/v1/locations/{place}/history", **setting.query)
            for spells in (told["status"], *told["voices"].values()):
                for spell, following in pairwise(spells):
                    assert spell["to"] == following["from"]
                assert not spells or spells[-1]["to"] is None
            for t in instants_of(told, setting):
                now = replace(setting, valid_before=t + timedelta(microseconds=1))
                state = api.state(place, **now.query)
                status = spell_at(told["status"], t)
                expected = (
                    (status["value"], status["holder"], status["certain"])
                    if status
                    else ("unknown", None, True)
                )
                assert (state["status"], state["holder"], state["certain"]) == expected
                said = {each["voice"]: each for each in state["positions"]}
                for voice, spells in told["voices"].items():
                    spell = spell_at(spells, t)
                    position = said.pop(voice, None)
                    if spell is None or not spell["shares"]:
                        assert position is None
                    else:
                        assert position is not None
                        for name in ("shares", "certain", "because"):
                            assert position[name] == spell[name]
                assert not said


def instants_of(told: dict[str, Any], setting: Setting) -> list[datetime]:
    """The instants at which a history turns, and half-way between them, up to where it ends."""
    spells = [spell for spells in (told["status"], *told["voices"].values()) for spell in spells]
    turns = sorted({*(moment(spell["from"]) for spell in spells), setting.valid_before})
    half_way = [one + (other - one) / 2 for one, other in pairwise(turns)]
    return [*turns[:-1], *half_way]


@FEW
@for_all(st.data(), st.sampled_from(("valid", "known", "recorded")))
def test_the_last_frame_of_a_replay_is_the_state(
    api: Api, writer: Ledger, data: st.DataObject, along: str
) -> None:
    story = Story(writer, data)
    for setting in settings_of(story, data):
        for place in story.places:
            response = api.get(f"/v1/locations/{place}/replay", along=along, **setting.query)
            frames = [json.loads(line) for line in response.text.splitlines()]
            frames = [frame for frame in frames if frame.get("state")]
            assert parts(frames[-1]["state"]) == parts(api.state(place, **setting.query))
            for one, other in pairwise(frames):
                assert one["state"] != other["state"]
                assert moment(one["t"]) <= moment(other["t"])


@FEW
@for_all(st.data())
def test_a_comparison_is_empty_exactly_when_both_states_are_equal(
    api: Api, writer: Ledger, data: st.DataObject
) -> None:
    story = Story(writer, data)
    asked = settings_of(story, data)
    for one, other in [*pairwise(asked), (asked[0], asked[0])]:
        for place in story.places:
            against = {f"against_{name}": value for name, value in one.query.items()}
            told = api.read(f"/v1/locations/{place}/compare", **other.query, **against)
            mine, yours = (dict(api.state(place, **setting.query)) for setting in (one, other))
            del mine["clocks"], yours["clocks"]
            assert (told["changes"] == []) == (mine == yours)
            for change in told["changes"]:
                assert change["value"] != change["against"]


@FEW
@for_all(st.data())
def test_claims_are_those_of_a_plain_fold_of_the_log(api: Api, writer: Ledger, data: st.DataObject) -> None:
    story = Story(writer, data)
    log = story.log
    for setting in settings_of(story, data):
        plain, clocks = PlainLog(log, setting.position), (setting.known_before, setting.valid_before)
        for place in story.places:
            answered = api.read(f"/v1/locations/{place}/claims", limit=1000, **setting.query)["items"]
            assert [claim["id"] for claim in answered] == plain.claims_about(place, *clocks)
            for claim in answered:
                outcome = claim["outcome"]
                verdicts = {each["voice"]: each["verdict"] for each in outcome["assessors"]}
                assert (outcome["value"], verdicts) == plain.outcome(claim["id"], *clocks)
                told = {
                    (entry["what"], entry["development"])
                    for entry in claim["entries"]
                    if entry["what"] not in ("borne-out", "contradicted", "linked")
                }
                assert told == plain.entries(claim["id"], *clocks)
                judged = {
                    entry["voice"]
                    for entry in claim["entries"]
                    if entry["what"] in ("borne-out", "contradicted")
                }
                assert judged == set(verdicts)
