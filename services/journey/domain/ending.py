"""When and how a journey ends: by its own action, or by silence; then closed, then final.

Silence is only ever looked at, never written down by time passing: the same journey seen at an
earlier instant is still open. Every deadline is inclusive: what happens exactly at it is in time.
"""

from datetime import datetime
from typing import NamedTuple

from services.journey.domain import words
from services.journey.domain.journey import Journey
from services.journey.domain.rules import ServiceRules


class View(NamedTuple):
    """A journey as seen at an instant. `due` is the last instant at which it still looks so."""

    ended: datetime | None
    outcome: str
    status: str
    due: datetime
    closed: datetime | None


def is_kept(journey: Journey) -> bool:
    """Whether something waits for the citizen: a case, a saved run or a submission."""
    return journey.case is not None or journey.saved or journey.submitted is not None


def deadline(journey: Journey, rules: ServiceRules) -> datetime:
    """The last instant at which an entry still finds the journey running."""
    if journey.turn == words.AGENCY:
        limit = rules.decision_limit
    else:
        limit = rules.time_limit if is_kept(journey) else rules.journey_gap
    return min(journey.since + limit, journey.opened + rules.max_duration)


def ending(journey: Journey, now: datetime, rules: ServiceRules) -> tuple[datetime | None, str]:
    """When and how the journey has ended by `now`; (None, open) while it runs."""
    if journey.ended is not None:
        return journey.ended, journey.outcome
    due = deadline(journey, rules)
    return (None, words.OPEN) if now <= due else (due, _silent_outcome(journey))


def closing(journey: Journey, ended: datetime, rules: ServiceRules) -> datetime:
    """The end of the follow-up window of a journey that ended then."""
    return ended + (rules.follow_up if journey.case is None else rules.case_follow_up)


def view(journey: Journey, now: datetime, watermark: datetime, rules: ServiceRules) -> View:
    """The journey as seen at `now`, at or after the watermark. Only the watermark makes it final:
    up to there on-time entries may still come.
    """
    ended, outcome = journey.ended, journey.outcome
    if ended is None:
        ended = deadline(journey, rules)
        if now <= ended:
            return View(None, words.OPEN, words.OPEN, ended, None)
        outcome = _silent_outcome(journey)
    closes = closing(journey, ended, rules)
    if now <= closes:
        return View(ended, outcome, words.ENDED, closes, None)
    last = closes + rules.grace
    status = words.FINAL if watermark > last else words.CLOSED
    return View(ended, outcome, status, last, closes)


def _silent_outcome(journey: Journey) -> str:
    if journey.turn == words.AGENCY:
        return words.UNDECIDED
    if journey.started is None:
        return words.INFORMED
    return words.EXPIRED if is_kept(journey) else words.ABANDONED
