"""`python -m deploy.demo`: months of citizens through the real endpoints, and a verdict."""

import asyncio
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random

import aiohttp
import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.demo import live
from deploy.demo.compare import Verdict
from deploy.demo.listen import NeverArrived
from deploy.demo.plan import ROOT, Plan, make_plan
from deploy.demo.play import Endpoints, Player, PlayFailed
from deploy.demo.report import show_scorecard, show_verdict
from deploy.demo.tally import Tally
from deploy.demo.verdict import At, judged
from deploy.local.process import StartFailed, end_in_order
from deploy.local.servers import Given
from deploy.local.stack import Recipe, Stack, StackFailed

_SOME = click.IntRange(min=1)
# Numbers every two seconds instead of ten: somebody is waiting for them.
_SETTINGS = {"METRICS_PUBLISH_SECONDS": "2"}


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


async def _perform(console: Console, stack: Stack, plan: Plan) -> Verdict:
    tally = await _play(console, stack, plan)
    with console.status("waiting until the numbers have all of it"):
        heard, verdict = await judged(
            plan, tally, stack.bootstrap, At.of(stack), lambda _: stack.check()
        )
    show_scorecard(console, plan.catalogue, heard.messages, plan.history.end)
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
