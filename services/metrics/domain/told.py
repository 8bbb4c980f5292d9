"""What subscribers have heard, read back from the messages themselves."""

from collections.abc import Iterable, Mapping

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PeriodKind
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.messages import Series
from services.metrics.domain.periods import day_of
from services.metrics.domain.revisions import Sent, as_sent
from services.metrics.domain.rules import Rules
from services.metrics.domain.targets import Target

_FORMULAS = {(formula.metric_id, formula.level): formula for formula in FORMULAS}

Told = Mapping[Target, Mapping[str, Sent]]


def told_by(messages: Iterable[MetricMessage], rules: Rules) -> Told:
    """By target and name of the series; what the catalogue or the measures lack is left out."""
    told: dict[Target, dict[str, Sent]] = {}
    for message in messages:
        formula = _FORMULAS.get((message.metric_id, message.level))
        service = rules.services.get(message.dimensions.service or "")
        if formula is None or service is None:
            continue
        dimensions = message.dimensions.model_dump()
        labels = "/".join(dimensions[name] or "" for name in formula.labels)
        series = Series(message.metric_id, message.level, labels)
        is_rolling = message.period is PeriodKind.ROLLING_28D
        start = "" if is_rolling else day_of(message.period_start, service.zone)
        target = Target(service.service, message.period, start)
        told.setdefault(target, {})[series.name] = as_sent(message, has_ended=_has_ended(message))
    return told


def _has_ended(message: MetricMessage) -> bool:
    """A clock that has ended is beyond every period, though its watermark stays where it was: of
    those it is known when the number is final.
    """
    is_over = message.watermark is not None and message.watermark >= message.period_end
    is_final = Flag.PROVISIONAL not in message.flags
    return message.period is not PeriodKind.ROLLING_28D and (is_over or is_final)
