"""Replaying the history of a place along one of the three clocks, the other two held still."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.comparisons import Change, compare_states
from domain.kinds.envelope import Development
from domain.moving_states import MovingState, moves_a_state
from domain.positions import PlaceView
from domain.reels import Along, Entry, Held, Reel, Writing
from domain.states import PlaceState, state_at
from domain.times import MICROSECOND, before_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The state from the instant `t` on, and what changed against the frame before.

    The first frame is told against a place of which nothing is said. `developments` are those that made the
    change, `renamed` the actors who speak with another voice from then on. `entries` is what befell both in
    the log at `t`, along the recorded clock. `log_position` is that of the frame along the recorded clock,
    else that of the whole replay. After the `last` frame nothing changes up to the end.
    """

    t: datetime
    log_position: int
    developments: tuple[str, ...]
    entries: tuple[Entry, ...]
    renamed: tuple[str, ...]
    changes: tuple[Change, ...]
    state: PlaceState
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """An instant at which the state may change, what turns then, and the state from then on."""

    t: datetime
    log_position: int
    developments: tuple[str, ...]
    state: PlaceState
    entries: tuple[Entry, ...] = ()
    renamed: tuple[str, ...] = ()


def play(
    reel: Reel, along: Along, start: datetime, end: datetime, after: datetime | None = None
) -> Iterator[Frame]:
    """The frames from `start` up to and with `end`: the state at the start, then each change of it.

    Only what differs from the frame before makes a frame, so the last one is the state at the end. With
    `after`, the instant of a frame of this replay, exactly the frames that follow it.
    """
    # A frame is told when the next is found: only then is it known not to be the last.
    told: Frame | None = None
    for frame in _find_frames(reel, along, start, end, after):
        if told is not None:
            yield told
        told = frame
    if told is not None:
        yield replace(told, last=True)


def _find_frames(
    reel: Reel, along: Along, start: datetime, end: datetime, after: datetime | None
) -> Iterator[Frame]:
    ways = {"valid": _along_valid, "known": _along_known, "recorded": _along_recorded}
    turns = ways[along](reel, start if after is None else after, end)
    before = state_at(PlaceView(location=reel.location, developments=()), start)
    first = next(turns)
    if after is None:
        yield _frame(first, compare_states(before, first.state))
    before = first.state
    for turn in turns:
        changes = compare_states(before, turn.state)
        if changes:
            yield _frame(turn, changes)
            before = turn.state


def _frame(turn: _Turn, changes: tuple[Change, ...]) -> Frame:
    # Of what turned at this moment, those that the changes name; else all of it.
    named = {name for change in changes for name in change.because}
    made = tuple(name for name in turn.developments if name in named)
    made = made or (turn.developments if changes else ())
    return Frame(
        t=turn.t,
        log_position=turn.log_position,
        developments=made,
        entries=tuple(
            entry for entry in turn.entries if entry.development in made or entry.actor in turn.renamed
        ),
        renamed=turn.renamed,
        changes=changes,
        state=turn.state,
    )


def _along_valid(reel: Reel, start: datetime, end: datetime) -> Iterator[_Turn]:
    view = reel.view(known=reel.known_before, position=reel.log_position)
    moving = MovingState(view, before_instant(start), before_instant(end))
    everything = tuple(each.id for each in view.developments)
    yield _Turn(t=start, log_position=reel.log_position, developments=everything, state=moving.state)
    turns = (
        (instant, each) for each in view.developments if moves_a_state(each) for instant in _turns_of(each)
    )
    for t, turning in _between(turns, start, end):
        state = moving.pass_to(before_instant(t), turning.values())
        yield _Turn(t=t, log_position=reel.log_position, developments=tuple(turning), state=state)


def _turns_of(development: Development) -> Iterator[datetime | None]:
    """The instants at which a development begins to count, or to count otherwise."""
    occurred = development.occurred
    yield from (occurred.earliest, occurred.latest)
    if development.during == "throughout":
        yield from (occurred.sure_from, occurred.sure_until)


def _along_known(reel: Reel, start: datetime, end: datetime) -> Iterator[_Turn]:
    view = reel.view(known=before_instant(start), position=reel.log_position)
    moving = MovingState(view, reel.valid_before, reel.valid_before)
    everything = tuple(each.id for each in view.developments)
    yield _Turn(t=start, log_position=reel.log_position, developments=everything, state=moving.state)
    turns = (
        (fact.development.reported.latest, fact.development)
        for fact in reel.held
        if fact.at(reel.log_position)
        and moves_a_state(fact.development)
        and fact.development.occurred.began(reel.valid_before)
    )
    for t, turning in _between(turns, start, end):
        state = moving.exchange((), turning.values())
        yield _Turn(t=t, log_position=reel.log_position, developments=tuple(turning), state=state)


def _between(
    turns: Iterable[tuple[datetime | None, Development]], start: datetime, end: datetime
) -> list[tuple[datetime, dict[str, Development]]]:
    """Every instant after the start, up to and with the end, at which something turns, in order, with what
    turns then.

    What is over at an instant counts as over in the microsecond before it (docs/clocks.md). That makes no
    frame of its own, but where there is one, or the end, the frame tells it.
    """
    inside = [
        (instant, each)
        for instant, each in turns
        if instant is not None and start < instant <= before_instant(end)
    ]
    found: dict[datetime, dict[str, Development]] = {min(instant, end): {} for instant, _ in inside}
    found.pop(start, None)
    for instant, each in inside:
        for t in (instant, instant - MICROSECOND):
            if t in found:
                found[t][each.id] = each
    return sorted(found.items(), key=lambda item: item[0])


def _along_recorded(reel: Reel, start: datetime, end: datetime) -> Iterator[_Turn]:
    start = max(start, reel.writings[0].recorded_at)
    past = [writing for writing in reel.writings if writing.recorded_at <= start]
    position = past[-1].log_position
    moving = _as_held(reel, position)
    yield _Turn(
        t=start,
        log_position=position,
        developments=tuple(fact.development.id for fact in reel.held if fact.at(position)),
        state=moving.state,
        entries=past[-1].entries if past[-1].recorded_at == start else (),
    )
    held, answered = _by_position(reel.held), _by_position(reel.answered)
    for writing in reel.writings[len(past) :]:
        if writing.recorded_at > end:
            return
        before, position = position, writing.log_position
        facts, claims = _touched(held, writing), _touched(answered, writing)
        voices, voices_before = reel.voices(position), reel.voices(before)
        if voices != voices_before:
            moving = _as_held(reel, position)
        else:
            moving.exchange(
                [fact.development for fact in facts if _counted(reel, fact, before)],
                [fact.development for fact in facts if _counted(reel, fact, position)],
                {
                    fact.development.id: fact.development if fact.at(position) else None
                    for fact in sorted(claims, key=lambda claim: claim.from_position)
                },
            )
        yield _Turn(
            t=writing.recorded_at,
            log_position=position,
            developments=tuple(dict.fromkeys(fact.development.id for fact in (*facts, *claims))),
            state=moving.state,
            entries=writing.entries,
            renamed=tuple(actor for actor, voice in voices_before.items() if voices.get(actor) != voice),
        )


def _as_held(reel: Reel, position: int) -> MovingState:
    view = reel.view(known=reel.known_before, position=position)
    return MovingState(view, reel.valid_before, reel.valid_before)


def _counted(reel: Reel, fact: Held, position: int) -> bool:
    return fact.at(position) and fact.development.reported.surely_over(reel.known_before)


def _by_position(facts: Iterable[Held]) -> dict[int, list[Held]]:
    """The facts that begin or end at each position."""
    found: dict[int, list[Held]] = {}
    for fact in facts:
        for position in (fact.from_position, fact.until_position):
            if position is not None:
                found.setdefault(position, []).append(fact)
    return found


def _touched(facts: Mapping[int, list[Held]], writing: Writing) -> list[Held]:
    """The facts that begin or end in a transaction, each once."""
    touched = {
        (fact.development.id, fact.from_position): fact
        for entry in writing.entries
        for fact in facts.get(entry.log_position, ())
    }
    return list(touched.values())
