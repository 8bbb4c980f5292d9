"""Closing: what is frozen stays as it is, what is forgotten is told no more, and nobody is kept."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.metric import MetricMessage
from schemas.model import Contract
from schemas.vocabulary import PeriodKind
from services.metrics.close import Closing
from services.metrics.domain.blocks import Block
from services.metrics.domain.periods import Shelf
from services.metrics.publish import Publication
from services.metrics.tally import Applied, Batch, Tally
from tests.builders import at
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import START, bucket, ended, journey, progress, record, rules

NOW = at("2026-11-01 12:00")
MARCH = Block("permit", Shelf.MONTH, "2026-03-01", "live")
CLOSING = at("2026-03-31 22:00") + timedelta(days=10)
STARTED = "journeys_started|town|permit|website"


class Line:
    """A store that is fed, closed and told, and what is heard of it."""

    def __init__(self) -> None:
        self.store, self.heard = MemoryStore({0: 0}), Heard()
        self.tally = Tally(rules(), self.store, self.heard)

    async def count(self, *bodies: Contract) -> None:
        at_ = self.store.next[0]
        records = [record(at_ + n, body) for n, body in enumerate(bodies)]
        outcome = await self.tally.record(Batch(0, at_, at_ + len(records), records))
        assert isinstance(outcome, Applied)

    async def close(self) -> None:
        await Closing(rules(), self.store, self.heard).step()

    async def tell(self) -> None:
        await Publication(rules(), self.store, self.heard, "first").round(NOW, 1)

    async def pass_to(self, time: datetime) -> None:
        await self.count(progress(time))
        await self.close()
        await self.tell()

    def told(self, metric_id: str, period: PeriodKind) -> list[MetricMessage]:
        return [
            m
            for m in self.heard.newest.values()
            if (m.metric_id, m.period, m.dimensions.service) == (metric_id, period, "permit")
        ]


@pytest.fixture
def line() -> Line:
    return Line()


async def test_a_month_that_can_change_no_more_is_booked_and_then_told_as_final(
    line: Line,
) -> None:
    await line.count(ended(status="final"))
    await line.pass_to(CLOSING)
    assert line.heard.months[MARCH]["ended||success"] == 1
    assert line.heard.months[MARCH][f"flow|{STARTED.replace('|', '/')}|"] == 1
    (message,) = line.told("journeys_ended", PeriodKind.MONTH)
    assert message.flags == ()


async def test_a_month_is_told_as_final_only_once_it_is_booked(line: Line) -> None:
    await line.count(ended(status="final"), progress(CLOSING))
    await line.store.freeze([MARCH])
    await line.tell()
    (message,) = line.told("journeys_ended", PeriodKind.MONTH)
    assert message.flags == ("provisional",)


@pytest.mark.parametrize(
    ("body", "watermark"),
    [
        (ended(status="closed"), CLOSING),
        (ended(status="final"), CLOSING - timedelta(seconds=1)),
        (bucket(final=False), CLOSING),
    ],
)
async def test_a_month_that_can_change_stays_open(
    line: Line, body: Contract, watermark: datetime
) -> None:
    await line.count(body)
    await line.pass_to(watermark)
    assert line.heard.months == {}


LATE: list[Any] = [
    ended(version=9, erased=True),
    ended(version=9, status="final", outcome="error", revision_reason="late_entry"),
    ended("2", version=1, status="final", revision_reason="relinked"),
    ended(version=2, status="final"),
]


@pytest.mark.parametrize("late", LATE, ids=["erased", "other", "new", "repeated"])
async def test_nothing_changes_what_is_frozen(line: Line, late: Contract) -> None:
    await line.count(ended(status="final"))
    await line.pass_to(CLOSING)
    before = dict(line.heard.newest), await line.store.pairs(), line.store.counts.copy()
    await line.count(late)
    await line.close()
    await line.tell()
    assert (line.heard.newest, await line.store.pairs(), line.store.counts) == before
    assert line.store.last == {}


async def test_without_the_freezing_it_would_change(line: Line) -> None:
    """The control of the test above."""
    await line.count(ended(status="final"))
    await line.count(progress(CLOSING))
    await line.tell()
    before = await line.store.pairs()
    await line.count(LATE[0])
    assert await line.store.pairs() != before


async def test_an_erasure_in_an_open_month_takes_back_and_says_why(line: Line) -> None:
    await line.count(ended(status="final"), ended("2", status="final"))
    await line.pass_to(CLOSING - timedelta(days=1))
    await line.count(ended(version=9, erased=True))
    await line.pass_to(CLOSING)
    (message,) = line.told("journeys_ended", PeriodKind.MONTH)
    assert (message.n, message.revision_reason, message.flags) == (1, "erased", ("revised",))
    assert (await line.store.pairs())[STARTED].net == 1


async def test_of_two_months_the_open_one_is_taken_back_alone(line: Line) -> None:
    """Its counters are booked with the month it was opened in."""
    await line.count(ended(hours=24 * 40, status="final"))
    await line.pass_to(CLOSING)
    await line.count(ended(version=9, erased=True))
    await line.pass_to(CLOSING)
    months = {m.period_start: m.n for m in line.told("journeys_ended", PeriodKind.MONTH)}
    assert months == {at("2026-03-31 22:00"): 0}
    starts = {m.period_start: m.n for m in line.told("journeys_started", PeriodKind.MONTH)}
    assert starts == {at("2026-02-28 23:00"): 1}
    assert (await line.store.pairs())[STARTED].net == 1


async def test_what_was_counted_for_a_journey_goes_when_all_of_it_is_frozen(line: Line) -> None:
    await line.count(ended(status="final"), ended("2", hours=24 * 40, status="final"))
    await line.pass_to(CLOSING)
    assert list(line.store.last) == [str(ended("2").id)]
    await line.pass_to(CLOSING + timedelta(days=30))
    assert line.store.last == {}


async def test_a_batch_that_does_not_know_of_a_freezing_is_counted_by_it(line: Line) -> None:
    """Between looking and applying, the month is frozen."""

    class Freezing(MemoryStore):
        async def look(self, ids: Any) -> Any:
            found = await super().look(ids)
            await Closing(rules(), self, line.heard).step()
            return found

    await line.count(ended(status="final"), progress(CLOSING))
    store = Freezing(**vars(line.store))
    late = Batch(0, 2, 3, [record(2, ended(version=9, erased=True))])
    assert await Tally(rules(), store, line.heard).record(late) == Applied(3)
    assert store.counts[MARCH]["ended||success"] == 1
    assert store.retracted == {}


async def test_hours_and_days_are_forgotten_and_their_messages_taken_back(line: Line) -> None:
    await line.count(journey())
    await line.pass_to(START)
    assert line.told("touchpoint_events", PeriodKind.HOUR)
    spans = {kind: bool(line.told("journeys_started", kind)) for kind in PeriodKind}
    assert set(spans.values()) == {True}
    await line.pass_to(START + timedelta(days=9))
    assert not line.told("touchpoint_events", PeriodKind.HOUR)
    assert line.told("journeys_started", PeriodKind.HOUR)
    await line.pass_to(START + timedelta(days=66))
    assert not [m for m in line.heard.newest.values() if m.period is PeriodKind.HOUR]
    await line.pass_to(START + timedelta(days=402))
    left = {m.period for m in line.heard.newest.values() if m.metric_id == "journeys_started"}
    assert {PeriodKind.MONTH, PeriodKind.QUARTER} <= left
    assert not left & {PeriodKind.HOUR, PeriodKind.DAY}
    assert {block.kind for block in line.store.counts} == {Shelf.MONTH}
    assert not [target for target, own in line.store.told.items() if own and target.kind == "day"]


async def test_what_comes_after_the_forgetting_counts_in_the_month_alone(line: Line) -> None:
    await line.count(journey())
    await line.pass_to(START + timedelta(days=402))
    await line.count(journey("2"))
    await line.close()
    await line.tell()
    assert {block.kind for block in line.store.counts} == {Shelf.MONTH}
    assert [m.n for m in line.told("journeys_started", PeriodKind.MONTH)] == [2]


# -- death at every step ---------------------------------------------------------------------------
class Dead(BaseException):
    """The process is no more."""


class Dying:
    """A port whose every call may be the last, before or after it had its effect."""

    def __init__(self, port: Any, fuse: list[int]) -> None:
        self._port, self._fuse = port, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)

        async def call(*arguments: Any) -> Any:
            self._burn()
            result = await found(*arguments)
            self._burn()
            return result

        return call

    def _burn(self) -> None:
        self._fuse[0] -= 1
        if self._fuse[0] < 0:
            raise Dead


async def closed_after(steps: int) -> tuple[bool, Line]:
    """Whether the first process closed all; a second one goes on where it died."""
    line = Line()
    await line.count(ended(status="final"), ended("2", status="final"), progress(CLOSING))
    fuse = [steps]
    try:
        await Closing(rules(), Dying(line.store, fuse), Dying(line.heard, fuse)).step()
    except Dead:
        has_ended = False
    else:
        has_ended = True
    await line.count(ended(version=9, erased=True))
    await line.close()
    await line.tell()
    return has_ended, line


async def test_wherever_a_closing_dies_what_was_told_as_final_is_what_is_booked() -> None:
    steps, has_ended, numbers = 0, False, set()
    while not has_ended:
        has_ended, line = await closed_after(steps)
        (message,) = line.told("journeys_ended", PeriodKind.MONTH)
        assert message.n == line.heard.months[MARCH]["ended||success"]
        assert "provisional" not in message.flags
        assert (await line.store.pairs())[STARTED].net == message.n
        assert line.store.last == {}
        numbers.add(message.n)
        steps += 1
    assert steps > 15, "it died nowhere"
    assert numbers == {1, 2}, "the erasure came before the freezing, and after it"
