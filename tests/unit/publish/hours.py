"""Closed hours of a service's completion, and eight weeks of usual ones before them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.codec import encode
from schemas.journey import Account
from schemas.metric import ClockProgress, Dimensions, MetricMessage
from schemas.vocabulary import Level, PeriodKind, PublishState

# 10:00 to 11:00 in Amsterdam, on a Tuesday; the clocks were put back nine days before.
HOUR = datetime(2026, 11, 3, 9, tzinfo=UTC)
STEP = timedelta(hours=1)
SERVICE = {"agency": "municipality", "service": "building-permit"}


def message(start: datetime = HOUR, value: float = 0.85, **changes: Any) -> MetricMessage:
    """One closed hour of completion."""
    told = {
        "metric_id": "completion_within.1h",
        "period": PeriodKind.HOUR,
        "period_start": start,
        "period_end": start + STEP,
        "time_zone": "Europe/Amsterdam",
        "watermark": start + 2 * STEP,
        "level": Level.SERVICE,
        "dimensions": Dimensions(**SERVICE),
        "n": 1000,
        "value": value,
        "state": PublishState.OK,
        "clocks": ("live",),
    }
    return MetricMessage(**(told | changes))


def progress(watermark: datetime = HOUR + 2 * STEP, clock: str = "live") -> tuple[str, bytes]:
    account = Account(applied=0, duplicate=0, late=0, rejected={})
    told = ClockProgress(
        clock=clock,
        watermark=watermark,
        last=False,
        account=account,
        partitions=1,
        partitions_caught_up=1,
        sent_at=watermark,
    )
    return f"progress/{clock}", encode(told)


def weeks_before(start: datetime) -> list[datetime]:
    """The same hour on the wall in the weeks before; 25 October had 25 hours."""
    change = datetime(2026, 10, 25, 1, tzinfo=UTC)
    summer = timedelta(hours=1)
    plain = [start - timedelta(weeks=week) for week in range(1, 9)]
    return [each - summer if each < change else each for each in plain]


def history(now: float = 0.77, **changes: Any) -> list[MetricMessage]:
    """Two hours that fell to `now`, and eight weeks of usual ones before each."""
    told = []
    for start in (HOUR - STEP, HOUR):
        usual = [
            message(each, 0.85 + 0.01 * (week % 2)) for week, each in enumerate(weeks_before(start))
        ]
        told += [*usual, message(start, now)]
    return [each.model_copy(update=changes) for each in told]
