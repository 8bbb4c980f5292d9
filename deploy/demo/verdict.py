"""Everything that the line says, on the topic, `/metrics`, the API and the pages, judged."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import aiohttp

from deploy.demo.compare import Verdict, compare, compare_account, compare_numbers
from deploy.demo.costs import compare_costs, scorecards
from deploy.demo.counters import expected_nets, nets_in
from deploy.demo.listen import Heard, listen
from deploy.demo.pages import addresses, compare_pages, pages
from deploy.demo.plan import Plan
from deploy.demo.play import CLOCK
from deploy.demo.published import compare_published, messages
from deploy.demo.tally import Tally, expected_account
from deploy.demo.truth.costs import expected_costs
from deploy.demo.truth.numbers import Key
from deploy.demo.truth.scores import Number
from deploy.local.stack import Stack
from schemas.catalogue import Catalogue
from schemas.metric import MetricMessage

_LOOKS = 20  # publish reads the topic at its own pace
_UNTIL_TOLD = timedelta(minutes=1)


@dataclass(frozen=True)
class At:
    """Where metrics and publish answer."""

    metrics: str
    publish: str

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """As the stack started them."""
        return cls(stack.url("METRICS_INSIDE"), stack.url("PUBLISH_INSIDE"))


async def judged(
    plan: Plan, tally: Tally, bootstrap: str, at: At, look: Callable[[Heard], None]
) -> tuple[Heard, Verdict]:
    """What is heard of a history that was played, and the verdict on it. When an hour begins the
    windows move on, so what differs then is judged once more.
    """
    while True:
        heard = await listen(bootstrap, CLOCK, tally.accepted, look)
        present = heard.present or plan.history.end
        verdict = await _all(plan, tally, heard, plan.truth(present), at)
        if not verdict.differences or stood_still(heard.present, datetime.now(UTC)):
            return heard, verdict


def stood_still(present: datetime | None, now: datetime) -> bool:
    """Whether no hour began since the windows were told; just begun, it may not be told yet."""
    return present is None or _hour(present - _UNTIL_TOLD) == _hour(now)


def _hour(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


async def _all(
    plan: Plan, tally: Tally, heard: Heard, truth: Mapping[Key, Number], at: At
) -> Verdict:
    told = heard.messages
    verdict = compare_numbers("told", truth, told)
    verdict += _judge(plan, tally, heard, await _exposition(at.metrics))
    verdict += await _published(at.publish, plan.catalogue, truth, told)
    served = await pages(at.publish, addresses(truth, plan.catalogue))
    verdict += compare_pages(truth, told, served, plan.catalogue)
    cards = await scorecards(at.publish, plan.catalogue)
    return verdict + compare_costs(expected_costs(plan.catalogue, truth), served, cards)


def _judge(plan: Plan, tally: Tally, heard: Heard, exposition: str) -> Verdict:
    """Counters and account against the truth."""
    told = plan.history
    nets = expected_nets(plan.catalogue, told.journeys, told.glimpses)
    verdict = compare("counter", _named(nets), _named(nets_in(exposition)))
    if heard.progress is not None:
        account = heard.progress.account
        verdict += compare_account(expected_account(told.sendings), tally, account)
    return verdict


async def _published(
    inside: str, catalogue: Catalogue, truth: Mapping[Key, Number], told: list[MetricMessage]
) -> Verdict:
    """What publish's API says against the truth: once it says all, or has had time to."""
    for _ in range(_LOOKS):
        said = await messages(inside, catalogue)
        verdict = compare_published(truth, told, said)
        if not verdict.differences:
            break
        await asyncio.sleep(1)
    return verdict


def _named(nets: Mapping[tuple[str, tuple[tuple[str, str], ...]], int]) -> dict[str, int]:
    return {
        f"{name} {' '.join(f'{label}={value}' for label, value in labels)}": n
        for (name, labels), n in nets.items()
    }


async def _exposition(metrics: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{metrics}/metrics") as response:
        return await response.text()
