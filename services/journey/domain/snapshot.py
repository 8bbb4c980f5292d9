"""A journey as the world sees it: bytes of a `JourneySnapshot`; answers and times, never scores."""

from typing import Final
from uuid import UUID

import msgspec

from schemas.vocabulary import RevisionReason
from services.journey.domain import words
from services.journey.domain.journey import Journey
from services.journey.domain.looking import Citizen
from services.journey.domain.naming import Shown
from services.journey.domain.parts import Asked, Helped, Previous
from services.journey.domain.wire import (
    ChoiceWire,
    ContactWire,
    DriverWire,
    MilestoneWire,
    PredecessorWire,
    SnapshotWire,
    StepWire,
    VisitWire,
)

_encode = msgspec.json.Encoder().encode
ERASED: Final = str(RevisionReason.ERASED)
_NOBODY: Final = "A" * 24  # eighteen bytes of zero: no keyed hash


class Labels(msgspec.Struct, frozen=True, gc=False):
    """What all journeys of a citizen have in common, and the number that versions start from."""

    pseudonym: str
    first_version: int


def key_of(name: UUID) -> bytes:
    """The key of a journey's snapshots: its id as text."""
    return _encode(name)[1:-1]


def render(citizen: Citizen, journey: Journey, shown: Shown, labels: Labels) -> bytes:
    """The journey's snapshot, as it was told last: of the version its last change gave it."""
    return _render(citizen, journey, shown, labels, None)


def render_superseded(citizen: Citizen, left_over: Shown, into: UUID, labels: Labels) -> bytes:
    """The last word about an id: the journey that holds its entries now. It does not say whose it
    was, because the id is remembered no longer: an erasure could not find it.
    """
    opened = left_over.opened
    empty = Journey(left_over.id, opened, 0, opened, opened)
    nobody = Labels(_NOBODY, labels.first_version)
    return _render(citizen, empty, left_over, nobody, into)


def render_erased(citizen: Citizen, gone: Shown, first_version: int) -> bytes:
    """The last word about a journey of somebody who was erased: nothing that leads to them."""
    nobody = Citizen(citizen.service, citizen.clock, None, citizen.agency, words.UNLINKED)
    empty = Journey(gone.id, gone.opened, 0, gone.opened, gone.opened, visits=0)
    return _render(nobody, empty, gone, Labels(_NOBODY, first_version), None)


def _render(
    citizen: Citizen, journey: Journey, shown: Shown, labels: Labels, into: UUID | None
) -> bytes:
    return _encode(
        SnapshotWire(
            id=journey.id,
            version=labels.first_version + shown.offset,
            revision=shown.revision,
            revision_reason=shown.reason,
            clock=citizen.clock,
            pseudonym=labels.pseudonym,
            identity=citizen.identity,
            agency=citizen.agency,
            service=citizen.service,
            case=journey.case,
            status=shown.status,
            turn=journey.turn,
            outcome=shown.outcome,
            transferred_to=journey.transferred_to,
            opened=journey.opened,
            started=journey.started,
            submitted=journey.submitted,
            decided=journey.decided,
            ended=shown.ended,
            closed=shown.closed,
            saved=journey.saved,
            assisted=journey.assisted,
            resumed=journey.resumed,
            visits=journey.visits,
            entries=journey.entries,
            milestones=[MilestoneWire(stage, time) for stage, time in journey.milestones.items()],
            channels=[ChoiceWire(one.time, one.channel, one.initiator) for one in journey.choices],
            first_channel=_first_channel(journey),
            touchpoints=[
                VisitWire(
                    name,
                    place.stage,
                    place.count,
                    place.first,
                    place.last,
                    place.channel,
                    place.initiator,
                )
                for name, place in journey.places.items()
            ],
            last_touchpoint=journey.last_touchpoint,
            survey=[_step(asked) for asked in journey.survey],
            contacts=[_contact(helped) for helped in journey.contacts],
            predecessor=_predecessor(journey.previous),
            alone=journey.alone and not journey.spells,
            superseded_by=into,
            erased=shown.reason == ERASED,
        )
    )


def _first_channel(journey: Journey) -> str | None:
    for choice in journey.choices:
        if choice.initiator == words.CITIZEN:
            return choice.channel
    return None


def _step(asked: Asked) -> StepWire:
    opinion = asked.opinion
    return StepWire(
        time=asked.time,
        action=asked.action,
        touchpoint=asked.touchpoint,
        channel=asked.channel,
        provenance=asked.provenance,
        about=opinion.about,
        construct=opinion.construct,
        scale=opinion.scale,
        answer=opinion.answer,
        instrument=opinion.instrument,
        wording=opinion.wording,
        offer_id=opinion.offer_id,
        drivers=[DriverWire(driver=d, polarity=p, chosen=c) for d, p, c in opinion.drivers],
    )


def _contact(helped: Helped) -> ContactWire:
    return ContactWire(
        time=helped.time,
        touchpoint=helped.touchpoint,
        channel=helped.channel,
        initiator=helped.initiator,
        provenance=helped.provenance,
        reason=helped.help.reason,
        avoidable=helped.help.avoidable,
        reached=helped.help.reached,
        repeat_7d=helped.repeat_7d,
        repeat_28d=helped.repeat_28d,
    )


def _predecessor(previous: Previous | None) -> PredecessorWire | None:
    if previous is None:
        return None
    return PredecessorWire(
        id=previous.id, ended=previous.ended, last_citizen_channel=previous.channel
    )
