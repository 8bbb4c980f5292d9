"""The messages of one period, found by measure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from schemas.metric import MetricMessage
from schemas.vocabulary import Level


@dataclass(frozen=True)
class Shelf:
    """What was said of one period, the newest message of every key."""

    by_id: dict[str, tuple[MetricMessage, ...]]

    @classmethod
    def of(cls, messages: Iterable[MetricMessage]) -> Self:
        """Sort messages by their measure."""
        by_id: dict[str, list[MetricMessage]] = {}
        for message in messages:
            by_id.setdefault(message.metric_id, []).append(message)
        return cls({metric_id: tuple(found) for metric_id, found in by_id.items()})

    def __iter__(self) -> Iterator[MetricMessage]:
        for found in self.by_id.values():
            yield from found

    @cached_property
    def whole_ids(self) -> frozenset[str]:
        """The measures with a number that is not of one touchpoint."""
        return frozenset(m.metric_id for m in self if m.level is not Level.TOUCHPOINT)

    @cached_property
    def touchpoints(self) -> frozenset[str]:
        """The touchpoints with a number."""
        found = (message.dimensions.touchpoint for message in self)
        return frozenset(touchpoint for touchpoint in found if touchpoint)

    @cached_property
    def clocks(self) -> frozenset[str]:
        """The clocks whose cells were added."""
        return frozenset(clock for message in self for clock in message.clocks)

    @cached_property
    def has_begun(self) -> bool:
        """Whether the data reach into the period."""
        return any(m.watermark is None or m.watermark > m.period_start for m in self)


EMPTY = Shelf({})
