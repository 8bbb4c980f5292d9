"""All that is known of one service, or of one agency as a whole, by period."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import ROLLING as ROLLING_KINDS
from schemas.vocabulary import PeriodKind, PublishState
from services.publish.domain.period import ROLLING, Period
from services.publish.domain.shelf import EMPTY, Shelf

# What cuts a number into parts: a message with one of these is of a part.
PARTS = (
    *("channel", "reason", "outcome", "driver", "stage"),
    *("from_channel", "to_channel", "path"),
)
_FIRST_SHOWN = (
    ROLLING,
    *(Period(kind) for kind in (PeriodKind.ROLLING_365D, PeriodKind.ROLLING_1D)),
)


@dataclass(frozen=True)
class Numbers:
    """The messages of one service or agency, and how far every clock is."""

    by_period: Mapping[Period, Shelf]
    progress: tuple[ClockProgress, ...] = ()

    @classmethod
    def of(cls, messages: Iterable[MetricMessage], progress: Iterable[ClockProgress] = ()) -> Self:
        """Sort messages into their periods."""
        by_period: dict[Period, list[MetricMessage]] = {}
        for message in messages:
            by_period.setdefault(Period.of(message), []).append(message)
        shelves = {period: Shelf.of(found) for period, found in by_period.items()}
        return cls(shelves, tuple(progress))

    def at(self, period: Period) -> Shelf:
        """What was said of a period; nothing is an empty shelf."""
        return self.by_period.get(period, EMPTY)

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The months with a number in them, oldest first."""
        return self._begun(PeriodKind.MONTH)

    @cached_property
    def rolling(self) -> tuple[Period, ...]:
        """The windows up to now, shortest first."""
        kinds = (kind for kind in PeriodKind if kind in ROLLING_KINDS)
        return tuple(period for kind in kinds if (period := Period(kind)) in self.by_period)

    @cached_property
    def choices(self) -> tuple[Period, ...]:
        """What a reader may choose at once: windows, then quarters and months, newest first.

        Days are chosen inside a month and hours inside a day.
        """
        quarters = reversed(self._begun(PeriodKind.QUARTER))
        return (*self.rolling, *quarters, *reversed(self.months))

    def days_of(self, month: date) -> tuple[Period, ...]:
        """The days of a month with a number, oldest first."""
        return self._named(lambda p: p.kind is PeriodKind.DAY and p.month == month)

    def hours_of(self, day: date) -> tuple[Period, ...]:
        """The hours of a day with a number, oldest first."""
        return self._named(lambda p: p.kind is PeriodKind.HOUR and p.start == day)

    @cached_property
    def clocks(self) -> frozenset[str]:
        """The clocks whose cells are in the numbers a reader may choose."""
        return frozenset().union(*(self.at(period).clocks for period in self.choices))

    def default_period(self) -> Period:
        """The period to show when none was asked for."""
        shown = (*_FIRST_SHOWN, *self.choices)
        return next((period for period in shown if period in self.by_period), ROLLING)

    def find(
        self, period: Period, metric_id: str, touchpoint: str | None = None
    ) -> tuple[MetricMessage, ...]:
        """The messages of one measure at one place, not cut into parts, the largest n first.

        Opinion has one for each instrument, scale and wording: these are never added up.
        """
        return self._found(period, metric_id, touchpoint, is_part=False)

    def parts(
        self, period: Period, metric_id: str, touchpoint: str | None = None
    ) -> tuple[MetricMessage, ...]:
        """The messages of the parts of one measure at one place, the largest n first."""
        return self._found(period, metric_id, touchpoint, is_part=True)

    def first(
        self, period: Period, metric_id: str, touchpoint: str | None = None
    ) -> MetricMessage | None:
        """The message with the largest n, or None when the cell never existed."""
        return next(iter(self.find(period, metric_id, touchpoint)), None)

    def _found(
        self, period: Period, metric_id: str, touchpoint: str | None, *, is_part: bool
    ) -> tuple[MetricMessage, ...]:
        found = (
            message
            for message in self.at(period).by_id.get(metric_id, ())
            if message.dimensions.touchpoint == touchpoint and is_of_part(message) is is_part
        )
        return tuple(sorted(found, key=lambda m: (-m.n, m.dimensions.model_dump_json())))

    def _begun(self, kind: PeriodKind) -> tuple[Period, ...]:
        """Those that have begun: one that begins after the data ends holds nothing but limits
        that will pass when no more comes, and is only in the JSON.
        """
        return self._named(lambda period: period.kind is kind and self.at(period).has_begun)

    def _named(self, wanted: Callable[[Period], bool]) -> tuple[Period, ...]:
        return tuple(sorted((p for p in self.by_period if wanted(p)), key=lambda p: p.name))


def is_hidden(message: MetricMessage) -> bool:
    """Whether nothing but its existence may be told."""
    return message.state is PublishState.SUPPRESSED


def is_of_part(message: MetricMessage) -> bool:
    """Whether it is of a part of its place, such as one channel."""
    return any(getattr(message.dimensions, name) for name in PARTS)
