"""A short history, played once through the running stack; the tests look at what came of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deploy.demo.compare import Verdict
from deploy.demo.listen import Heard
from deploy.demo.plan import Plan, make_plan
from deploy.demo.play import Endpoints, Player
from deploy.demo.tally import Tally
from deploy.demo.verdict import At, judged
from deploy.local.process import ROOT
from deploy.local.stack import Recipe, Stack


@dataclass(frozen=True)
class Played:
    """What was sent, what the senders were told, and what the numbers say of it."""

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
    recipe = Recipe(settings={"METRICS_PUBLISH_SECONDS": "2", "JOURNEY_TICK_SECONDS": "1"})
    with Stack(tmp_path_factory.mktemp("stack"), ROOT, recipe) as running:
        yield running


@pytest.fixture(scope="package")
def played(stack: Stack) -> Played:
    """Three months of a few hundred citizens, and the verdict on every number."""
    plan = make_plan(seed=11, citizens=400, months=3)
    player = Player(
        Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE")), lambda _: None
    )

    async def perform() -> Played:
        tally = await player.play(plan.history, plan.seed)
        heard, verdict = await judged(
            plan, tally, stack.bootstrap, At.of(stack), lambda _: stack.check()
        )
        return Played(stack, plan, tally, heard, verdict)

    return asyncio.run(perform())
