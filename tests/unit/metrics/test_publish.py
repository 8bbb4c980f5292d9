"""Rounds of messages: what changed, when it is a revision, and what is told when time goes on."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.journey import Account
from schemas.metric import ClockProgress, MetricMessage
from schemas.model import Contract
from schemas.vocabulary import Level, PeriodKind, RevisionReason
from services.metrics.close import Closing
from services.metrics.domain.targets import Target
from services.metrics.domain.told import told_by
from services.metrics.publish import Publication, Superseded
from services.metrics.tally import Batch, Tally
from tests.builders import at
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import (
    START,
    bucket,
    ended,
    journey,
    progress,
    record,
    rules,
    step,
)

NOW = at("2026-11-01 12:00")
MONTH_END = at("2026-03-31 22:00")
DAY = timedelta(days=1)


class Line:
    """A store that is fed, and what is heard of it."""

    def __init__(self) -> None:
        self.store = MemoryStore({0: 0})
        self.heard = Heard()
        self.publication = Publication(rules(), self.store, self.heard, "first")

    async def count(self, *bodies: Contract) -> None:
        at_ = self.store.next[0]
        records = [record(at_ + n, body) for n, body in enumerate(bodies)]
        batch = Batch(0, at_, at_ + len(records), records)
        await Tally(rules(), self.store, self.heard).record(batch)

    async def round(self) -> int:
        await Closing(rules(), self.store, self.heard).step()
        return await self.publication.round(NOW, caught_up=1)

    def month(self, metric_id: str, touchpoint: str | None = None) -> MetricMessage:
        found = self.newest(metric_id, PeriodKind.MONTH, touchpoint)
        assert found is not None
        return found

    def rolling(self, metric_id: str) -> MetricMessage | None:
        return self.newest(metric_id, PeriodKind.ROLLING_28D)

    def newest(
        self, metric_id: str, period: PeriodKind, touchpoint: str | None = None
    ) -> MetricMessage | None:
        """Of the service or the touchpoint: the only one, or the last of several periods."""
        found = [
            m
            for m in self.heard.newest.values()
            if (m.metric_id, m.period, m.dimensions.touchpoint) == (metric_id, period, touchpoint)
            and m.level is not Level.AGENCY
        ]
        return max(found, key=lambda m: m.period_start, default=None)


@pytest.fixture
def line() -> Line:
    return Line()


async def test_a_round_tells_every_number_of_what_changed_and_then_the_progress(line: Line) -> None:
    soon = START + timedelta(minutes=10)
    await line.count(journey(), progress(soon, account=Account(applied=3)))
    assert await line.round() == len(line.heard.newest)
    assert {m.period for m in line.heard.newest.values()} == set(PeriodKind)
    assert line.heard.progress == [
        ClockProgress(
            clock="live",
            watermark=soon,
            last=False,
            account=Account(applied=3),
            shares={"late_share": 0, "duplicate_share": 0, "rejected_share": 0},
            partitions=1,
            partitions_caught_up=1,
            sent_at=NOW,
        )
    ]


async def test_a_round_in_which_nothing_changed_tells_only_the_progress(line: Line) -> None:
    await line.count(journey(), progress(START + DAY))
    await line.round()
    assert await line.round() == 0
    assert len(line.heard.progress) == 2


async def test_only_the_numbers_that_changed_are_told_again(line: Line) -> None:
    await line.count(journey(), progress(START + DAY))
    await line.round()
    line.heard.sent.clear()
    await line.count(journey(version=2, survey=(step(answer=4),)))
    await line.round()
    told = {m.metric_id for m in line.heard.sent if m.period == "month"}
    assert {"satisfaction.linear", "satisfaction.top2"} <= told
    assert not told & {"journeys_started", "touchpoint_events", "completion_rate.gds"}


async def test_a_crash_before_the_store_knew_tells_the_same_again(line: Line) -> None:
    await line.count(journey(), progress(START + DAY))
    marks, told = dict(line.store.marks), line.store.time
    await line.round()
    first = line.heard.newest.copy()
    line.store.marks, line.store.told, line.store.time = marks, {}, told
    await Publication(rules(), line.store, line.heard, "next").round(NOW, 1)
    assert line.heard.newest == first


async def test_growth_of_a_period_that_is_not_over_is_no_revision(line: Line) -> None:
    await line.count(journey(), progress(START + DAY))
    await line.round()
    await line.count(ended(version=2, revision=1, revision_reason="late_entry"))
    await line.round()
    assert (line.month("journeys_ended").revision, line.month("completion_rate.gds").revision) == (
        0,
        0,
    )


async def over_and_told(line: Line) -> None:
    await line.count(ended(version=1), progress(MONTH_END))
    await line.round()


async def test_a_late_entry_into_a_period_that_is_over_is_a_revision(line: Line) -> None:
    await over_and_told(line)
    late = ended(version=2, outcome="error", revision=1, revision_reason="late_entry")
    await line.count(late)
    await line.round()
    rate = line.month("completion_rate.live")
    assert (rate.revision, rate.revision_reason, rate.flags) == (
        1,
        "late_entry",
        ("provisional", "revised"),
    )
    assert line.month("journeys_started").revision == 0


async def test_growth_without_a_reason_is_no_revision(line: Line) -> None:
    await over_and_told(line)
    await line.count(ended("2"))
    await line.round()
    ended_ = line.month("journeys_ended")
    assert (ended_.n, ended_.revision, ended_.revision_reason) == (2, 0, None)


async def test_a_revision_is_counted_once_however_often_it_is_told(line: Line) -> None:
    await over_and_told(line)
    await line.count(ended(version=2, outcome="error", revision_reason="decided"))
    await line.round()
    memory = {target: dict(told) for target, told in line.store.told.items()}
    await line.count(ended(version=3, outcome="withdrawn", revision_reason="decided"))
    marks = dict(line.store.marks)
    await line.round()
    line.store.told, line.store.marks = memory, marks
    await line.round()
    assert line.month("journeys_ended").revision == 2


async def test_a_revision_that_comes_while_a_round_is_told_is_still_a_revision(line: Line) -> None:
    """Its numbers may be seen in that round: then so must be its reason."""

    class Revising(MemoryStore):
        async def sent(self, targets: Any) -> Any:
            found = await super().sent(targets)
            if self.next[0] == 3:
                await line.count(ended(version=2, outcome="error", revision_reason="late_entry"))
            return found

    line.store = Revising({0: 0})
    line.publication = Publication(rules(), line.store, line.heard, "next")
    await over_and_told(line)
    await line.count(journey("2", clock="import-1"))
    await line.round()
    await line.round()
    rate = line.month("completion_rate.live")
    assert (rate.value, rate.revision, rate.revision_reason) == (0.0, 1, "late_entry")


async def test_an_import_into_a_period_that_is_over_is_a_revision(line: Line) -> None:
    await over_and_told(line)
    await line.count(ended("2", clock="import-1"), progress(START, clock="import-1"))
    await line.round()
    found = line.month("journeys_ended")
    assert (found.n, found.revision, found.revision_reason) == (2, 1, "imported")
    assert found.clocks == ("import-1", "live")


async def test_a_rebuild_revises_only_what_it_changed(line: Line) -> None:
    await over_and_told(line)
    again = Line()
    again.heard = line.heard
    again.publication = Publication(rules(), again.store, again.heard, "again")
    await again.count(ended(version=1, outcome="error"), progress(MONTH_END))
    again.store.told = {t: dict(s) for t, s in told_by(line.heard.newest.values(), rules()).items()}
    await again.store.mark_all(RevisionReason.REBUILT)
    await again.round()
    assert line.month("completion_rate.live").revision_reason == "rebuilt"
    assert again.month("journeys_started").revision == 0


async def test_a_period_that_a_rebuild_found_empty_is_told_as_no_data(line: Line) -> None:
    await over_and_told(line)
    again = Line()
    again.heard = line.heard
    again.publication = Publication(rules(), again.store, again.heard, "again")
    await again.count(ended(version=2, erased=True), progress(MONTH_END))
    again.store.told = {t: dict(s) for t, s in told_by(line.heard.newest.values(), rules()).items()}
    await again.store.mark_all(RevisionReason.REBUILT, again.store.told)
    await again.round()
    gone = line.month("journeys_ended")
    assert (gone.n, gone.value, gone.revision_reason) == (0, None, "rebuilt")


async def test_what_is_no_more_is_told_as_no_data(line: Line) -> None:
    await line.count(ended(version=1, survey=(step(answer=4),)), progress(MONTH_END))
    await line.round()
    await line.count(ended(version=2, erased=True, revision_reason="erased"))
    await line.round()
    gone = line.month("satisfaction.linear")
    assert (gone.n, gone.value, gone.ci_low, gone.revision_reason) == (0, None, None, "erased")


async def test_a_number_becomes_final_when_its_books_close(line: Line) -> None:
    await line.count(ended(version=1, status="final"), progress(MONTH_END))
    await line.round()
    assert line.month("completion_rate.gds").value is None
    await line.count(progress(MONTH_END + timedelta(days=10)))
    await line.round()
    closed = line.month("completion_rate.gds")
    assert (closed.value, closed.flags, closed.revision) == (1.0, (), 0)


async def test_a_clock_that_has_ended_closes_its_books_at_once(line: Line) -> None:
    await line.count(ended(version=1, status="final", clock="demo"))
    await line.count(progress(START, clock="demo", last=True))
    await line.round()
    assert line.month("completion_rate.gds").value == 1.0
    assert line.heard.progress[-1].last


@pytest.mark.parametrize(("watermark", "n"), [(START + 28 * DAY, 1), (START + 29 * DAY, 0)])
async def test_a_rolling_window_moves_on_when_a_day_ends(
    line: Line, watermark: datetime, n: int
) -> None:
    await line.count(journey(), progress(START))
    await line.round()
    await line.count(progress(watermark))
    await line.round()
    found = line.rolling("journeys_started")
    assert found is not None
    assert (found.n, found.revision) == (n, 0)


async def test_a_rolling_completion_waits_until_its_days_have_matured(line: Line) -> None:
    await line.count(journey(), progress(START + 6 * DAY))
    await line.round()
    assert line.rolling("completion_within.7d") is None
    await line.count(progress(START + 8 * DAY))
    await line.round()
    found = line.rolling("completion_within.7d")
    assert found is not None
    assert (found.denominator, found.value, found.flags) == (1, 0.0, ())


@pytest.mark.parametrize("metric_id", ["completion_within.1h", "completion_within.1d"])
async def test_two_horizons_that_share_their_days_just_after_midnight_are_both_told(
    line: Line, metric_id: str
) -> None:
    await line.count(journey(), progress(at("2026-03-04 23:30")))
    await line.round()
    found = line.rolling(metric_id)
    assert found is not None
    assert (found.denominator, found.value) == (1, 0.0)


async def test_rolling_windows_end_at_the_live_watermark_where_there_is_one(line: Line) -> None:
    await line.count(journey(clock="demo"), progress(START + DAY, clock="demo"))
    await line.round()
    alone = line.rolling("journeys_started")
    await line.count(progress(START + 100 * DAY))
    await line.round()
    beside = line.rolling("journeys_started")
    assert alone is not None
    assert beside is not None
    assert (alone.n, beside.n) == (1, 0)


async def test_buckets_are_told_like_journeys(line: Line) -> None:
    await line.count(bucket(), progress(START))
    await line.round()
    assert line.month("touchpoint_events", "guide").n == 3


async def test_a_store_that_counts_no_more_is_told_to_nobody(line: Line) -> None:
    await line.count(journey(), progress(START))
    line.store.is_counting = False
    with pytest.raises(Superseded):
        await line.round()
    assert (line.heard.sent, line.heard.progress) == ([], [])


async def test_changes_during_a_round_are_told_in_the_next(line: Line) -> None:
    await line.count(journey(), progress(START))

    class Meanwhile(Heard):
        async def publish(self, messages: Any) -> None:
            await super().publish(messages)
            if line.store.next[0] == 2:
                await line.count(journey("2"))

    line.heard = Meanwhile()
    line.publication = Publication(rules(), line.store, line.heard, "next")
    await line.round()
    await line.round()
    assert line.month("journeys_started").n == 2


async def test_a_round_gives_others_a_turn_after_every_target(line: Line) -> None:
    """Heartbeats among them: who is not heard for a session loses its partitions."""
    await line.count(*(ended(str(number), hours=24 * number) for number in range(1, 31)))
    turns, round_ = 0, asyncio.ensure_future(line.round())
    while not round_.done():
        turns += 1
        await asyncio.sleep(0)
    told = {(m.period, m.period_start) for m in line.heard.newest.values()}
    assert turns >= len(told) > 30


async def test_that_a_period_is_over_is_told_once(line: Line) -> None:
    await line.count(ended(version=1), progress(MONTH_END - DAY))
    await line.round()
    before = line.month("journeys_ended")
    await line.count(progress(MONTH_END))
    await line.round()
    over = line.month("journeys_ended")
    assert over == before.model_copy(update={"watermark": MONTH_END})
    await line.count(progress(MONTH_END + timedelta(hours=1)))
    await line.round()
    assert line.month("journeys_ended") == over


@pytest.mark.parametrize("clock", ["live", "demo"])
async def test_what_is_read_back_is_what_was_remembered(line: Line, clock: str) -> None:
    """So a change that a rebuild finds is a revision where it would have been one without."""
    await line.count(ended(version=1, status="final", clock=clock))
    is_last = clock == "demo"
    mark = START if is_last else MONTH_END + timedelta(days=10)
    await line.count(progress(mark, clock=clock, last=is_last))
    await line.round()
    month = Target("permit", PeriodKind.MONTH, "2026-03-01")
    assert told_by(line.heard.newest.values(), rules())[month] == line.store.told[month]


async def test_what_a_frozen_process_sent_too_late_is_told_anew_by_who_follows_it(
    line: Line,
) -> None:
    follower = Publication(rules(), line.store, line.heard, "follower")

    class Frozen(Heard):
        """Freezes before its first message; meanwhile the follower tells something newer."""

        async def publish(self, messages: Any) -> None:
            await line.count(journey("2"))
            await follower.round(NOW, caught_up=1)
            await line.heard.publish(messages)

    await line.count(journey(), progress(START + DAY))
    with pytest.raises(Superseded):
        await Publication(rules(), line.store, Frozen(), "frozen").round(NOW, caught_up=1)
    assert line.month("journeys_started").n == 1
    await follower.round(NOW, caught_up=1)
    rolling = line.rolling("journeys_started")
    assert rolling is not None
    assert (line.month("journeys_started").n, rolling.n) == (2, 2)


async def test_what_another_measure_said_is_left_out_of_what_was_told(line: Line) -> None:
    await over_and_told(line)
    messages = list(line.heard.newest.values())
    other = messages[0].model_copy(update={"metric_id": "unheard-of"})
    gone = messages[0].model_copy(
        update={"dimensions": messages[0].dimensions.model_copy(update={"service": "gone"})}
    )
    assert told_by([*messages, other, gone], rules()) == told_by(messages, rules())


async def test_a_store_that_is_replaced_during_a_round_keeps_its_changes_for_the_next(
    line: Line,
) -> None:
    class Replacing(Heard):
        async def publish(self, messages: Any) -> None:
            await super().publish(messages)
            line.store.is_counting = False

    await line.count(journey(), progress(START))
    with pytest.raises(Superseded):
        await Publication(rules(), line.store, Replacing(), "next").round(NOW, 1)
    assert line.store.marks


async def test_an_hour_is_told_with_its_own_start(line: Line) -> None:
    await line.count(ended(hours=3), progress(START + DAY))
    await line.round()
    started, done = (
        line.newest(name, PeriodKind.HOUR) for name in ("journeys_started", "journeys_ended")
    )
    assert started is not None
    assert done is not None
    assert (started.period_start, started.period_end) == (START, START + timedelta(hours=1))
    assert (done.n, done.period_start) == (1, START + timedelta(hours=3))
    assert line.newest("touchpoint_events", PeriodKind.HOUR, "form") is not None


async def test_a_quarter_is_told_when_one_of_its_months_changed(line: Line) -> None:
    await line.count(ended(hours=24), progress(START + DAY))
    await line.count(ended("2", hours=24 * 40))
    await line.round()
    quarters = {
        m.period_start: m.n
        for m in line.heard.newest.values()
        if (m.metric_id, m.period) == ("journeys_ended", PeriodKind.QUARTER)
    }
    assert quarters == {at("2025-12-31 23:00"): 1, at("2026-03-31 22:00"): 1}


@pytest.mark.parametrize(
    ("kind", "still", "gone"),
    [
        (PeriodKind.ROLLING_1H, timedelta(hours=1, minutes=59), timedelta(hours=2)),
        (PeriodKind.ROLLING_1D, timedelta(hours=24 + 13), timedelta(hours=24 + 14)),
        (PeriodKind.ROLLING_365D, timedelta(days=365, hours=13), timedelta(days=366)),
    ],
)
async def test_every_rolling_window_moves_on_with_its_own_span(
    line: Line, kind: PeriodKind, still: timedelta, gone: timedelta
) -> None:
    await line.count(journey(), progress(START))
    for watermark, n in ((START, 1), (START + still, 1), (START + gone, 0)):
        await line.count(progress(watermark))
        await line.round()
        found = line.newest("journeys_started", kind)
        assert found is not None
        assert (found.n, found.value) == (n, n or None)
