"""`python -m deploy.demo`: months of citizens through the real endpoints, and a verdict."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random

import aiohttp
import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo import live
from deploy.demo.citizens import History, history
from deploy.demo.compare import Verdict, compare, compare_account, compare_numbers
from deploy.demo.counters import expected_nets, nets_in
from deploy.demo.desks import Desk, desks
from deploy.demo.listen import Heard, NeverArrived, listen
from deploy.demo.play import CLOCK, Endpoints, Player, PlayFailed, last_midnight
from deploy.demo.published import compare_published, messages
from deploy.demo.report import show_scorecard, show_verdict
from deploy.demo.tally import Tally, expected_account
from deploy.demo.truth.numbers import Key, expected
from deploy.demo.truth.scores import Number
from deploy.local.process import StartFailed, end_in_order
from deploy.local.servers import Given
from deploy.local.stack import Recipe, Stack, StackFailed
from schemas.catalogue import Catalogue, load

ROOT = Path(__file__).resolve().parents[2]
_DAYS_OF_A_MONTH = 30
_LOOKS = 20  # publish reads the topic at its own pace
_SOME = click.IntRange(min=1)
# Numbers every two seconds instead of ten: somebody is waiting for them.
_SETTINGS = {"METRICS_PUBLISH_SECONDS": "2"}


@dataclass(frozen=True)
class Plan:
    """What is played: by whom, from which seed, and over what time."""

    catalogue: Catalogue
    desks: tuple[Desk, ...]
    history: History
    seed: int

    @cached_property
    def truth(self) -> dict[Key, Number]:
        """Every number that must come out."""
        return expected(self.catalogue, self.history.journeys, self.history.glimpses)


@click.command()
@click.option("--seed", default=1, show_default=True, help="The same seed, the same citizens.")
@click.option(
    "--citizens", default=6_000, type=_SOME, show_default=True, help="How many people come."
)
@click.option(
    "--months", default=4, type=_SOME, show_default=True, help="How many months they take."
)
@click.option("--hold/--no-hold", default=None, help="Go on with live citizens afterwards.")
def main(*, seed: int, citizens: int, months: int, hold: bool | None) -> None:
    """Play months of many citizens over many channels, and compare every number with the truth."""
    end_in_order()
    console = Console()
    recipe = Recipe(settings=_SETTINGS, given=Given.in_environment(os.environ))
    try:
        with Stack(ROOT / ".local" / "demo", ROOT, recipe, console.print) as stack:
            plan = make_plan(seed, citizens, months)
            with _blaming_the_guilty(stack):
                verdict = asyncio.run(_perform(console, stack, plan))
                if not verdict.differences and holds(
                    os.environ, hold=hold, is_terminal=sys.stdout.isatty()
                ):
                    _hold(console, stack, plan)
    except (StartFailed, StackFailed, PlayFailed) as failure:
        console.print(f"[bold red]The demo stopped:[/] {type(failure).__name__}")
        console.print(str(failure), markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    sys.exit(1 if verdict.differences else 0)


@contextmanager
def _blaming_the_guilty(stack: Stack) -> Iterator[None]:
    """When something fails, a process that has ended is the reason; its last words are told."""
    try:
        yield
    except (PlayFailed, NeverArrived, aiohttp.ClientError, ExceptionGroup) as failure:
        stack.check()
        raise PlayFailed(f"{type(failure).__name__}: {failure}") from failure


def make_plan(seed: int, citizens: int, months: int) -> Plan:
    """The history that ends at the last midnight, with its truth."""
    folder = ROOT / "deploy" / "catalogue"
    catalogue = load((p.name, p.read_text("utf-8")) for p in sorted(folder.glob("*.yaml")))
    places = desks(catalogue)
    end = last_midnight(datetime.now(UTC))
    span = (end - timedelta(days=_DAYS_OF_A_MONTH * months), end)
    return Plan(catalogue, places, history(seed, citizens, span, places), seed)


async def _perform(console: Console, stack: Stack, plan: Plan) -> Verdict:
    tally = await _play(console, stack, plan)
    with console.status("waiting until the numbers have all of it"):
        heard = await listen(stack.bootstrap, CLOCK, tally.accepted, lambda _: stack.check())
        nets = await _nets(stack.url("METRICS_INSIDE"))
        shown = await published(stack.url("PUBLISH_INSIDE"), plan, heard)
    show_scorecard(console, plan.catalogue, heard.messages.values(), plan.history.end)
    verdict = judge(plan, tally, heard, nets) + shown
    show_verdict(console, verdict)
    return verdict


async def _play(console: Console, stack: Stack, plan: Plan) -> Tally:
    endpoints = Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE"))
    told = plan.history
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        days = (told.end - told.begin).days
        what = f"{len(told.journeys):,} journeys over {days} days, event by event"
        task = progress.add_task(what, total=len(told.sendings))
        player = Player(endpoints, lambda n: progress.advance(task, n))
        return await player.play(told, plan.seed)


def judge(plan: Plan, tally: Tally, heard: Heard, exposition: str) -> Verdict:
    """Messages, counters and account against the truth."""
    told = plan.history
    nets = expected_nets(plan.catalogue, told.journeys, told.glimpses)
    verdict = compare_numbers("told", plan.truth, heard.messages.values())
    verdict += compare("counter", _named(nets), _named(nets_in(exposition)))
    if heard.progress is not None:
        account = heard.progress.account
        verdict += compare_account(expected_account(told.sendings), tally, account)
    return verdict


async def published(inside: str, plan: Plan, heard: Heard) -> Verdict:
    """What publish's API says against the truth: once it says all, or has had time to."""
    for _ in range(_LOOKS):
        said = await messages(inside, plan.catalogue)
        verdict = compare_published(plan.truth, heard.messages.values(), said)
        if not verdict.differences:
            break
        await asyncio.sleep(1)
    return verdict


def _named(nets: Mapping[tuple[str, tuple[tuple[str, str], ...]], int]) -> dict[str, int]:
    return {
        f"{name} {' '.join(f'{label}={value}' for label, value in labels)}": n
        for (name, labels), n in nets.items()
    }


async def _nets(metrics: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{metrics}/metrics") as response:
        return await response.text()


def holds(environment: Mapping[str, str], *, hold: bool | None, is_terminal: bool) -> bool:
    """Whether to go on: as said, else on a terminal unless HOLD is 0."""
    if hold is not None:
        return hold
    return environment.get("HOLD", "1") != "0" and is_terminal


def _hold(console: Console, stack: Stack, plan: Plan) -> None:
    """Live citizens until Ctrl-C."""
    console.print(_invitation(stack), markup=False, highlight=False, soft_wrap=True)
    endpoints = Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE"))
    player = Player(endpoints, lambda _: stack.check())
    now = datetime.now(UTC)
    try:
        asyncio.run(live.flow(player, plan.desks, Random(plan.seed), f"live-{now:%H%M%S}"))
    except KeyboardInterrupt:
        console.print("stopping")


def _invitation(stack: Stack) -> str:
    event = (
        '{"specversion":"1.0","id":"mine-1","source":"/me","type":"citizen.contact",'
        '"data":{"service":"building-permit","touchpoint":"guidance","citizen":"me"}}'
    )
    return (
        f"\nOpen {stack.url('PUBLISH_INSIDE')}/ · send your own:\n"
        f"  curl {stack.url('INGEST_LISTEN')}/v1/events "
        f"-H 'Authorization: Bearer permit-web-token' -d '{event}'\n"
        "· Ctrl-C stops"
    )


if __name__ == "__main__":
    main()
