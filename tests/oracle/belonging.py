"""Which journey an event belongs to: one person's sorted events, dealt out one by one.

* Events of different cases never meet; a journey without a case takes the first one it gets.
* A journey that has not ended accepts the rest. An ended one accepts nothing after `follow_up` (for
  its own case: `case_follow_up`), never `started`, and a citizen's `visited`, `saved` or
  `submitted` only within the same visit (less than 30 minutes after its last event) or with its
  case.
* Of those that accept: the same case before none, running before ended, the last opened.
* None accepts: the event opens a journey of its own.
"""

from collections.abc import Sequence
from datetime import timedelta

from schemas.catalogue import Windows
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Initiator
from tests.oracle.standing import case_of, standing

VISIT = timedelta(minutes=30)
NEEDS_VISIT_OR_CASE = {Action.VISITED, Action.SAVED, Action.SUBMITTED}
_ACTIONS = list(Action)

Events = tuple[TouchpointRecord, ...]


def order(event: TouchpointRecord) -> tuple[object, ...]:
    """Where an event stands among those of one person."""
    data = event.data
    return (event.time, data.sequence, _ACTIONS.index(data.action), event.source, event.id)


def without_twins(events: Sequence[TouchpointRecord]) -> Events:
    """The events sorted, each (source, id) once: of several copies the one that sorts first."""
    kept: dict[tuple[str, str], TouchpointRecord] = {}
    for event in sorted(events, key=order):
        kept.setdefault((event.source, event.id), event)
    return tuple(kept.values())


def deal(events: Sequence[TouchpointRecord], windows: Windows) -> list[Events]:
    """The journeys of one person's events, each as its events, in the order they opened."""
    journeys: list[Events] = []
    for event in without_twins(events):
        accepting = [n for n, own in enumerate(journeys) if _accepts(own, event, windows)]
        if not accepting:
            journeys.append((event,))
            continue
        best = max(accepting, key=lambda n: (*_fit(journeys[n], event, windows), n))
        journeys[best] = (*journeys[best], event)
    return journeys


def _accepts(own: Events, event: TouchpointRecord, windows: Windows) -> bool:
    case, action = case_of(own), event.data.action
    if case is not None and event.data.case is not None and case != event.data.case:
        return False
    ended = standing(own, windows, event.time).ended
    if ended is None:
        return True
    is_its_case = case is not None and event.data.case == case
    reach = windows.case_follow_up if is_its_case else windows.follow_up
    if action is Action.STARTED or event.time > ended + reach:
        return False
    if event.data.initiator is Initiator.CITIZEN and action in NEEDS_VISIT_OR_CASE:
        return is_its_case or event.time - own[-1].time < VISIT
    return True


def _fit(own: Events, event: TouchpointRecord, windows: Windows) -> tuple[bool, bool]:
    case = case_of(own)
    is_its_case = case is not None and case == event.data.case
    return is_its_case, standing(own, windows, event.time).ended is None
