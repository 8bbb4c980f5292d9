"""The chapter on measures, from the families of the metrics service."""

from datetime import timedelta

from deploy.reference.markdown import code, codes, table
from services.metrics.domain.measures import MEASURES
from services.metrics.domain.measures.family import Formula

# What a reader must know of the measures that do not say so themselves yet.
MEANING = {
    "completion_rate.gds": "Of the journeys that started in the period, the share that came to "
    "success or to a refusal that is right. While some are open only the bounds are told.",
    "completion_rate.live": "Of the journeys that ended in the period, the share that was "
    "completed. The informed are left out.",
    "completion_within": "Of the journeys that started in the period, the share completed within "
    "this time. Settled that long after the period's end: the measure to compare and to alert on.",
    "abandonment_rate": "Of the journeys that ended, the share that fell silent: abandoned or "
    "expired.",
    "undecided_rate": "Of the journeys that ended, the share in which the agency is overdue.",
    "journeys_started": "Journeys by the period they started in.",
    "journeys_ended": "Journeys by the period they ended in, by outcome, the informed too.",
    "touchpoint_journeys": "Journeys that visited the touchpoint, by their first visit.",
    "touchpoint_events": "Valid events at the touchpoint, those of unlinked people too.",
    "step_dropoff": "Of the started journeys that reached the touchpoint and ended, the share "
    "that was not completed and was last seen there, by outcome.",
    "time_to_complete.completed": "Of the completed: time from start to end, by end. It says "
    "nothing of the others.",
    "time_to_complete.started": "The time by which this share of all who started in the period "
    "had completed; null when it never was.",
    "time_to_decision": "Time from the first submission to the decision, by decision.",
}


def chapter() -> str:
    """Every measure: what it says, of what, and when it can change no more."""
    head = ("measure", "family", "of", "meaning", "settled", "suppressed")
    rows = [
        (
            code(formula.metric_id),
            family.name,
            codes(dict.fromkeys((formula.level.value, *formula.labels))),
            meaning(formula),
            _settled(formula),
            f"below {formula.floor} answers" if formula.floor else "",
        )
        for family in MEASURES
        for formula in family.formulas
    ]
    return table(head, rows)


def meaning(formula: Formula) -> str:
    """The line of a measure. Raises KeyError for one without."""
    metric_id = formula.metric_id
    if formula.means:
        return formula.means
    return MEANING[metric_id] if metric_id in MEANING else MEANING[metric_id.rpartition(".")[0]]


def _settled(formula: Formula) -> str:
    if formula.horizon is None:
        return "when the period's books are closed"
    hours = formula.horizon / timedelta(hours=1)
    return f"{hours:.0f} h after the period" if hours < 48 else f"{hours / 24:.0f} d after it"
