"""One person's row while a step changes it: decoded, changed, encoded and told."""

from collections.abc import Collection, Iterator
from uuid import UUID

from schemas.touchpoint_event import TouchpointEvent
from schemas.vocabulary import IDENTITY_OF_KIND, RecordKind
from services.journey.domain import state
from services.journey.domain.draft import Draft
from services.journey.domain.looking import Changes, Citizen
from services.journey.domain.snapshot import Labels, render, render_superseded
from services.journey.domain.step import Arm

Told = tuple[UUID, bytes]


class Person:
    """The row of one pseudonym, made anew from its bytes: a Citizen per service and clock."""

    def __init__(self, draft: Draft, key: bytes) -> None:
        self._draft = draft
        self._key = key
        self._row = draft.row(key)
        self._dealings = [(one, Changes()) for one in state.decode_person(self._row)]

    def dealing_with(self, event: TouchpointEvent) -> tuple[Citizen, Changes]:
        """Whom an event is for, new when it is the first of its service and clock."""
        for one, changes in self._dealings:
            if one.service == event.service and one.clock == event.clock:
                return one, changes
        identity = str(IDENTITY_OF_KIND[event.identity_kind])
        one = Citizen(event.service, event.clock, None, event.agency, identity)
        self._dealings.append((one, Changes()))
        return self._dealings[-1]

    def on_clock(self, clock: str) -> Iterator[tuple[Citizen, Changes]]:
        """Every Citizen of a clock."""
        return (dealing for dealing in self._dealings if dealing[0].clock == clock)

    def finish(self) -> None:
        """Draft the row, its deadlines and what is to be told: all of it or, failing, nothing."""
        row = state.encode_person([one for one, _ in self._dealings])
        if row == self._row:
            return
        told = [each for one, changes in self._dealings for each in self._told(one, changes)]
        self._draft.state[self._key] = row
        for clock in {one.clock for one, _ in self._dealings}:
            dues = [one.due for one, _ in self.on_clock(clock) if one.due is not None]
            self._draft.arms.append(Arm(clock, self._key, min(dues, default=None)))
        for name, snapshot in told:
            self._draft.tell(RecordKind.JOURNEY, str(name).encode(), snapshot)

    def _told(self, citizen: Citizen, changes: Changes) -> Iterator[Told]:
        labels = Labels(self._key.decode(), self._draft.first_version)
        for left_over, into in changes.superseded:
            yield left_over.id, render_superseded(citizen, left_over, into, labels)
        for journey, _, shown in changes.final:
            yield journey.id, render(citizen, journey, shown, labels)
        yield from held(citizen, changes.held, labels)


def held(citizen: Citizen, ids: Collection[UUID], labels: Labels) -> Iterator[Told]:
    """The snapshots of those of a citizen's journeys, as they were told last."""
    known = {one.id: one for one in citizen.shown}
    for journey in citizen.journeys:
        if journey.id in ids:
            yield journey.id, render(citizen, journey, known[journey.id], labels)
