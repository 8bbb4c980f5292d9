"""All that is known of one service: the newest message of every key, by period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import PeriodKind, PublishState
from services.publish.domain.period import ROLLING, Period


@dataclass(frozen=True)
class Numbers:
    """The messages of one service, and how far every clock is."""

    by_period: Mapping[Period, tuple[MetricMessage, ...]]
    progress: tuple[ClockProgress, ...] = ()

    @classmethod
    def of(cls, messages: Iterable[MetricMessage], progress: Iterable[ClockProgress] = ()) -> Self:
        """Sort messages of one service into their periods."""
        by_period: dict[Period, list[MetricMessage]] = {}
        for message in messages:
            by_period.setdefault(Period.of(message), []).append(message)
        return cls({period: tuple(found) for period, found in by_period.items()}, tuple(progress))

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The months with a number in them, oldest first.

        A month that begins after the data ends holds nothing but limits that will pass when no
        more comes: it is only in the JSON.
        """
        months = (period for period in self.by_period if self._is_begun_month(period))
        return tuple(sorted(months, key=lambda period: period.name))

    @cached_property
    def choices(self) -> tuple[Period, ...]:
        """What a reader may choose: the rolling window, then the months, newest first."""
        rolling = (ROLLING,) if ROLLING in self.by_period else ()
        return (*rolling, *reversed(self.months))

    @cached_property
    def clocks(self) -> frozenset[str]:
        """The clocks whose cells are in the numbers a reader may choose."""
        messages = (message for period in self.choices for message in self.by_period[period])
        return frozenset(clock for message in messages for clock in message.clocks)

    def _is_begun_month(self, period: Period) -> bool:
        if period.kind is not PeriodKind.MONTH:
            return False
        found = self.by_period[period]
        return any(m.watermark is None or m.watermark > m.period_start for m in found)

    def ids_at(self, period: Period) -> frozenset[str]:
        """The measures with a number for the whole service."""
        messages = self.by_period.get(period, ())
        return frozenset(m.metric_id for m in messages if m.dimensions.touchpoint is None)

    def touchpoints_at(self, period: Period) -> frozenset[str]:
        """The touchpoints with a number."""
        found = (m.dimensions.touchpoint for m in self.by_period.get(period, ()))
        return frozenset(touchpoint for touchpoint in found if touchpoint)

    def default_period(self) -> Period:
        """The period to show when none was asked for."""
        return self.choices[0] if self.choices else ROLLING

    def find(
        self, period: Period, metric_id: str, touchpoint: str | None = None
    ) -> tuple[MetricMessage, ...]:
        """The messages of one measure at one place, the largest n first.

        Opinion has one for each instrument, scale and wording: these are never added up.
        """
        found = (
            message
            for message in self.by_period.get(period, ())
            if message.metric_id == metric_id and _is_whole(message, touchpoint)
        )
        return tuple(sorted(found, key=lambda m: (-m.n, _instrument(m))))

    def first(
        self, period: Period, metric_id: str, touchpoint: str | None = None
    ) -> MetricMessage | None:
        """The message with the largest n, or None when the cell never existed."""
        return next(iter(self.find(period, metric_id, touchpoint)), None)


def is_hidden(message: MetricMessage) -> bool:
    """Whether nothing but its existence may be told."""
    return message.state is PublishState.SUPPRESSED


def _is_whole(message: MetricMessage, touchpoint: str | None) -> bool:
    """Whether it is of this place and not of a part of it, such as one channel."""
    dimensions = message.dimensions
    parts = (dimensions.channel, dimensions.reason, dimensions.outcome)
    return dimensions.touchpoint == touchpoint and not any(parts)


def _instrument(message: MetricMessage) -> str:
    dimensions = message.dimensions
    return f"{dimensions.instrument}/{dimensions.scale}/{dimensions.wording}"
