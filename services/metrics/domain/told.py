"""What subscribers have heard, read back from the messages themselves."""

from collections.abc import Iterable, Mapping

from schemas.metric import MetricMessage
from schemas.vocabulary import ROLLING, Flag, PeriodKind
from services.metrics.domain.formulas import BY_SERIES
from services.metrics.domain.messages import Series
from services.metrics.domain.periods import day_of, hour_name, hour_of
from services.metrics.domain.revisions import Sent, as_sent
from services.metrics.domain.rules import Rules, Scope, agency_scope
from services.metrics.domain.targets import Target

Told = Mapping[Target, Mapping[str, Sent]]


def told_by(messages: Iterable[MetricMessage], rules: Rules) -> Told:
    """By target and name of the series; what the catalogue or the measures lack is left out."""
    told: dict[Target, dict[str, Sent]] = {}
    for message in messages:
        formula = BY_SERIES.get((message.metric_id, message.level))
        name = message.dimensions.service or agency_scope(message.dimensions.agency)
        scope = rules.scopes.get(name)
        if formula is None or scope is None:
            continue
        dimensions = message.dimensions.model_dump()
        labels = "/".join(dimensions[name] or "" for name in formula.labels)
        series = Series(message.metric_id, message.level, labels)
        target = Target(name, message.period, _start(message, scope))
        told.setdefault(target, {})[series.name] = as_sent(message, has_ended=_has_ended(message))
    return told


def _start(message: MetricMessage, scope: Scope) -> str:
    if message.period in ROLLING:
        return ""
    if message.period is PeriodKind.HOUR:
        return hour_name(hour_of(message.period_start, scope.zone))
    return day_of(message.period_start, scope.zone)


def _has_ended(message: MetricMessage) -> bool:
    """A clock that has ended is beyond every period, though its watermark stays where it was: of
    those it is known when the number is final.
    """
    is_over = message.watermark is not None and message.watermark >= message.period_end
    is_final = Flag.PROVISIONAL not in message.flags
    return message.period not in ROLLING and (is_over or is_final)
