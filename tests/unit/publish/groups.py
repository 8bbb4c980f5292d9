"""What groups said and what was tallied, as metrics tells it, for the year of `year.py`."""

from collections.abc import Iterator
from typing import Any

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, Level, Provenance, PublishState
from tests.unit.publish.samples import SURVEY, message

PLACE = "renewal-photo"


def told_of_many(changes: dict[str, Any]) -> Iterator[MetricMessage]:
    """A group on the whole service, and tallies at the photo step."""
    here = changes | {"touchpoint": PLACE, "level": Level.TOUCHPOINT}
    yield told("moderated.events", {"answered": 18}, changes)
    yield told("moderated.themes", {"negative": 11, "neutral": 1}, changes | {"driver": "ease"})
    yield told("moderated.themes", {"positive": 4}, changes | {"driver": "humanity"})
    hidden = {"state": PublishState.SUPPRESSED, "driver": "employee"}
    yield told("moderated.themes", {"positive": 3}, changes | hidden)
    yield told("moderated.answers", {"2": 5, "3": 4, "4": 2}, SURVEY | changes)
    yield told("estimated.events", {"visited": 240, "contacted": 41}, here)
    yield told("estimated.contacts", {"yes": 38, "unknown": 3}, here | {"reason": "error"})


def told(metric_id: str, said: dict[str, int], changes: dict[str, Any]) -> MetricMessage:
    """One message: a count, and what it is made of."""
    n = sum(said.values())
    numbers: dict[str, Any] = {
        "n": n,
        "numerator": n,
        "value": n,
        "distribution": said,
        "state": PublishState.OK if n >= 30 else PublishState.LOW_N,
        "flags": (Flag.PROVISIONAL,),
        "provenance": Provenance(metric_id.partition(".")[0]),
    }
    return message(metric_id, **(numbers | changes))
