from datetime import UTC, datetime

from deploy.demo.listen import Heard
from schemas.codec import encode
from schemas.journey import Account
from schemas.metric import ClockProgress, Dimensions, MetricMessage, key_of
from schemas.vocabulary import Level, PeriodKind, PublishState, Reason

AT = datetime(2026, 3, 1, tzinfo=UTC)


def progress(*, last: bool = True, clock: str = "demo") -> bytes:
    account = Account(applied=5, duplicate=2, late=1, rejected={Reason.TOO_MANY: 1})
    return encode(
        ClockProgress(
            clock=clock,
            watermark=AT,
            last=last,
            account=account,
            partitions=4,
            partitions_caught_up=4,
            sent_at=AT,
        )
    )


def message(n: int) -> MetricMessage:
    return MetricMessage(
        metric_id="journeys_ended",
        period=PeriodKind.MONTH,
        period_start=AT,
        period_end=AT,
        time_zone="UTC",
        level=Level.SERVICE,
        dimensions=Dimensions(agency="municipality", service="building-permit"),
        n=n,
        state=PublishState.OK,
    )


KEY = key_of(message(1))


def test_the_newest_message_of_a_key_is_kept() -> None:
    heard = Heard()
    for n in (1, 2):
        heard.take("demo", KEY, encode(message(n)))
    assert heard.messages == [message(2)]


def test_quarters_and_windows_are_kept_and_days_are_not() -> None:
    heard = Heard()
    for kind in (PeriodKind.DAY, PeriodKind.ROLLING_28D, PeriodKind.QUARTER):
        told = message(1).model_copy(update={"period": kind})
        heard.take("demo", key_of(told), encode(told))
    assert [m.period for m in heard.messages] == [PeriodKind.ROLLING_28D, PeriodKind.QUARTER]


def test_windows_reach_up_to_the_watermark_of_what_is_live() -> None:
    heard = Heard()
    heard.take("demo", "progress/demo", progress())
    assert heard.present is None
    heard.take("demo", "progress/live", progress(clock="live"))
    assert heard.present == AT


def test_a_tombstone_takes_its_message_away() -> None:
    heard = Heard()
    heard.take("demo", KEY, encode(message(1)))
    heard.take("demo", KEY, None)
    assert heard.messages == []


def test_all_is_there_when_the_clock_ended_and_every_event_is_accounted_for() -> None:
    heard = Heard()
    heard.take("demo", "progress/demo", progress())
    assert heard.has_all(9)
    assert not heard.has_all(10)


def test_before_the_last_tick_it_is_not() -> None:
    heard = Heard()
    heard.take("demo", "progress/demo", progress(last=False))
    assert not heard.has_all(9)


def test_another_clock_says_nothing() -> None:
    heard = Heard()
    heard.take("demo", "progress/other", progress(clock="other"))
    assert heard == Heard()
    assert heard.told() == "no progress of the clock was heard"
