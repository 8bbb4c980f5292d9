"""How one journey stands at an instant, told from all its events each time anew.

The rules, in the order in which they are used:

* The first ending action (completed, decided, failed, withdrawn, transferred) ends the journey.
* `submitted` gives the agency the turn, `returned` gives it back; nothing else moves it.
* The agency's turn lasts `decision_limit` from the submission that gave it: then `undecided`.
* The citizen's turn lasts from the citizen's last act or the last `returned`: `time_limit` when the
  journey has a case, a saved or resumed run or a submission (then `expired`), else `journey_gap`
  (then `abandoned`). A journey that never started ends as `informed`.
* `max_duration` after opening is such a deadline too.
* An event exactly at the deadline is in time; later than it, silence has ended the journey.
* After the end nothing changes it, but for two things: `decided` of its case corrects the outcome;
  and where silence had ended it, `resumed`, or with its case `submitted`, `returned` or an ending
  action, reopens it. `processed` is a step of the agency and changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Windows
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Initiator, Outcome, Stage, Turn

ENDING = {
    Action.COMPLETED: Outcome.SUCCESS,
    Action.DECIDED: Outcome.SUCCESS,
    Action.FAILED: Outcome.ERROR,
    Action.WITHDRAWN: Outcome.WITHDRAWN,
    Action.TRANSFERRED: Outcome.TRANSFERRED,
}
REOPENS = {Action.RESUMED}
REOPENS_WITH_CASE = {*REOPENS, Action.SUBMITTED, Action.RETURNED, *ENDING}


@dataclass(frozen=True)
class Standing:
    """Ended or not, how, and the events that were in time: those that moved the journey."""

    ended: datetime | None
    outcome: Outcome
    by_silence: bool
    moving: tuple[TouchpointRecord, ...]


def standing(
    events: Sequence[TouchpointRecord], windows: Windows, now: datetime | None = None
) -> Standing:
    """How the journey of these sorted events stands at `now`; None is the end of all time."""
    current = Standing(None, Outcome.OPEN, by_silence=False, moving=())
    for place, event in enumerate(events):
        before = events[:place]
        current = _silenced(current, before, windows, event.time)
        current = _moved(current, event, case_of(before))
    return _silenced(current, events, windows, now)


def case_of(events: Sequence[TouchpointRecord]) -> str | None:
    """The journey's case: the first one that any of its events brought."""
    return next((e.data.case for e in events if e.data.case is not None), None)


def turn(moving: Sequence[TouchpointRecord]) -> tuple[Turn, datetime]:
    """Whose move is next, and since when silence or the agency's limit runs."""
    gave = [e for e in moving if e.data.action in (Action.SUBMITTED, Action.RETURNED)]
    if gave and gave[-1].data.action is Action.SUBMITTED:
        returns = [n for n, e in enumerate(gave) if e.data.action is Action.RETURNED]
        return Turn.AGENCY, gave[returns[-1] + 1 if returns else 0].time
    acts = [
        e.time
        for e in moving
        if e.data.initiator is Initiator.CITIZEN or e.data.action is Action.RETURNED
    ]
    return Turn.CITIZEN, max(acts, default=moving[0].time)


def started(moving: Sequence[TouchpointRecord]) -> datetime | None:
    """The first event of the transaction that starts it; `resumed` never does."""
    return next((e.time for e in moving if _starts(e)), None)


def deadline(
    moving: Sequence[TouchpointRecord], case: str | None, windows: Windows
) -> tuple[datetime, Outcome]:
    """When silence ends the journey with this case, and as what."""
    whose, since = turn(moving)
    longest = moving[0].time + windows.max_duration
    if whose is Turn.AGENCY:
        return min(since + windows.decision_limit, longest), Outcome.UNDECIDED
    is_kept = case is not None or any(
        e.data.action in (Action.SAVED, Action.RESUMED, Action.SUBMITTED) for e in moving
    )
    if started(moving) is None:
        outcome = Outcome.INFORMED
    else:
        outcome = Outcome.EXPIRED if is_kept else Outcome.ABANDONED
    limit = windows.time_limit if is_kept else windows.journey_gap
    return min(since + limit, longest), outcome


def ending_outcome(event: TouchpointRecord) -> Outcome:
    """The outcome an ending action gives."""
    said, action = event.data.outcome, event.data.action
    if action in (Action.COMPLETED, Action.DECIDED) and said is Outcome.NEGATIVE_BUT_CORRECT:
        return said
    return ENDING[action]


def _starts(event: TouchpointRecord) -> bool:
    data = event.data
    if data.stage is not Stage.TRANSACTION or data.action is Action.RESUMED:
        return False
    return data.initiator is Initiator.CITIZEN or data.action in {
        Action.STARTED,
        Action.SUBMITTED,
        *ENDING,
    }


def _silenced(
    current: Standing,
    events: Sequence[TouchpointRecord],
    windows: Windows,
    now: datetime | None,
) -> Standing:
    if current.ended is not None or not current.moving:
        return current
    at, outcome = deadline(current.moving, case_of(events), windows)
    if now is not None and now <= at:
        return current
    return Standing(at, outcome, by_silence=True, moving=current.moving)


def _moved(current: Standing, event: TouchpointRecord, case: str | None) -> Standing:
    action = event.data.action
    is_its_case = case is not None and event.data.case == case
    reopening = REOPENS_WITH_CASE if is_its_case else REOPENS
    if current.ended is None or (current.by_silence and action in reopening):
        moving = (*current.moving, event)
        if action in ENDING:
            return Standing(event.time, ending_outcome(event), by_silence=False, moving=moving)
        return Standing(None, Outcome.OPEN, by_silence=False, moving=moving)
    if action is Action.DECIDED and is_its_case:
        return Standing(
            current.ended, ending_outcome(event), by_silence=False, moving=current.moving
        )
    return current
