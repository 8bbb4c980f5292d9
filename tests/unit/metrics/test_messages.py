"""What a message says beside its number: state, flags, clocks, watermark; and closed books."""

from dataclasses import replace
from datetime import timedelta

from schemas.metric import MetricMessage
from schemas.vocabulary import PeriodKind
from services.metrics.domain.periods import Watermarks
from tests.builders import at
from tests.unit.metrics.scoring import books, score, told
from tests.unit.metrics.snapshots import START, ended, journey

MONTH_END = at("2026-03-31 22:00")
GRACE = timedelta(days=10)


def test_a_whole_message() -> None:
    done = [ended(str(n), status="final") for n in range(30)]
    assert score("completion_rate.live", done, watermark=MONTH_END + GRACE) == MetricMessage(
        metric_id="completion_rate.live",
        period="month",
        period_start=at("2026-02-28 23:00"),
        period_end=MONTH_END,
        time_zone="Europe/Amsterdam",
        watermark=MONTH_END + GRACE,
        level="service",
        dimensions={"agency": "town", "service": "permit"},
        numerator=30,
        denominator=30,
        n=30,
        citizens=30,
        of_citizens={"n": 30, "numerator": 30},
        value=1.0,
        ci_low=score_low(30),
        ci_high=1.0,
        ci_method="wilson",
        state="ok",
        clocks=("live",),
    )


def score_low(n: int) -> float:
    z = 1.959964
    return (1 + z * z / (2 * n) - z * z / (2 * n)) / (1 + z * z / n)


def flags(found: MetricMessage | None) -> tuple[str, ...]:
    assert found is not None
    return found.flags


def test_a_period_is_provisional_until_its_grace_is_over() -> None:
    done = [ended(status="final")]
    just = MONTH_END + GRACE
    assert flags(score("completion_rate.live", done, watermark=just)) == ()
    early = just - timedelta(seconds=1)
    assert flags(score("completion_rate.live", done, watermark=early)) == ("provisional",)


def test_a_period_is_provisional_while_a_journey_in_it_can_still_change() -> None:
    assert flags(score("completion_rate.live", [ended()])) == ("provisional",)


def test_one_open_clock_keeps_a_period_provisional() -> None:
    found = books([ended(status="final"), ended("2", status="final", clock="demo")])
    both = replace(found, watermarks=Watermarks({"live": MONTH_END + GRACE, "demo": None}))
    assert {m.flags for m in told(both) if m.metric_id == "journeys_ended"} == {("provisional",)}


def test_a_clock_after_its_last_tick_counts_as_endless() -> None:
    found = books([ended(status="final", clock="demo")])
    over = replace(found, watermarks=Watermarks({"demo": START}, frozenset({"demo"})))
    assert {m.flags for m in told(over)} == {()}
    assert {m.watermark for m in told(over)} == {START}


def test_completion_within_is_settled_when_its_horizon_has_passed() -> None:
    running = [ended(), journey("2")]
    hour, day = MONTH_END + timedelta(hours=1), MONTH_END + timedelta(days=1)
    assert flags(score("completion_within.1h", running, watermark=hour)) == ()
    assert flags(score("completion_within.1d", running, watermark=hour)) == ("provisional",)
    assert flags(score("completion_within.1d", running, watermark=day)) == ()


def test_clocks_are_added_and_named_and_the_slower_tells_the_watermark() -> None:
    found = books([ended(), ended("2", clock="import-1")])
    times = Watermarks({"live": MONTH_END, "import-1": START})
    (message,) = [
        m for m in told(replace(found, watermarks=times)) if m.metric_id == "journeys_ended"
    ]
    assert (message.n, message.clocks) == (2, ("import-1", "live"))
    assert message.watermark == START


def test_a_clock_that_is_not_in_every_partition_has_no_watermark() -> None:
    found = score("journeys_started", [journey()], watermark=None)
    assert found is not None
    assert found.watermark is None


def test_a_rolling_window_says_where_it_ends() -> None:
    found = books([ended()])
    rolling = replace(
        found, period=replace(found.period, kind=PeriodKind.ROLLING_28D), watermarks=Watermarks({})
    )
    assert {m.flags for m in told(rolling) if m.metric_id.startswith("completion_within")} == {()}
