"""A crowd is worked on in rounds, and what comes in between is heard."""

import asyncio
import time

import pytest

from services.ingest.adapters.turns import Turns


async def worked_before_something_was_heard(turns: Turns, work: int, crowd: int) -> int:
    """How many of a crowd have had their turn when what was on its way all the time arrives."""
    loop, heard, worked = asyncio.get_running_loop(), asyncio.Event(), 0

    async def one() -> None:
        nonlocal worked
        await turns.wait(work)
        worked += not heard.is_set()

    # It takes four rounds of the loop, as an acknowledgement does: read, decoded, told, woken.
    def passed_on(more: int) -> None:
        loop.call_soon(passed_on, more - 1) if more else heard.set()

    passed_on(4)
    await asyncio.gather(*(one() for _ in range(crowd)))
    return worked


async def test_what_is_heard_does_not_wait_for_a_whole_crowd() -> None:
    assert 1 <= await worked_before_something_was_heard(Turns(10), 1, crowd=1_000) <= 40


async def test_larger_work_takes_more_of_a_round_and_the_largest_one_of_its_own() -> None:
    assert 1 <= await worked_before_something_was_heard(Turns(10), 5, crowd=1_000) <= 8
    assert 1 <= await worked_before_something_was_heard(Turns(10), 99, crowd=1_000) <= 4


async def test_the_order_is_kept_and_who_has_gone_holds_up_nobody() -> None:
    turns, order = Turns(1), []

    async def one(number: int) -> None:
        await turns.wait(1)
        order.append(number)

    tasks = [asyncio.create_task(one(number)) for number in range(6)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    tasks[3].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [0, 1, 4, 5]
    await asyncio.wait_for(one(6), 1)


async def at_once(turns: Turns, *works: int) -> list[asyncio.Task[None]]:
    """All of them come in one round."""
    tasks = [asyncio.create_task(turns.wait(work)) for work in works]
    await asyncio.sleep(0)
    return tasks


async def test_who_waited_too_long_is_told_and_the_next_has_the_turn() -> None:
    turns = Turns(1, patience_seconds=0.01)
    first, late = await at_once(turns, 1, 1)
    time.sleep(0.02)  # noqa: ASYNC251 (what a round takes in which thousands are read)
    with pytest.raises(TimeoutError):
        await late
    await asyncio.wait_for(turns.wait(1), 1)
    await first


async def test_a_line_is_too_long_when_its_last_would_wait_longer_than_the_patience() -> None:
    turns = Turns(10, patience_seconds=2)
    waiting = await at_once(turns, 10, int(2 * turns.pace))
    assert not turns.is_too_long
    await asyncio.gather(*waiting)
    waiting = await at_once(turns, 10, int(2 * turns.pace), 100)
    assert turns.is_too_long
    await asyncio.gather(*waiting)


async def test_a_line_of_two_rounds_is_never_too_long_however_slow_the_pace_was() -> None:
    turns = Turns(10, patience_seconds=1e-9)
    waiting = await at_once(turns, 10, 10, 10)
    assert not turns.is_too_long
    await asyncio.gather(*waiting, return_exceptions=True)
    waiting = await at_once(turns, 10, 10, 10, 1)
    assert turns.is_too_long
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_the_pace_is_what_full_rounds_had_room_for() -> None:
    turns = Turns(10)

    async def one() -> None:
        await turns.wait(1)
        time.sleep(0.0002)  # noqa: ASYNC251 (it is work)

    for _ in range(3):
        await one()
        await asyncio.sleep(0.002)
    alone = turns.pace
    await asyncio.gather(*(one() for _ in range(500)))
    assert alone == Turns(10).pace
    assert turns.pace != alone
    assert turns.pace < 1 / 0.0002
