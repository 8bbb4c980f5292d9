"""Waits until a line has said all it has to say, judges it by the oracle, and tells of the run."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from schemas.topics import TOUCHPOINTS
from tests.chaos.line.compaction import left_of_state
from tests.chaos.line.found import look
from tests.chaos.line.running import Line
from tests.chaos.line.truth import Stream, Truth, stream_of, truth_of
from tests.chaos.line.verdict import differences, in_short
from tests.system.topic import read_all

_MOST_LINES = 200
log = logging.getLogger(__name__)


def judged(line: Line, is_enough: Callable[[list[str]], bool], settle_seconds: float) -> list[str]:
    """What is wrong, as soon as that is enough, or has been the same for so long; the log tells the
    whole run. A line that still goes on has time: others may have the machine.
    """
    records = asyncio.run(read_all(line.stack.bootstrap, TOUCHPOINTS))
    stream = stream_of(records, line.catalogue)
    truth = _meanwhile(line, lambda: truth_of(stream, line.catalogue, datetime.now(UTC)))
    before, deadline = [""], 0.0
    while True:
        began = time.monotonic()
        found = asyncio.run(look(line.stack.bootstrap, line.metrics, line.catalogue))
        wrong = differences(stream, truth, found)
        if wrong != before:
            before, deadline = wrong, time.monotonic() + settle_seconds
        if is_enough(wrong) or time.monotonic() > deadline:
            break
        # A look takes a core: the line, which still goes on, has the machine as long.
        line.monkey.wait(max(1, time.monotonic() - began))
    wrong = [*_lost(line, stream), *wrong, *_unexpected(line), *line.scraper.falls]
    _tell(line, stream, truth)
    log.info("SEED=%s VERDICT %s", line.monkey.seed, in_short(stream, truth, found, wrong))
    return wrong


def _meanwhile(line: Line, make: Callable[[], Truth]) -> Truth:
    """Made while what has ended by itself is started again: a line takes no pause either."""
    with ThreadPoolExecutor(1) as threads:
        making = threads.submit(make)
        while not making.done():
            line.monkey.wait(1)
        return making.result()


def _lost(line: Line, stream: Stream) -> Iterator[str]:
    lost = sorted(line.load.accepted - {one.record.id for one in stream.events})
    if lost:
        yield f"{len(lost)} were answered and are not in the log: {lost[:5]}"


def _unexpected(line: Line) -> Iterator[str]:
    for one in line.monkey.ended:
        if not one.is_expected:
            yield "\n".join([f"ended {one}", *one.where.splitlines()[:_MOST_LINES]])


def _tell(line: Line, stream: Stream, truth: Truth) -> None:
    loaded, monkey = line.load, line.monkey
    late = sum(one.is_late for one in stream.events)
    log.info("SEED=%s: %d actions: %s", monkey.seed, len(monkey.done), ", ".join(monkey.done))
    log.info(
        "%d events in the log (%d repeated by senders, %d copied, %d newcomers, %d late), "
        "%d people, %d numbers, %d counters; accounts %s",
        len(stream.events),
        *(loaded.repeated, loaded.wire.copied, loaded.wire.direct, late),
        *(len(truth.journeys), len(truth.numbers), len(truth.nets), truth.accounts),
    )
    ended = Counter(str(one) for one in monkey.ended)
    log.info("ended: %s; scrapes %d", dict(ended), line.scraper.scrapes)
    log.info(
        "%d stood still within a step; foreign writes: %s; state log: %s",
        monkey.stopped_within,
        line.foreign_writes(),
        asyncio.run(left_of_state(line.stack.bootstrap)),
    )
