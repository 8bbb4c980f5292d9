"""The JSON API's bodies: messages as they are, with every null said and every hidden cell empty."""

from datetime import datetime
from typing import Any

from schemas.catalogue import Catalogue
from schemas.metric import ClockProgress, MetricMessage
from services.publish.domain.as_of import is_stale
from services.publish.domain.numbers import Numbers, is_hidden
from services.publish.domain.period import Period
from services.publish.publish import Publication

Body = dict[str, Any]
_HIDDEN = ("numerator", "denominator", "n", "distribution", "citizens")
_HIDDEN_VALUE = ("value", "ci_low", "ci_high", "ci_method")


def services(catalogue: Catalogue, publication: Publication) -> Body:
    """Every service with the periods it has numbers for."""
    return {
        "services": [
            {
                "id": service.id,
                "name": service.name,
                "agency": catalogue.agency_of[service.id],
                "owner": service.owner,
                "time_zone": service.time_zone,
                "periods": [period.name for period in publication.numbers(service.id).choices],
            }
            for service in catalogue.services.values()
        ]
    }


def metrics(numbers: Numbers, period: Period | None, metric_id: str | None) -> Body:
    """The messages of a service; without a period of all, without a metric id of all."""
    chosen = sorted(numbers.by_period, key=lambda one: one.name) if period is None else [period]
    found = [message for one in chosen for message in numbers.by_period.get(one, ())]
    wanted = [message for message in found if metric_id in {None, message.metric_id}]
    wanted.sort(key=_order)
    return {"metrics": [_metric(message) for message in wanted]}


def progress(publication: Publication, now: datetime) -> Body:
    """How far every clock is, and whether it is stale."""
    return {"progress": [_progress(clock, now) for clock in publication.progress()]}


def _order(message: MetricMessage) -> tuple[str, datetime, str]:
    return message.metric_id, message.period_start, message.dimensions.model_dump_json()


def _metric(message: MetricMessage) -> Body:
    body = message.model_dump(mode="json")
    if is_hidden(message):
        body |= dict.fromkeys((*_HIDDEN, *_HIDDEN_VALUE))
    return body


def _progress(clock: ClockProgress, now: datetime) -> Body:
    return {**clock.model_dump(mode="json"), "stale": is_stale(clock, now)}
