"""Faust sent back again and again while it fetches: from its own thread, or it ends the worker."""

import asyncio

from tests.journey_worker.crew import Crew, said
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture

_SEEKS = 100


async def test_a_worker_that_sends_faust_back_a_hundred_times_under_load_lives(crew: Crew) -> None:
    worker = crew.start("worker", "--doubting")
    sent = 0
    while not said(worker, "offset.sought", _SEEKS)():
        await crew.load(300)
        sent += 300
        assert (worker.exit_code, sent < 100_000) == (None, True), worker.account()
        await asyncio.sleep(0.1)
    found = await crew.findings()
    assert worker.exit_code is None, worker.account()
    assert (found.events, found.first_difference) == (sent, "none")
