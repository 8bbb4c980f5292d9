"""A running line: its stack, its load in a thread of its own, its monkey and its scraper."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.demo.play import Endpoints
from deploy.local.services import SERVICES
from deploy.local.stack import Recipe, Stack
from schemas.catalogue import Catalogue
from tests.chaos.line.load import Load, make_plan
from tests.chaos.line.monkey import SESSION_SECONDS, Monkey
from tests.chaos.line.scraping import Scraper
from tests.chaos.line.wire import Wire

USED = ("metrics", "journey", "ingest")
_SETTINGS = {
    "METRICS_PUBLISH_SECONDS": "2",
    "METRICS_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
    "JOURNEY_TICK_SECONDS": "1",
    "JOURNEY_SESSION_TIMEOUT_SECONDS": str(SESSION_SECONDS),
}
_REPAIRED = '"foreign_write.repaired"'
_CRITICAL = '"level": "critical"'


def recipe(folder: Path, *stand_ins: str) -> Recipe:
    """The line with these stand-ins, and with those that can be stopped within a step."""
    chosen = {"journey": "journey", "metrics": "metrics"}
    chosen |= {name.partition("-")[0]: name for name in stand_ins}
    services = [
        replace(one, arguments=("-m", "tests.chaos.line.stand_ins", chosen[one.name], str(folder)))
        if one.name in chosen
        else one
        for one in SERVICES
        if one.name in USED
    ]
    return Recipe(services, _SETTINGS)


@dataclass(frozen=True)
class Line:
    """A running stack with its load and its monkey."""

    stack: Stack
    catalogue: Catalogue
    load: Load
    monkey: Monkey
    scraper: Scraper

    async def everything(self) -> None:
        """Load until it is done, scraped meanwhile."""
        scraping = asyncio.create_task(self.scraper.run())
        try:
            await self.load.run()
        finally:
            scraping.cancel()

    def foreign_writes(self) -> Mapping[str, int]:
        """How often a worker found one, and how many records were written again for it."""
        logs = (self.stack.folder / "logs").glob("journey*.log")
        lines = [line for log in logs for line in log.read_text("utf-8").splitlines()]
        mended = [json.loads(one)["records"] for one in lines if _REPAIRED in one]
        return {
            "found": sum("ForeignWrite" in one and _CRITICAL in one for one in lines),
            "repairs": len(mended),
            "records": sum(mended),
        }

    @property
    def metrics(self) -> list[str]:
        """Where the processes of metrics answer."""
        return metrics_of(self.stack)


def metrics_of(stack: Stack) -> list[str]:
    """Where every process of metrics answers, those that are gone too."""
    every = list(stack.instances.values())
    return [one.addresses["METRICS_INSIDE"] for one in every if one.service.name == "metrics"]


def line_on(stack: Stack, catalogue: Catalogue, seed: str, seconds: float, days: int = 120) -> Line:
    """Load of so many days for so long, and a monkey that knows who is there."""
    endpoints = Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE"))
    plan = make_plan(seed, seconds, days, catalogue)
    monkey = Monkey(stack, seed, names={name: name for name in USED})
    loading = Load(plan, endpoints, Wire(stack.bootstrap, catalogue))
    return Line(stack, catalogue, loading, monkey, Scraper(lambda: metrics_of(stack)))


@contextmanager
def under_load(line: Line) -> Iterator[Callable[[], bool]]:
    """Inside, the load is sent; gives whether it has ended. It has when the block is left."""
    with ThreadPoolExecutor(1) as threads:
        loading = threads.submit(asyncio.run, line.everything())
        try:
            yield loading.done
            loading.result()
        except BaseException:
            line.load.has_given_up = True
            raise
    line.monkey.revive()
