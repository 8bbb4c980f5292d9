"""A measure cut into parts: by channel, reason, outcome, driver or stage."""

from dataclasses import dataclass
from itertools import groupby

from schemas.metric import MetricMessage
from schemas.vocabulary import Stage, Unit
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.measures.measure import Measure
from services.publish.domain.outcomes import name_of
from services.publish.domain.view import View

NOT_TOLD = "none"  # the part of those of whom nobody said it
_STAGES = [str(stage) for stage in Stage]


@dataclass(frozen=True)
class Part:
    """One part. `share` is the length of its bar, 0 to 1; None where a bar would say nothing."""

    label: str
    name: str
    figure: Figure
    share: float | None


@dataclass(frozen=True)
class Breakdown:
    """One measure by one dimension; `about` names the survey where it is of one."""

    id: str
    measure: Measure
    by: str
    about: str
    parts: tuple[Part, ...]


def breakdowns(view: View, metric_id: str) -> tuple[Breakdown, ...]:
    """A breakdown for each survey, or one; none where there is no part."""
    measure = measure_of(metric_id)
    found = sorted(view.parts(metric_id), key=_survey)
    return tuple(
        _breakdown(measure, about, list(messages))
        for about, messages in groupby(found, key=_survey)
    )


def _breakdown(measure: Measure, about: str, messages: list[MetricMessage]) -> Breakdown:
    figures = [(_label(message, measure), figure(message, measure.id)) for message in messages]
    largest = max((shown.value or 0 for _, shown in figures), default=0)
    parts = (
        Part(label, _name(label, measure), shown, _length(shown, largest))
        for label, shown in sorted(figures, key=_order)
    )
    name = "-".join(part for part in (measure.id, about) if part)
    return Breakdown(name, measure, measure.cut_by.replace("_", " "), about, tuple(parts))


def _survey(message: MetricMessage) -> str:
    return message.dimensions.instrument or ""


def _label(message: MetricMessage, measure: Measure) -> str:
    return str(getattr(message.dimensions, measure.cut_by, None) or "all")


def _name(label: str, measure: Measure) -> str:
    if label == NOT_TOLD:
        return "Not told"
    return name_of(label) if measure.cut_by == "outcome" else words.sentence(label)


def _order(pair: tuple[str, Figure]) -> tuple[int, float, str]:
    """Stages as they follow each other, all else the most counted first."""
    label, shown = pair
    stage = _STAGES.index(label) if label in _STAGES else len(_STAGES)
    return stage, -shown.count if shown.measure.is_share else -(shown.value or 0), label


def _length(shown: Figure, largest: float) -> float | None:
    if shown.value is None:
        return None
    if shown.measure.is_share:
        return shown.value
    if shown.measure.unit in {Unit.COUNT, Unit.SECONDS, Unit.RATIO}:
        return shown.value / largest if largest else 0
    return None
