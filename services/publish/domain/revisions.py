"""Numbers that changed after their period had ended, and why."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag
from services.publish.domain import notes, words
from services.publish.domain.measures import measure_of
from services.publish.domain.numbers import Numbers, is_hidden
from services.publish.domain.period import Period


@dataclass(frozen=True)
class Revision:
    """The revised numbers of one period that changed for one reason."""

    period: str
    title: str
    reason: str
    numbers: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many numbers."""
        return len(self.numbers)


def revisions(numbers: Numbers, chosen: Period) -> tuple[Revision, ...]:
    """By period and reason, the newest period first: of the chosen one and of every month."""
    periods = {chosen, *numbers.months}
    newest = sorted(periods, key=lambda period: period.name, reverse=True)
    return tuple(made for period in newest for made in _of_period(numbers, period))


def _of_period(numbers: Numbers, period: Period) -> list[Revision]:
    by_reason: dict[str, list[str]] = {}
    for message in numbers.at(period):
        if Flag.REVISED in message.flags and not is_hidden(message):
            reason = words.plain(message.revision_reason or "not told")
            by_reason.setdefault(reason, []).append(_told(message))
    return [
        Revision(period.name, period.title, reason, tuple(sorted(told)))
        for reason, told in sorted(by_reason.items())
    ]


def _told(message: MetricMessage) -> str:
    dimensions = message.dimensions
    where = f" at {dimensions.touchpoint}" if dimensions.touchpoint else ""
    return f"{measure_of(message.metric_id).name}{where}: {notes.revised(message).lower()}"
