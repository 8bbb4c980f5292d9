"""What metrics.internal.v1 says in the end, named as the oracle names its numbers."""

from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from aiokafka import ConsumerRecord

from schemas.catalogue import Catalogue
from schemas.codec import decode
from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import Flag, PeriodKind
from tests.oracle.intervals import Interval, is_close
from tests.oracle.measures import Cell, Number, first_day

_PROGRESS = "progress/"
Messages = Mapping[Cell, MetricMessage]


def told_by(
    records: Iterable[ConsumerRecord], catalogue: Catalogue, periods: Collection[PeriodKind]
) -> tuple[Messages, Mapping[str, ClockProgress]]:
    """The newest message of somebody in each of these periods of a service, and the newest progress
    of each clock.
    """
    newest = {one.key.decode(): one.value for one in records}
    last = {key: value for key, value in newest.items() if value is not None}
    progress = {
        key.removeprefix(_PROGRESS): decode(ClockProgress, value)
        for key, value in last.items()
        if key.startswith(_PROGRESS)
    }
    # Most are of hours: read only whose key names a period that is asked for.
    asked = {period.value for period in periods}
    messages = [
        decode(MetricMessage, value)
        for key, value in last.items()
        if not asked.isdisjoint(key.rsplit("/", 2)[1:])
    ]
    return named(messages, catalogue, periods), progress


def named(
    messages: Iterable[MetricMessage], catalogue: Catalogue, periods: Collection[PeriodKind]
) -> Messages:
    """The messages of somebody in these periods of a service, by the oracle's names."""
    zones = {name: service.zone for name, service in catalogue.services.items()}
    return {
        _cell_of(m, zones[m.dimensions.service]): m
        for m in messages
        if m.period in periods and m.n > 0 and m.dimensions.service is not None
    }


def number_of(message: MetricMessage, wanted: Number) -> Number:
    """What a message says of that which the oracle says; a provisional share is not a value yet."""
    is_value = message.value is not None or Flag.PROVISIONAL not in message.flags
    return Number(
        message.n,
        message.value if is_value else wanted.value,
        None if wanted.numerator is None else message.numerator,
        None if wanted.denominator is None else message.denominator,
        None if wanted.distribution is None else message.distribution,
        _interval_of(message, wanted) if is_value else wanted.interval,
    )


def _interval_of(message: MetricMessage, wanted: Number) -> Interval | None:
    """The oracle's own where the message's is the same as far as both were computed."""
    told = None
    if message.ci_method is not None:
        told = Interval(message.ci_low, message.ci_high, message.ci_method)
    return wanted.interval if is_close(told, wanted.interval) else told


def compared(wanted: Mapping[Cell, Number], messages: Messages) -> Mapping[Cell, Number | int]:
    """What the messages say, cell by cell; of one that nobody wants how many it counts."""
    return {
        cell: number_of(message, wanted[cell]) if cell in wanted else message.n
        for cell, message in messages.items()
    }


def _cell_of(message: MetricMessage, zone: ZoneInfo) -> Cell:
    named = message.dimensions.model_dump(exclude_none=True, exclude={"agency", "service"})
    dimensions = tuple(sorted((name, str(value)) for name, value in named.items()))
    start = first_day(message.period_start, zone, message.period)
    service = str(message.dimensions.service)
    return Cell(message.metric_id, service, message.period, start, dimensions)
