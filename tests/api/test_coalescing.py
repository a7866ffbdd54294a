"""Questions that come together are asked together, and everybody gets an answer of his own."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future

import pytest

from api.coalescing import Coalesced, Outcomes
from domain.errors import Unavailable


class Asked:
    """Doubles numbers, and remembers what it was asked at once. It waits while it is held up."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.free = threading.Event()
        self.free.set()

    async def __call__(self, numbers: list[int]) -> list[int]:
        self.batches.append(numbers)
        self.begun.set()
        assert await asyncio.to_thread(self.free.wait, 10)
        if 13 in numbers:
            raise Unavailable("Not this one.")
        return [2 * number for number in numbers]


async def ask_all(double: Coalesced[int, int], asked: Asked, numbers: range) -> list[int | BaseException]:
    """Asks the first, and the others while the first is being asked."""
    asked.free.clear()
    tasks = [asyncio.create_task(double(numbers[0]))]
    await asyncio.to_thread(asked.begun.wait, 10)
    tasks += [asyncio.create_task(double(number)) for number in numbers[1:]]
    await asyncio.sleep(0)
    asked.free.set()
    return list(await asyncio.gather(*tasks, return_exceptions=True))


def test_one_alone_is_asked_at_once() -> None:
    asked = Asked()
    assert asyncio.run(Coalesced(asked)(3)) == 6
    assert asked.batches == [[3]]


def test_those_that_come_meanwhile_are_asked_together() -> None:
    asked = Asked()
    answers = asyncio.run(ask_all(Coalesced(asked, most=4), asked, range(10)))
    assert answers == [2 * number for number in range(10)]
    assert asked.batches == [[0], [1, 2, 3, 4], [5, 6, 7, 8], [9]]


def test_an_error_is_told_to_those_it_was_asked_for() -> None:
    asked = Asked()
    answers = asyncio.run(ask_all(Coalesced(asked, most=4), asked, range(9, 20)))
    assert [type(answer) for answer in answers] == [int, *[Unavailable] * 4, *[int] * 6]


def test_one_that_went_away_is_not_missed() -> None:
    asked = Asked()
    double: Coalesced[int, int] = Coalesced(asked)

    async def go() -> int:
        asked.free.clear()
        gone = asyncio.create_task(double(1))
        await asyncio.to_thread(asked.begun.wait, 10)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        asked.free.set()
        return await double(2)

    assert asyncio.run(go()) == 4
    assert asked.batches == [[1], [2]]


def test_outcomes_of_other_threads_come_home_each_to_whom_it_belongs() -> None:
    async def go() -> list[int | BaseException]:
        outcomes = Outcomes()
        works: list[Future[int]] = [Future() for _ in range(100)]
        awaited = [outcomes.wait_for(work) for work in works]
        awaited[7].cancel()  # whoever waited for it has gone

        def settle() -> None:
            for number, work in enumerate(works):
                if number % 10 == 3:
                    work.set_exception(Unavailable("Not this one."))
                else:
                    work.set_result(number)

        await asyncio.to_thread(settle)
        return list(await asyncio.gather(*awaited, return_exceptions=True))

    for number, told in enumerate(asyncio.run(go())):
        if number == 7:
            assert isinstance(told, asyncio.CancelledError)
        elif number % 10 == 3:
            assert isinstance(told, Unavailable)
        else:
            assert told == number


def test_an_outcome_that_nobody_can_be_told_any_more_is_let_go() -> None:
    work: Future[int] = Future()

    async def go() -> None:
        Outcomes().wait_for(work)

    asyncio.run(go())
    work.set_result(1)
