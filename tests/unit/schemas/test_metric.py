"""The key of a metric message: what it is of, and the calendar period it is about."""

import json
from pathlib import Path

from schemas.metric import MetricMessage, key_of
from schemas.vocabulary import PeriodKind

EXAMPLE = Path("schemas/examples/metrics.internal/v1/metric.completion.json")


def message(period: PeriodKind) -> MetricMessage:
    content = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    return MetricMessage.model_validate(content | {"period": period})


def test_a_calendar_period_carries_its_start_in_the_key() -> None:
    assert key_of(message(PeriodKind.MONTH)) == (
        "completion_rate.gds/agency=municipality/service=building-permit/month/"
        "2026-02-28T23:00:00+00:00"
    )


def test_a_rolling_window_overwrites_itself() -> None:
    assert key_of(message(PeriodKind.ROLLING_28D)) == (
        "completion_rate.gds/agency=municipality/service=building-permit/rolling_28d"
    )
