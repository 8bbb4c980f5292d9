"""A process that was told to end does, even where something below loses that."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

import pytest

from services.metrics.__main__ import WorkLost, ended_when

_SOON = 0.01


def ended(work: Coroutine[Any, Any, None], *, is_told: bool = True) -> "asyncio.Future[None]":
    """The work, when it has ended."""

    async def run() -> "asyncio.Future[None]":
        told, working = asyncio.Event(), asyncio.ensure_future(work)
        if is_told:
            asyncio.get_running_loop().call_later(_SOON, told.set)
        async with asyncio.timeout(2):
            await ended_when(told, working, again_seconds=_SOON)
        return working

    return asyncio.run(run())


async def losing_it() -> None:
    """As `asyncio.wait_for` does when what it waits for is done at the moment of the cancel."""
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    await asyncio.sleep(60)


async def refused() -> None:
    """Ends by itself, with an error."""
    raise ValueError("refused")


def test_a_cancel_that_was_lost_is_made_again() -> None:
    assert ended(losing_it()).cancelled()


def test_work_that_ends_by_itself_is_not_waited_for_any_longer() -> None:
    assert ended(asyncio.sleep(0), is_told=False).result() is None


def test_its_error_is_told() -> None:
    with pytest.raises(ValueError, match="refused"):
        ended(refused(), is_told=False)


async def cancelled_below() -> None:
    """As a client does when it drops what we wait for."""
    waiting = asyncio.get_running_loop().create_future()
    waiting.cancel()
    await waiting


def test_a_cancel_that_nobody_asked_for_is_an_error() -> None:
    with pytest.raises(WorkLost, match="nobody had told us to end"):
        ended(cancelled_below(), is_told=False)
