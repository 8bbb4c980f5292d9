"""How every measure is called and written. Names and units only: publish knows no formula."""

from collections.abc import Callable
from dataclasses import dataclass

from services.publish.domain import words

JOURNEYS = "journeys"
ANSWERS = "answers"
OFFERS = "offers"
EVENTS = "contacts"


@dataclass(frozen=True)
class Measure:
    """What a reader sees instead of a metric id. `of` is the thing that n counts."""

    id: str
    name: str
    meaning: str
    of: str
    write: Callable[[float], str]
    group: str = ""
    is_share: bool = False


def _share(id_: str, name: str, meaning: str, of: str, group: str) -> Measure:
    return Measure(id_, name, meaning, of, words.percent, group, is_share=True)


def _time(id_: str, name: str, meaning: str, group: str = "Time") -> Measure:
    return Measure(id_, name, meaning, JOURNEYS, words.duration, group)


def _count(id_: str, name: str, meaning: str, of: str = JOURNEYS) -> Measure:
    return Measure(id_, name, meaning, of, words.count, "Volume")


_WITHIN = (("1h", "an hour"), ("1d", "a day"), ("7d", "7 days"), ("28d", "28 days"))
_FINISH, _LEAVE, _OPINION = "Finishing", "Leaving and waiting", "Opinion"

MEASURES: tuple[Measure, ...] = (
    _share(
        "completion_rate.live",
        "Completed, of those that ended",
        "Journeys that ended in the period with what the citizen came for, or a correct refusal.",
        JOURNEYS,
        _FINISH,
    ),
    _share(
        "completion_rate.gds",
        "Completed, of those that started",
        "Journeys that started in the period; known once the last of them can no longer change.",
        JOURNEYS,
        _FINISH,
    ),
    *(
        _share(
            f"completion_within.{key}",
            f"Completed within {text}",
            f"Journeys that were complete {text} after they started.",
            JOURNEYS,
            _FINISH,
        )
        for key, text in _WITHIN
    ),
    _share(
        "satisfaction.linear",
        "Satisfaction",
        "The mean answer, from 0% (all the lowest) to 100% (all the highest).",
        ANSWERS,
        _OPINION,
    ),
    _share(
        "satisfaction.top2",
        "Gave 4 or 5",
        "Answers 4 and 5 on a scale of 1 to 5.",
        ANSWERS,
        _OPINION,
    ),
    _share("response_rate", "Response", "Offered surveys that were answered.", OFFERS, _OPINION),
    _share(
        "abandonment_rate",
        "Given up",
        "Journeys that fell silent or ran out of time, of those that ended.",
        JOURNEYS,
        _LEAVE,
    ),
    _share(
        "undecided_rate",
        "Left undecided",
        "Journeys for which the agency did not decide in time, of those that ended.",
        JOURNEYS,
        _LEAVE,
    ),
    _time(
        "time_to_complete.completed.p50",
        "Half of the completed took up to",
        "From start to end, of the completed journeys only.",
    ),
    _time(
        "time_to_complete.completed.p90",
        "Nine in ten of the completed took up to",
        "From start to end, of the completed journeys only.",
    ),
    _time(
        "time_to_complete.started.p50",
        "Half of all were done after",
        "When half of the started journeys were complete, those never completed included.",
    ),
    _time(
        "time_to_complete.started.p90",
        "Nine in ten of all were done after",
        "When nine in ten of the started journeys were complete.",
    ),
    _time(
        "time_to_decision.p50",
        "Half of the decisions took up to",
        "From submitting to the decision.",
    ),
    _time(
        "time_to_decision.p90",
        "Nine in ten decisions took up to",
        "From submitting to the decision.",
    ),
    _count("journeys_started", "Journeys started", "Journeys that reached the transaction."),
    _count("journeys_ended", "Journeys ended", "Journeys that ended, however they ended."),
    _count("touchpoint_journeys", "Journeys here", "Journeys that came by this touchpoint."),
    _count("touchpoint_events", "Contacts here", "Contacts at this touchpoint.", EVENTS),
    _share(
        "step_dropoff",
        "Ended here",
        "Journeys that ended incomplete with this as the last step, of those that reached it.",
        JOURNEYS,
        _LEAVE,
    ),
)
BY_ID = {measure.id: measure for measure in MEASURES}


def measure_of(metric_id: str) -> Measure:
    """The measure of a metric id; one this version does not know is shown by its id."""
    known = BY_ID.get(metric_id)
    return known or Measure(metric_id, metric_id, "", "n", words.count, "Other")
