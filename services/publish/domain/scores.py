"""The table of scores of a whole service, and its outcomes."""

from dataclasses import dataclass
from itertools import groupby

from schemas.vocabulary import Outcome
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import BY_ID, MEASURES
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period

ENDED = "journeys_ended"
_TOUCHPOINT_ONLY = frozenset({"touchpoint_journeys", "touchpoint_events", "step_dropoff"})

# The order of the bar: from done, over the agency's part, to lost; `kind` chooses the colour.
_OUTCOMES = {
    Outcome.SUCCESS: ("Success", "done"),
    Outcome.NEGATIVE_BUT_CORRECT: ("Refused, correctly", "done-also"),
    Outcome.INFORMED: ("Only informed", "aside"),
    Outcome.TRANSFERRED: ("Transferred to another service", "aside-also"),
    Outcome.UNDECIDED: ("Left undecided by the agency", "waiting"),
    Outcome.WITHDRAWN: ("Withdrawn by the citizen", "left-also"),
    Outcome.ABANDONED: ("Abandoned", "left"),
    Outcome.EXPIRED: ("Ran out of time", "lost-also"),
    Outcome.ERROR: ("Failed with an error", "lost"),
}


@dataclass(frozen=True)
class Group:
    """Scores that belong together."""

    name: str
    rows: tuple[Figure, ...]


@dataclass(frozen=True)
class OutcomeShare:
    """How many journeys ended in one way; `start` and `share` place it on a bar of length 1."""

    name: str
    kind: str
    n: str
    percent: str
    start: float
    share: float


def scores(numbers: Numbers, period: Period) -> tuple[Group, ...]:
    """Every score of the service in a fixed order; what has no number says why."""
    unknown = sorted(numbers.ids_at(period) - set(BY_ID))
    ids = [measure.id for measure in MEASURES if measure.id not in _TOUCHPOINT_ONLY] + unknown
    rows = [row for metric_id in ids for row in _rows(numbers, period, metric_id)]
    grouped = groupby(rows, key=lambda row: row.measure.group)
    return tuple(Group(name, tuple(found)) for name, found in grouped)


def _rows(numbers: Numbers, period: Period, metric_id: str) -> list[Figure]:
    found = numbers.find(period, metric_id)
    return [figure(message, metric_id) for message in found] or [figure(None, metric_id)]


def outcomes(numbers: Numbers, period: Period) -> tuple[OutcomeShare, ...]:
    """How the journeys ended, in the order of the bar; none when none ended."""
    message = numbers.first(period, ENDED)
    counted = dict(message.distribution or {}) if message else {}
    total = sum(counted.values())
    placed: list[OutcomeShare] = []
    for word in _in_order(counted):
        start = placed[-1].start + placed[-1].share if placed else 0.0
        placed.append(_share(word, counted[word], total, start))
    return tuple(placed)


def informed(numbers: Numbers, period: Period) -> int:
    """How many journeys ended with information alone; they are outside every completion rate."""
    message = numbers.first(period, ENDED)
    return (message.distribution or {}).get(Outcome.INFORMED, 0) if message else 0


def _in_order(counted: dict[str, int]) -> list[str]:
    known = [str(outcome) for outcome in _OUTCOMES]
    return [word for word in [*known, *sorted(set(counted) - set(known))] if counted.get(word)]


def _share(word: str, n: int, total: int, start: float) -> OutcomeShare:
    known = word in set(Outcome)
    name, kind = _OUTCOMES.get(Outcome(word), (word, "aside")) if known else (word, "aside")
    share = n / total
    return OutcomeShare(name, kind, words.count(n), words.percent(share), start, share)
