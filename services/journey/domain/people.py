"""One person's row while a step changes it: decoded, changed, encoded and told."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from schemas.vocabulary import RecordKind
from services.journey.domain import state
from services.journey.domain.arrival import Arrival
from services.journey.domain.draft import Draft
from services.journey.domain.journey import Journey
from services.journey.domain.looking import Changes, Citizen
from services.journey.domain.naming import Shown, erased
from services.journey.domain.parcel import Parcel
from services.journey.domain.shelf import in_hand
from services.journey.domain.snapshot import (
    Labels,
    key_of,
    render,
    render_erased,
    render_superseded,
)
from services.journey.domain.step import Arm

Told = tuple[UUID, bytes]


class Person:
    """The row of one pseudonym, made anew from its bytes: a Citizen per service and clock."""

    def __init__(self, draft: Draft, key: bytes) -> None:
        self._draft = draft
        self._key = key
        self._row = draft.row(key)
        self._dealings = [(one, Changes()) for one in state.decode_person(self._row)]

    def dealing_with(self, arrival: Arrival | Parcel) -> tuple[Citizen, Changes]:
        """Whom it is for, new when it is the first of its service and clock."""
        service, clock = arrival.service, arrival.clock
        for dealing in self._dealings:
            if dealing[0].service == service and dealing[0].clock == clock:
                return dealing
        one = Citizen(service, clock, None, arrival.agency, arrival.identity)
        self._dealings.append((one, Changes()))
        return self._dealings[-1]

    def on_clock(self, clock: str) -> Iterator[tuple[Citizen, Changes]]:
        """Every Citizen of a clock."""
        return (dealing for dealing in self._dealings if dealing[0].clock == clock)

    @property
    def dealings(self) -> Sequence[tuple[Citizen, Changes]]:
        """With every service, on every clock."""
        return self._dealings

    def erase(self, offset: int, instant: datetime) -> int:
        """Draft that nothing is held and that each journey is told to be gone; how many."""
        draft, key = self._draft, self._key
        if self._row is None:
            return 0
        draft.state[key] = None
        draft.arms += [Arm(one.clock, key, None) for one, _ in self._dealings]
        gone = [each for one, _ in self._dealings for each in _gone(one, offset, instant)]
        for one, shown in gone:
            told = render_erased(one, shown, draft.first_version)
            draft.tell(RecordKind.JOURNEY, key_of(shown.id), told)
        return len(gone)

    def finish(self) -> None:
        """Draft the row, its deadlines and what is to be told: all of it or, failing, nothing."""
        draft, key = self._draft, self._key
        row = state.encode_person([one for one, _ in self._dealings])
        if row == self._row:
            return
        labels = Labels(key.decode(), draft.first_version)
        told = [each for dealing in self._dealings for each in _told(*dealing, labels)]
        draft.state[key] = row
        dues = state.soonest(one for one, _ in self._dealings)
        draft.arms += [Arm(clock, key, due) for clock, due in dues.items()]
        for name, snapshot in told:
            draft.tell(RecordKind.JOURNEY, key_of(name), snapshot)


def _gone(citizen: Citizen, offset: int, instant: datetime) -> Iterator[tuple[Citizen, Shown]]:
    """What is told of the journeys that are held or remembered: that they are no more."""
    for one in citizen.shown:
        yield citizen, erased(one.id, offset, instant, one.revision + 1)
    for past in (one for one in citizen.past if not one.is_elsewhere):
        yield citizen, erased(past.id, offset, instant, 1)


def _told(citizen: Citizen, changes: Changes, labels: Labels) -> Iterator[Told]:
    for left_over, into in changes.superseded:
        yield left_over.id, render_superseded(citizen, left_over, into, labels)
    for gone in changes.erased:
        yield gone.id, render_erased(citizen, gone, labels.first_version)
    for one in changes.final:
        yield one.journey.id, render(citizen, one.journey, one.shown, labels)
    yield from _held(citizen, in_hand(citizen.journeys), changes.held, labels)


def _held(
    citizen: Citizen, journeys: Iterable[Journey], shown: Mapping[int, Shown], labels: Labels
) -> Iterator[Told]:
    for journey in journeys:
        told = shown.get(journey.id.int)
        if told is not None:
            yield journey.id, render(citizen, journey, told, labels)


def retold(citizen: Citizen, ids: Collection[UUID], labels: Labels) -> Iterator[Told]:
    """The snapshots of those of a citizen's journeys, as they were told last."""
    shown = {one.id.int: one for one in citizen.shown if one.id in ids}
    return _held(citizen, citizen.journeys, shown, labels)
