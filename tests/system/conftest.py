"""A short history, played once through the running stack; the tests look at what came of it."""

import asyncio
from dataclasses import dataclass

import pytest

from deploy.demo.compare import Verdict
from deploy.demo.listen import Heard
from deploy.demo.plan import Plan, make_plan
from deploy.demo.play import Endpoints, Player
from deploy.demo.tally import Tally
from deploy.demo.verdict import At, judged
from deploy.local.stack import Stack


@dataclass(frozen=True)
class Played:
    """What was sent, what the senders were told, and what the numbers say of it."""

    stack: Stack
    plan: Plan
    tally: Tally
    heard: Heard
    verdict: Verdict


@pytest.fixture(scope="session")
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
