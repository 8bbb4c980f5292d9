"""What changed between the last two closed months: the differences that are no accident."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures.measure import RANGE, Measure
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period

ENDED = "journeys_ended"
SHOWN = 8


@dataclass(frozen=True)
class Difference:
    """A number whose intervals in the two months do not overlap. `is_better` is None where neither
    more nor less is better.
    """

    measure: Measure
    touchpoint: str
    part: str
    before: Figure
    after: Figure
    text: str
    is_better: bool | None
    size: float


@dataclass(frozen=True)
class Comparison:
    """The two months and what differs, the largest first."""

    before: Period
    after: Period
    differences: tuple[Difference, ...]


def comparison(numbers: Numbers) -> Comparison | None:
    """The last two closed months that follow one another; None until there are two."""
    closed = [month for month in numbers.months if _is_closed(numbers, month)]
    if len(closed) < 2:
        return None
    before, after = closed[-2:]
    earlier = {_place(message): message for message in numbers.at(before)}
    pairs = ((earlier.get(_place(message)), message) for message in numbers.at(after))
    found = [made for old, new in pairs if old and (made := _difference(old, new))]
    found.sort(key=lambda one: (-one.size, one.measure.id, one.touchpoint))
    return Comparison(before, after, tuple(found[:SHOWN]))


def _is_closed(numbers: Numbers, month: Period) -> bool:
    message = numbers.first(month, ENDED)
    return message is not None and Flag.PROVISIONAL not in message.flags


def _place(message: MetricMessage) -> tuple[str, str]:
    return message.metric_id, message.dimensions.model_dump_json()


def _difference(old: MetricMessage, new: MetricMessage) -> Difference | None:
    before, after = figure(old, old.metric_id), figure(new, new.metric_id)
    if before.value is None or after.value is None or not _are_apart(before, after):
        return None
    measure, change = after.measure, after.value - before.value
    return Difference(
        measure=measure,
        touchpoint=new.dimensions.touchpoint or "",
        part=words.plain(str(getattr(new.dimensions, measure.cut_by, "") or "")),
        before=before,
        after=after,
        text=words.difference(measure.unit, change),
        is_better=change * measure.better > 0 if measure.better else None,
        size=_size(before, after),
    )


def _are_apart(before: Figure, after: Figure) -> bool:
    """Whether both are sure enough: without an interval nothing is said."""
    one, other = before.interval, after.interval
    return bool(one and other and (one.high < other.low or other.high < one.low))


def _size(before: Figure, after: Figure) -> float:
    """As a share of what is possible; where there is no end to it, of the larger of both."""
    old, new = before.value or 0, after.value or 0
    low, high = after.ends or RANGE.get(after.measure.unit) or (0, max(abs(old), abs(new)))
    return abs(new - old) / (high - low)
