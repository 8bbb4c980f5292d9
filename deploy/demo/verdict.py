"""Everything that the line says, on the topic, `/metrics`, the API and the pages, judged."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import aiohttp

from deploy.demo.compare import Verdict, compare, compare_account, compare_numbers
from deploy.demo.counters import expected_nets, nets_in
from deploy.demo.listen import Heard
from deploy.demo.pages import addresses, compare_pages, pages
from deploy.demo.plan import Plan
from deploy.demo.published import compare_published, messages
from deploy.demo.tally import Tally, expected_account
from deploy.local.stack import Stack

_LOOKS = 20  # publish reads the topic at its own pace


@dataclass(frozen=True)
class At:
    """Where metrics and publish answer."""

    metrics: str
    publish: str

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """As the stack started them."""
        return cls(stack.url("METRICS_INSIDE"), stack.url("PUBLISH_INSIDE"))


async def judged(plan: Plan, tally: Tally, heard: Heard, at: At) -> Verdict:
    """The verdict on a history that was played."""
    verdict = _judge(plan, tally, heard, await _exposition(at.metrics))
    verdict += await _published(at.publish, plan, heard)
    return verdict + await _on_pages(at.publish, plan, heard)


def _judge(plan: Plan, tally: Tally, heard: Heard, exposition: str) -> Verdict:
    """Messages, counters and account against the truth."""
    told = plan.history
    nets = expected_nets(plan.catalogue, told.journeys, told.glimpses)
    verdict = compare_numbers("told", plan.truth, heard.messages.values())
    verdict += compare("counter", _named(nets), _named(nets_in(exposition)))
    if heard.progress is not None:
        account = heard.progress.account
        verdict += compare_account(expected_account(told.sendings), tally, account)
    return verdict


async def _published(inside: str, plan: Plan, heard: Heard) -> Verdict:
    """What publish's API says against the truth: once it says all, or has had time to."""
    for _ in range(_LOOKS):
        said = await messages(inside, plan.catalogue)
        verdict = compare_published(plan.truth, heard.messages.values(), said)
        if not verdict.differences:
            break
        await asyncio.sleep(1)
    return verdict


async def _on_pages(inside: str, plan: Plan, heard: Heard) -> Verdict:
    """What the scorecard's pages say against the truth."""
    served = await pages(inside, addresses(plan.truth, plan.catalogue))
    return compare_pages(plan.truth, heard.messages.values(), served, plan.catalogue)


def _named(nets: Mapping[tuple[str, tuple[tuple[str, str], ...]], int]) -> dict[str, int]:
    return {
        f"{name} {' '.join(f'{label}={value}' for label, value in labels)}": n
        for (name, labels), n in nets.items()
    }


async def _exposition(metrics: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{metrics}/metrics") as response:
        return await response.text()
