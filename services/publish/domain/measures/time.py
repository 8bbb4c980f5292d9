"""The measures of how long it took: the same few names, for half and for nine in ten."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.measure import JOURNEYS, Measure, Theme

_SPANS = {
    "time_to_complete.completed": (
        "of the completed took up to",
        "From start to end, of the completed journeys only.",
    ),
    "time_to_complete.started": (
        "of all were done after",
        "When this part of the started journeys was complete, those never completed included.",
    ),
    "time_to_complete.from_need": (
        "took from need to end up to",
        "From the first sign of the need to the end, of the completed journeys.",
    ),
    "time_to_decision": ("of the decisions took up to", "From submitting to the decision."),
    "time_to_follow_up": (
        "of the follow-ups came within",
        "From the decision to what followed it.",
    ),
    "time_in_stage": ("stayed in the stage up to", "From its first step to the next stage."),
}

TIME = tuple(
    Measure(
        f"{id_}.{quantile}",
        f"{part} {name}",
        meaning,
        JOURNEYS,
        Unit.SECONDS,
        Theme.TIME,
        cut_by="stage" if id_ == "time_in_stage" else "",
        better=-1,
    )
    for id_, (name, meaning) in _SPANS.items()
    for quantile, part in (("p50", "Half"), ("p90", "Nine in ten"))
)
