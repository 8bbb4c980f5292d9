"""A crowd is worked on in rounds, and what comes in between is heard."""

import asyncio

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
