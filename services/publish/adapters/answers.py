"""The JSON API's bodies: cards and messages as they are, every null said, hidden cells empty."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from schemas.metric import ClockProgress, MetricMessage
from schemas.vocabulary import PeriodKind
from services.publish.adapters.cards import Cards
from services.publish.domain.as_of import is_stale
from services.publish.domain.figure import Figure
from services.publish.domain.measures.measure import Measure
from services.publish.domain.moved import Moved
from services.publish.domain.numbers import Numbers, is_hidden
from services.publish.domain.period import Period
from services.publish.publish import Publication

Body = dict[str, Any]
_HIDDEN = ("numerator", "denominator", "n", "distribution", "citizens")
# For a release only: of a number of five people they may tell what the only one among them said
# whom we know.
_NOT_GIVEN = {"of_citizens", "of_unnamed"}
_HIDDEN_VALUE = ("value", "ci_low", "ci_high", "ci_method")
_SHORT = frozenset({PeriodKind.DAY, PeriodKind.HOUR})


def card(shown: object) -> Body:
    """Everything a page tells, field by field under the names of the model."""
    body: Body = _told(shown)
    return body


def services(cards: Cards) -> Body:
    """Every service with the periods it has numbers for; days and hours lie inside these."""
    return {
        "services": [
            {
                "id": service.id,
                "name": service.name,
                "agency": cards.catalogue.agency_of[service.id],
                "owner": service.owner,
                "time_zone": service.time_zone,
                "touchpoints": [touchpoint.id for touchpoint in service.touchpoints],
                "periods": _names(cards.publication.numbers(service.id)),
            }
            for service in cards.catalogue.services.values()
        ]
    }


def agencies(cards: Cards) -> Body:
    """Every agency with its services and the periods it has numbers for."""
    return {
        "agencies": [
            {
                "id": agency.agency,
                "contact": agency.contact,
                "services": [service.id for service in agency.services],
                "periods": _names(cards.publication.numbers_of_agency(agency.agency)),
            }
            for agency in cards.catalogue.agencies
        ]
    }


def metrics(numbers: Numbers, period: Period | None, metric_id: str | None) -> Body:
    """The messages of a service or agency; without a metric id of all measures, without a period
    of all but days and hours, which are asked for one by one.
    """
    longer = (one for one in numbers.by_period if one.kind not in _SHORT)
    chosen = sorted(longer, key=lambda one: one.name) if period is None else [period]
    found = [message for one in chosen for message in numbers.at(one)]
    wanted = [message for message in found if metric_id in {None, message.metric_id}]
    wanted.sort(key=_order)
    return {"metrics": [_metric(message) for message in wanted]}


def progress(publication: Publication, now: datetime) -> Body:
    """How far every clock is, and whether it is stale."""
    return {"progress": [_progress(clock, now) for clock in publication.progress()]}


def _names(numbers: Numbers) -> list[str]:
    return [period.name for period in numbers.choices]


def _order(message: MetricMessage) -> tuple[str, datetime, str]:
    return message.metric_id, message.period_start, message.dimensions.model_dump_json()


def _metric(message: MetricMessage) -> Body:
    body = message.model_dump(mode="json", exclude=_NOT_GIVEN)
    if is_hidden(message):
        body |= dict.fromkeys((*_HIDDEN, *_HIDDEN_VALUE))
    return body


def _progress(clock: ClockProgress, now: datetime) -> Body:
    return {**clock.model_dump(mode="json"), "stale": is_stale(clock, now)}


def _told(value: Any) -> Any:
    """Any value of the model as JSON knows it."""
    for kind, write in _WRITTEN:
        if isinstance(value, kind):
            return write(value)
    if is_dataclass(value):
        return {field.name: _told(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    return value


def _figure(figure: Figure) -> Body:
    interval = figure.interval
    return {
        **_measure(figure.measure),
        "value": figure.value,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "n": figure.n,
        "of": figure.measure.of,
        "text": figure.text,
        "about": figure.about,
        "key": figure.key,
        "notes": [_told(note) for note in figure.notes],
    }


def _measure(measure: Measure) -> Body:
    return {"metric_id": measure.id, "name": measure.name, "unit": measure.unit.value}


def _moved(moved: Moved) -> Body:
    return {
        "value": moved.value,
        "low": moved.low,
        "high": moved.high,
        "text": f"{moved.text} ({moved.span})",
        "is_better": moved.is_better,
    }


_WRITTEN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Figure, _figure),
    (Measure, _measure),
    (Moved, _moved),
    (Period, lambda period: period.name),
    (date, lambda day: day.isoformat()),
)
