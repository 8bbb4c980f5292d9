"""Which journey an entry belongs to. `fold` deals sorted entries out; it is `step`, repeated.

Different cases never meet. Of the journeys that accept an entry the same case comes before none,
running before ended, then the one that opened last; when none accepts, the entry opens one.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from services.journey.domain import words
from services.journey.domain.ending import closing, ending
from services.journey.domain.entries import Entry
from services.journey.domain.journey import ENDING, Journey, decide, move, record
from services.journey.domain.memory import Past, have_ended, predecessor
from services.journey.domain.parts import Spell
from services.journey.domain.rules import ServiceRules

# A citizen who does one of these is about something new, unless still on the same visit.
NEW_MATTER: Final[frozenset[str]] = frozenset({words.VISITED, words.SAVED, words.SUBMITTED})
# What takes up a journey again with its case, where only silence had ended it.
TAKEN_UP: Final[frozenset[str]] = frozenset(
    {words.RESUMED, words.SUBMITTED, words.RETURNED, *ENDING}
)
_NOT_AT_ALL, _ENDED, _RUNNING, _OWN_ENDED, _OWN_RUNNING = range(5)
_STILL_RUNNING: Final = (_RUNNING, _OWN_RUNNING)


def fold(
    entries: Iterable[Entry], past: Sequence[Past], rules: ServiceRules
) -> tuple[list[Journey], list[list[Entry]]]:
    """The journeys of sorted entries and the entries of each. The same event under two identities
    counts once.
    """
    journeys: list[Journey] = []
    members: dict[int, list[Entry]] = {}
    seen: set[int] = set()
    for entry in entries:
        home = deal(journeys, past, entry, rules, seen)
        if home is not None:
            members.setdefault(home, []).append(entry)
    return journeys, list(members.values())


def deal(
    journeys: list[Journey],
    past: Sequence[Past],
    entry: Entry,
    rules: ServiceRules,
    seen: set[int],
) -> int | None:
    """Deal out one entry as `step` does; the `first` of the journey it went to, or None when its id
    is among those seen.
    """
    if entry.id in seen:
        return None
    seen.add(entry.id)
    return step(journeys, past, entry, rules).first


def step(
    journeys: list[Journey], past: Sequence[Past], entry: Entry, rules: ServiceRules
) -> Journey:
    """Deal out one entry, later than all before; the journey it went to, new or changed in place.
    All others stay untouched.
    """
    journey, how = choose(journeys, entry, rules)
    if journey is None:
        journey = opened_by(journeys, past, entry, rules)
        journeys.append(journey)
    elif how not in _STILL_RUNNING:
        _meet(journey, entry, rules)
    record(journey, entry, rules)
    if journey.ended is None:
        move(journey, entry)
    return journey


def opened_by(
    journeys: Sequence[Journey], past: Sequence[Past], entry: Entry, rules: ServiceRules
) -> Journey:
    """A journey that this entry opens, before the entry is recorded."""
    previous, calls = predecessor(journeys, past, entry, rules)
    time = entry.time
    alone = have_ended(journeys, past, entry, rules)
    return Journey(entry.uid, time, entry.id, time, time, previous, calls=calls, alone=alone)


def choose(
    journeys: Sequence[Journey], entry: Entry, rules: ServiceRules
) -> tuple[Journey | None, int]:
    """The journey that fits best, and how well; of equals the one that opened last."""
    best, best_fit = None, _NOT_AT_ALL
    best_there_is = _RUNNING if entry.case is None else _OWN_RUNNING
    for journey in reversed(journeys):
        if (this := fit(journey, entry, rules)) > best_fit:
            best, best_fit = journey, this
            if this == best_there_is:
                break
    return best, best_fit


def fit(journey: Journey, entry: Entry, rules: ServiceRules) -> int:
    """How well the entry fits: the higher the better, 0 is not at all."""
    own = _is_own(journey, entry)
    if entry.case is not None and journey.case is not None and not own:
        return _NOT_AT_ALL
    ended = journey.ended
    if ended is None:
        ended, _ = ending(journey, entry.time, rules)
        if ended is None:
            return _OWN_RUNNING if own else _RUNNING
    if entry.action == words.STARTED:
        return _NOT_AT_ALL
    if own:
        return _OWN_ENDED if entry.time <= closing(journey, ended, rules) else _NOT_AT_ALL
    if entry.time > ended + rules.follow_up or _is_new_matter(journey, entry, rules):
        return _NOT_AT_ALL
    return _ENDED


def _is_own(journey: Journey, entry: Entry) -> bool:
    return entry.case is not None and entry.case == journey.case


def _is_new_matter(journey: Journey, entry: Entry, rules: ServiceRules) -> bool:
    if entry.action not in NEW_MATTER or entry.initiator != words.CITIZEN:
        return False
    return entry.time - journey.latest >= rules.visit_gap


def _meet(journey: Journey, entry: Entry, rules: ServiceRules) -> None:
    """A journey that has ended takes an entry: fix the end that silence made, or undo it, or let a
    decision of its case correct it.
    """
    ended, outcome = ending(journey, entry.time, rules)
    if ended is None:
        return
    own = _is_own(journey, entry)
    by_silence = journey.by_silence or journey.ended is None
    if by_silence and entry.action in TAKEN_UP and (own or entry.action == words.RESUMED):
        journey.spells.append(Spell(ended, entry.order))
        journey.ended, journey.outcome, journey.by_silence = None, words.OPEN, False
        return
    journey.ended, journey.outcome, journey.by_silence = ended, outcome, by_silence
    if own and entry.action == words.DECIDED:
        decide(journey, entry)
