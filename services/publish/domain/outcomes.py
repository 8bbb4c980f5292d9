"""How journeys ended, as the parts of one bar."""

from dataclasses import dataclass

from schemas.vocabulary import Outcome
from services.publish.domain import words
from services.publish.domain.numbers import is_hidden
from services.publish.domain.view import View

ENDED = "journeys_ended"

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
class OutcomeShare:
    """How many journeys ended in one way; `start` and `share` place it on a bar of length 1."""

    name: str
    kind: str
    n: int
    percent: str
    start: float
    share: float

    @property
    def n_text(self) -> str:
        """The number as it is written."""
        return words.count(self.n)


def name_of(word: str) -> str:
    """How an outcome is called on a page; one of a later version by its word."""
    known = word in set(Outcome) and Outcome(word) in _OUTCOMES
    return _OUTCOMES[Outcome(word)][0] if known else words.sentence(word)


def outcomes(view: View) -> tuple[OutcomeShare, ...]:
    """How the journeys ended, in the order of the bar; none when none ended."""
    counted = _counted(view)
    total = sum(counted.values())
    placed: list[OutcomeShare] = []
    for word in _in_order(counted):
        start = placed[-1].start + placed[-1].share if placed else 0.0
        placed.append(_share(word, counted[word], total, start))
    return tuple(placed)


def informed(view: View) -> int:
    """How many journeys ended with information alone; they are outside every completion rate."""
    return _counted(view).get(Outcome.INFORMED, 0)


def _counted(view: View) -> dict[str, int]:
    message = view.message(ENDED)
    return {} if message is None or is_hidden(message) else dict(message.distribution or {})


def _in_order(counted: dict[str, int]) -> list[str]:
    known = [str(outcome) for outcome in _OUTCOMES]
    return [word for word in [*known, *sorted(set(counted) - set(known))] if counted.get(word)]


def _share(word: str, n: int, total: int, start: float) -> OutcomeShare:
    known = word in set(Outcome)
    kind = _OUTCOMES.get(Outcome(word), ("", "aside"))[1] if known else "aside"
    share = n / total
    return OutcomeShare(name_of(word), kind, n, words.percent(share), start, share)
