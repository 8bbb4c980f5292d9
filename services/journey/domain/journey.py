"""The fold of one journey: what each of its entries, in order, adds to it.

A journey is a function of its own entries alone (and of its predecessor's end when it opened), so
that taking another journey's entries away leaves it as it is. A little long because it is one fold.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

from services.journey.domain import words
from services.journey.domain.entries import Entry, Help
from services.journey.domain.parts import Asked, Choice, Helped, Place, Previous, Spell
from services.journey.domain.rules import ServiceRules

ENDING: Final[dict[str, str]] = {
    words.COMPLETED: words.SUCCESS,
    words.DECIDED: words.SUCCESS,
    words.FAILED: words.ERROR,
    words.WITHDRAWN: words.WITHDRAWN,
    words.TRANSFERRED: words.TRANSFERRED,
}
"""The actions that end a journey, and the outcome of one that names none."""
STARTING: Final[frozenset[str]] = frozenset({words.STARTED, words.SUBMITTED, *ENDING})
# To come, begin, go on, send off or ask is to choose a channel; to answer a survey where it was
# sent is not.
CHOOSING: Final[frozenset[str]] = frozenset(
    {words.VISITED, words.STARTED, words.RESUMED, words.SUBMITTED, words.CONTACTED}
)
_MAY_REFUSE: Final[frozenset[str]] = frozenset({words.COMPLETED, words.DECIDED})
_WEEK = timedelta(days=7)
_FOUR_WEEKS = timedelta(days=28)


class Journey(msgspec.Struct, array_like=True, gc=False):
    """One journey, running or ended by an action of its own.

    `since` is when the silence or the agency's time began. `ended` is set by an ending action, or
    by silence once a later entry has come; until then silence is for `ending.look` to see.
    `calls` are the citizen's contacts, the predecessors' last one first. `alone`: all earlier ones
    had ended when it opened.
    """

    id: UUID
    opened: datetime
    first: int
    since: datetime
    latest: datetime
    previous: Previous | None = None
    case: str | None = None
    turn: str = words.CITIZEN
    saved: bool = False
    assisted: bool = False
    started: datetime | None = None
    submitted: datetime | None = None
    decided: datetime | None = None
    ended: datetime | None = None
    outcome: str = words.OPEN
    by_silence: bool = False
    transferred_to: str | None = None
    resumed: int = 0
    visits: int = 1
    entries: int = 0
    last_touchpoint: str | None = None
    milestones: dict[str, datetime] = {}
    places: dict[str, Place] = {}
    choices: list[Choice] = []
    survey: list[Asked] = []
    contacts: list[Helped] = []
    calls: list[datetime] = []
    spells: list[Spell] = []
    alone: bool = False


def outcome_of(entry: Entry) -> str:
    """The outcome an ending action gives: its own, but a refusal that is right is said with it."""
    if entry.outcome == words.NEGATIVE_BUT_CORRECT and entry.action in _MAY_REFUSE:
        return entry.outcome
    return ENDING[entry.action]


def record(journey: Journey, entry: Entry, rules: ServiceRules) -> None:
    """Add what every entry adds, before the end or after it."""
    time, action = entry.time, entry.action
    if journey.case is None:
        journey.case = entry.case
    if time - journey.latest >= rules.visit_gap:
        journey.visits += 1
    journey.latest = time
    journey.entries += 1
    journey.assisted = journey.assisted or entry.assisted
    if entry.stage not in journey.milestones:
        journey.milestones[entry.stage] = time
    _place(journey, entry)
    _choose_channel(journey, entry)
    if entry.initiator == words.CITIZEN and entry.stage == words.TRANSACTION:
        journey.last_touchpoint = entry.touchpoint
    if action in _NOTED:
        _NOTED[action](journey, entry)


def move(journey: Journey, entry: Entry) -> None:
    """Turn, start and end: what only an entry before the end does."""
    if journey.started is None and _starts(entry):
        journey.started = entry.time
    _take_turn(journey, entry)
    if entry.initiator == words.CITIZEN and journey.turn == words.CITIZEN:
        journey.since = entry.time
    if entry.action in ENDING:
        end(journey, entry)


def end(journey: Journey, entry: Entry) -> None:
    """The entry's ending action ends the journey."""
    journey.ended = entry.time
    decide(journey, entry)


def decide(journey: Journey, entry: Entry) -> None:
    """The entry's ending action fixes the outcome; when the journey ended stays as it is."""
    journey.outcome = outcome_of(entry)
    journey.by_silence = False
    gone = journey.outcome == words.TRANSFERRED
    journey.transferred_to = entry.transferred_to if gone else None


def _starts(entry: Entry) -> bool:
    if entry.stage != words.TRANSACTION or entry.action == words.RESUMED:
        return False
    return entry.initiator == words.CITIZEN or entry.action in STARTING


def _take_turn(journey: Journey, entry: Entry) -> None:
    action = entry.action
    if action == words.SUBMITTED:
        journey.submitted = journey.submitted or entry.time
        if journey.turn == words.CITIZEN:
            journey.turn, journey.since = words.AGENCY, entry.time
    elif action == words.RETURNED:
        journey.turn, journey.since = words.CITIZEN, entry.time
    elif action in (words.SAVED, words.RESUMED):
        journey.saved = True


def _place(journey: Journey, entry: Entry) -> None:
    place = journey.places.get(entry.touchpoint)
    if place is None:
        journey.places[entry.touchpoint] = Place(
            entry.stage, entry.time, entry.time, entry.channel, entry.initiator
        )
    else:
        place.last = entry.time
        place.count += 1


def _choose_channel(journey: Journey, entry: Entry) -> None:
    if entry.initiator == words.CITIZEN and entry.action not in CHOOSING:
        return
    choices = journey.choices
    if choices:
        latest = choices[-1]
        if latest.channel == entry.channel and latest.initiator == entry.initiator:
            return
    choices.append(Choice(entry.time, entry.channel, entry.initiator))


def _ask(journey: Journey, entry: Entry) -> None:
    if entry.opinion is not None:
        journey.survey.append(
            Asked(
                entry.time,
                entry.action,
                entry.touchpoint,
                entry.channel,
                entry.provenance,
                entry.opinion,
            )
        )


def _help(journey: Journey, entry: Entry) -> None:
    by_citizen = entry.initiator == words.CITIZEN
    pause = entry.time - journey.calls[-1] if by_citizen and journey.calls else None
    journey.contacts.append(
        Helped(
            entry.time,
            entry.touchpoint,
            entry.channel,
            entry.initiator,
            entry.provenance,
            entry.help or Help(),
            repeat_7d=pause is not None and pause <= _WEEK,
            repeat_28d=pause is not None and pause <= _FOUR_WEEKS,
        )
    )
    if by_citizen:
        journey.calls.append(entry.time)


def _decide_first(journey: Journey, entry: Entry) -> None:
    if journey.decided is None:
        journey.decided = entry.time


def _resume(journey: Journey, _: Entry) -> None:
    journey.resumed += 1


_NOTED: Final[dict[str, Callable[[Journey, Entry], None]]] = {
    words.OFFERED: _ask,
    words.ANSWERED: _ask,
    words.DISMISSED: _ask,
    words.CONTACTED: _help,
    words.DECIDED: _decide_first,
    words.RESUMED: _resume,
}
