"""A short history, played once through the running stack; the tests look at what came of it."""

import asyncio
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.demo.compare import Verdict
from deploy.demo.listen import Heard
from deploy.demo.plan import Plan, make_plan
from deploy.demo.play import Player
from deploy.demo.tally import Tally
from deploy.demo.verdict import At, judged
from deploy.local.process import ROOT, Processes
from deploy.local.services import PUBLIC, SERVICES
from deploy.local.stack import Recipe, Stack
from tests.integration.prometheus_server import RealPrometheus
from tests.system.watched import endpoints, watching

WANTED = os.environ.get("PICTURES") == "1"
"""Whether pictures for the docs are made: then the history takes some minutes."""
# Seconds after each answer to a request of the history: there are some thousand.
_PAUSE = 0.4 if WANTED else 0.0


@dataclass(frozen=True)
class Played:
    """What was sent, from when on (Unix seconds), what the senders were told, and what the numbers
    say of it.
    """

    began: float

    stack: Stack
    plan: Plan
    tally: Tally
    heard: Heard
    verdict: Verdict


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack with servers of its own, ready: for tests that look from outside only.

    It ends with these tests: idle, it would still take half a core from those that come after.
    """
    settings = {"METRICS_PUBLISH_SECONDS": "2", "JOURNEY_TICK_SECONDS": "1"}
    recipe = Recipe((*SERVICES, PUBLIC), settings)
    with Stack(tmp_path_factory.mktemp("stack"), ROOT, recipe) as running:
        yield running


@pytest.fixture(scope="package")
def prometheus(
    stack: Stack,
    prometheus_program: str,
    processes: Processes,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RealPrometheus]:
    """A Prometheus that watches it; asked for before `played`, from the start."""
    folder = tmp_path_factory.mktemp("prometheus") / "server"
    with watching(stack, prometheus_program, folder, processes) as running:
        yield running


@pytest.fixture(scope="package")
def played(stack: Stack) -> Played:
    """Three months of a few hundred citizens, and the verdict on every number."""
    plan = make_plan(seed=11, citizens=400, months=3)
    player = Player(endpoints(stack), lambda _: time.sleep(_PAUSE))
    began = time.time()

    async def perform() -> Played:
        tally = await player.play(plan.history, plan.seed)
        heard, verdict = await judged(
            plan, tally, stack.bootstrap, At.of(stack), lambda _: stack.check()
        )
        return Played(began, stack, plan, tally, heard, verdict)

    return asyncio.run(perform())
