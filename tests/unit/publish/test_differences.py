"""What changed between the last two closed months."""

from datetime import date
from typing import Any

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PublishState
from services.publish.domain.differences import Comparison, comparison
from services.publish.domain.numbers import Numbers
from tests.unit.publish.samples import message, of_month, rate

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def closed(month: date) -> MetricMessage:
    return message("journeys_ended", value=900, **of_month(month))


def compared(*messages: MetricMessage) -> Comparison:
    found = comparison(Numbers.of([closed(MAY), closed(JUNE), *messages]))
    assert found is not None
    return found


def both(before: int, after: int, metric_id: str, **changes: Any) -> list[MetricMessage]:
    return [
        rate(metric_id, hits, 1_000, **of_month(month), **changes)
        for month, hits in ((MAY, before), (JUNE, after))
    ]


def test_only_what_chance_does_not_explain_is_told() -> None:
    found = compared(*both(500, 510, "completion_rate.live"), *both(300, 200, "abandonment_rate"))
    [one] = found.differences
    assert (one.measure.id, one.text, one.is_better) == (
        "abandonment_rate",
        "−10.0 points",  # noqa: RUF001 (a true minus sign)
        True,
    )


def test_the_largest_difference_stands_first() -> None:
    found = compared(
        *both(500, 600, "completion_rate.live"), *both(200, 500, "step_dropoff", touchpoint="photo")
    )
    assert [(one.measure.id, one.touchpoint, one.is_better) for one in found.differences] == [
        ("step_dropoff", "photo", False),
        ("completion_rate.live", "", True),
    ]


def test_of_times_the_size_is_a_share_of_the_longer() -> None:
    times = [
        message(
            "time_to_decision.p50",
            value=days * 86_400.0,
            ci_low=days * 86_000.0,
            ci_high=days * 87_000.0,
            **of_month(month),
        )
        for month, days in ((MAY, 4), (JUNE, 3))
    ]
    [one] = compared(*times).differences
    assert (one.text, one.is_better, one.size) == ("1 day shorter", True, 0.25)


def test_where_neither_more_nor_less_is_better_nothing_is_judged() -> None:
    [one] = compared(*both(200, 500, "channel_mix", channel="phone")).differences
    assert (one.is_better, one.part) == (None, "phone")


def test_a_month_that_can_still_change_is_not_compared() -> None:
    provisional = message("journeys_ended", value=1, flags=(Flag.PROVISIONAL,), **of_month(JULY))
    found = compared(provisional)
    assert (found.before.start, found.after.start) == (MAY, JUNE)
    assert comparison(Numbers.of([closed(MAY), provisional])) is None


def test_hidden_numbers_are_not_compared() -> None:
    hidden = both(100, 900, "completion_rate.live", state=PublishState.SUPPRESSED)
    assert compared(*hidden).differences == ()
