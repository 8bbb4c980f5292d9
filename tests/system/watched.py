"""A running stack with people in it, and a real Prometheus that watches it."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from deploy.demo import live
from deploy.demo.plan import Plan
from deploy.demo.play import Endpoints, Player
from deploy.local.process import Processes
from deploy.local.stack import Stack
from tests.integration.prometheus_server import RealPrometheus


def watching(
    stack: Stack, program: str, folder: Path, processes: Processes
) -> AbstractContextManager[RealPrometheus]:
    """Scrapes the four services every second."""
    names = ("ingest", "journey", "metrics", "publish")
    addresses = {name: stack.addresses[f"{name.upper()}_INSIDE"] for name in names}
    return RealPrometheus.running(program, folder, processes, addresses)


def endpoints(stack: Stack) -> Endpoints:
    """Where the stack takes events."""
    return Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE"))


@contextmanager
def living(stack: Stack, plan: Plan, flows: int) -> Iterator[None]:
    """Citizens who come and go, as long as the block lasts."""

    async def flow() -> None:
        player = Player(endpoints(stack), lambda _: None)
        people = (live.flow(player, plan.desks, Random(n), f"seen-{n}") for n in range(flows))
        await asyncio.gather(*people)

    with _beside(flow()):
        yield


@contextmanager
def _beside(work: Coroutine[Any, Any, None]) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)
    loop.close()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    loop.run_until_complete(asyncio.wait([task]))
