"""The whole line mistreated at random under load on two clocks; every number is the oracle's.

`SEED=7 MINUTES=5 make chaos` runs another and longer one. The seed is told, and decides what is
sent and what is done to whom; how the machine answers it cannot decide.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.local.process import ROOT
from deploy.local.stack import Stack
from schemas.catalogue import Catalogue, load
from schemas.topics import TOUCHPOINTS
from tests.chaos.line.compaction import compact_soon, left_of_state
from tests.chaos.line.found import look
from tests.chaos.line.monkey import Monkey
from tests.chaos.line.running import RECIPE, USED, Line, line_on, under_load
from tests.chaos.line.truth import Stream, Truth, stream_of, truth_of
from tests.chaos.line.verdict import differences, is_behind
from tests.system.topic import read_all

SEED = os.environ.get("SEED", "3")
MINUTES = float(os.environ.get("MINUTES", "1"))
pytestmark = [pytest.mark.kafka, pytest.mark.redis]
log = logging.getLogger(__name__)
_SETTLE_SECONDS = 120
# Journey ends with 70 when it finds a foreign write or a broker that does not answer, and everybody
# with 1 when started while there is no broker. Nobody may end with anything else.
_ALLOWED = {
    *(f"journey {how}: 70" for how in ("by itself", "told to end")),
    *(f"{name} {how}: 1" for name in USED for how in ("by itself", "told to end")),
}


@pytest.fixture
def catalogue() -> Catalogue:
    files = sorted((ROOT / "deploy" / "catalogue").glob("*.yaml"))
    return load((f.name, f.read_text("utf-8")) for f in files)


def verdict(line: Line, is_enough: Callable[[list[str]], bool]) -> list[str]:
    """What is wrong, as soon as that is enough or time is up."""
    records = asyncio.run(read_all(line.stack.bootstrap, TOUCHPOINTS))
    stream = stream_of(records, line.catalogue)
    truth = truth_of(stream, line.catalogue, datetime.now(UTC))
    lost = sorted(line.load.accepted - {one.record.id for one in stream.events})
    deadline = time.monotonic() + _SETTLE_SECONDS
    while not is_enough(found := _differences(line, stream, truth)):
        if time.monotonic() > deadline:
            break
        line.monkey.wait(1)
    _tell(line, stream, truth)
    unexpected = [f"ended {code}" for code in line.monkey.ended if code not in _ALLOWED]
    missing = [f"{len(lost)} were answered and are not in the log: {lost[:5]}"] if lost else []
    return [*missing, *found, *unexpected]


def _differences(line: Line, stream: Stream, truth: Truth) -> list[str]:
    said = asyncio.run(look(line.stack.bootstrap, line.metrics, line.catalogue))
    return differences(stream, truth, said)


def _tell(line: Line, stream: Stream, truth: Truth) -> None:
    loaded, monkey = line.load, line.monkey
    copied, direct = loaded.wire.copied, loaded.wire.direct
    late = sum(one.is_late for one in stream.events)
    log.info("SEED=%s: %d actions: %s", SEED, len(monkey.done), ", ".join(monkey.done))
    log.info(
        "%d events in the log (%d repeated by senders, %d copied, %d newcomers, %d late), "
        "%d people, %d numbers, %d counters; accounts %s",
        len(stream.events),
        *(loaded.repeated, copied, direct, late),
        *(len(truth.journeys), len(truth.numbers), len(truth.nets), truth.accounts),
    )
    log.info("ended by themselves: %s; scrapes %d", dict(monkey.ended), line.scraper.scrapes)
    log.info("state log: %s", asyncio.run(left_of_state(line.stack.bootstrap)))


def told(wrong: list[str], monkey: Monkey) -> str:
    """For people: the seed, what was done, and what is wrong."""
    return "\n".join([f"SEED={SEED}: {', '.join(monkey.done)}", *wrong[:40]])


@pytest.fixture(autouse=True)
def _only_we_are_heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "aiokafka")  # it tells every second of an outage


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with Stack(tmp_path, ROOT, RECIPE) as running:
        compact_soon(running.bootstrap)
        yield running


@pytest.mark.timeout(MINUTES * 60 + 400)
def test_after_any_mistreatment_every_number_is_the_oracles(
    stack: Stack, catalogue: Catalogue
) -> None:
    line = line_on(stack, catalogue, SEED, MINUTES * 60)
    with under_load(line) as is_over:
        while not is_over():
            line.monkey.act()
    wrong = verdict(line, lambda wrong: not wrong)
    assert wrong == [], told(wrong, line.monkey)
    assert line.scraper.falls == [], told(line.scraper.falls, line.monkey)


@pytest.mark.timeout(240)
def test_without_the_offset_rule_the_line_is_found_wrong(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    broken = ("-m", "tests.chaos.line.without_offset_rule")
    services = [
        replace(one, arguments=broken) if one.name == "journey" else one for one in RECIPE.services
    ]
    with Stack(tmp_path, ROOT, replace(RECIPE, services=services)) as stack:
        line = line_on(stack, catalogue, SEED, 20)
        with under_load(line):
            for _ in range(3):
                line.monkey.wait(4)
                line.monkey.to_one("kill", "journey")
        wrong = verdict(line, lambda wrong: not is_behind(wrong))
    log.info("found wrong without the rule: %s", wrong[:5])
    assert not is_behind(wrong), wrong
    assert any(sentence.startswith("account") for sentence in wrong), wrong
