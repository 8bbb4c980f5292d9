"""A link: the lower identity hands over all that is held of it, and is forwarded from then on.

The only rule there is yet is a rotation of keys: both are the same person, for good.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from schemas.codec import SchemaViolation, decode
from schemas.control import KEY_ROTATION, LIVE, Handover, Hop, Link
from schemas.vocabulary import RevisionReason
from services.journey.domain import moves
from services.journey.domain.arrival import Arrival
from services.journey.domain.draft import Draft
from services.journey.domain.erasing import memory
from services.journey.domain.looking import Cause, Changes, Citizen, keep, look
from services.journey.domain.moves import Move
from services.journey.domain.naming import supersede
from services.journey.domain.parcel import Parcel, bound, openers, packed, parcels, renamed
from services.journey.domain.people import Person
from services.journey.domain.reading import unreadable
from services.journey.domain.step import Alarm, Arm, SourceRecord, UnknownControl


def fold(draft: Draft, record: SourceRecord) -> None:
    """Draft what a link changes here, and what is sent on. One that comes again changes nothing.

    Raises UnknownControl for a rule we cannot follow.
    """
    try:
        link = decode(Link, record.value)
    except SchemaViolation as violation:
        draft.alarms.append(Alarm(record.offset, "link.unreadable", violation))
        draft.refuse(record, unreadable(record, str(violation)))
        return
    if link.rule != KEY_ROTATION or link.revoked:
        raise UnknownControl(f"link by the rule {link.rule!r} at offset {record.offset}")
    lower = link.lower.encode()
    known = moves.of(draft, lower)
    until = record.appended_at + memory(draft)
    move = _move(link, known, until, draft.rules.most_entries)
    if draft.memory.marks.since(lower) is None:
        # Of whoever was erased nothing is kept but the mark, least of all a way from name to name.
        _note(draft, lower, move, known)
    sent = list(_hand_over(draft, lower, move, record, is_first=known is None))
    for parcel in sent:
        hand(draft, link, packed(parcel))
    if not sent and _says_more(draft, link, known):
        hand(draft, link, "")


def forward(draft: Draft, move: Move, arrivals: Sequence[Arrival]) -> None:
    """Send events on that came for somebody who has moved."""
    for arrival in arrivals:
        lower, entry = arrival.key.decode(), bound(arrival.entry, move.upper)
        parcel = Parcel(
            arrival.service,
            arrival.clock,
            arrival.agency,
            arrival.identity,
            renamed([entry], move.cases),
        )
        way = (moves.hop(move, lower),)
        told = Handover(upper=move.upper, origin=lower, entries=packed(parcel), way=way)
        moves.send(draft, told)


def hand(draft: Draft, link: Link, entries: str) -> None:
    """Tell the upper one what the lower one has, and what the link says of it."""
    told = Handover(
        upper=link.upper,
        origin=link.lower,
        entries=entries,
        erased=draft.memory.marks.since(link.lower.encode()),
        objects=draft.memory.marks.stands(link.lower.encode()),
        former_case=link.former_case,
        case=link.case,
        way=(Hop(lower=link.lower, linked=link.time),),
    )
    moves.send(draft, told)


def _move(link: Link, known: Move | None, until: datetime, most: int) -> Move:
    """Of cases the newest: no more of them than may be held of anybody's entries."""
    cases: dict[str, str] = {} if known is None else dict(known.cases)
    if link.former_case is not None and link.case is not None:
        cases[link.former_case] = link.case
    return Move(link.upper, until, dict(list(cases.items())[-most:]), link.time)


def _note(draft: Draft, lower: bytes, move: Move, known: Move | None) -> None:
    if not move.says_the_same(known):
        key = moves.key_of(lower)
        draft.state[key] = moves.encode(move)
        draft.arms.append(Arm(LIVE, key, move.until))


def _says_more(draft: Draft, link: Link, known: Move | None) -> bool:
    """Whether the upper one must hear of it although nothing is held."""
    if draft.memory.marks.since(link.lower.encode()) is not None:
        return True
    cases: Mapping[str, str] = {} if known is None else known.cases
    return link.former_case is not None and link.former_case not in cases


def _hand_over(
    draft: Draft, lower: bytes, move: Move, record: SourceRecord, *, is_first: bool
) -> Iterator[Parcel]:
    """Memories go once; entries may have come again, where the move was forgotten meanwhile."""
    person = Person(draft, lower)
    for citizen, changes in person.dealings:
        if citizen.journeys or is_first:
            yield from parcels(citizen, move.upper, move.cases)
            _let_go(citizen, changes, move.upper, draft.cause(record, citizen))
    person.finish()


def _let_go(citizen: Citizen, changes: Changes, upper: str, cause: Cause) -> None:
    """Nothing is held; what is remembered stays, for an erasure to find what was told here."""
    names = openers(citizen, upper)
    for shown in citizen.shown:
        supersede(shown, cause.offset, RevisionReason.RELINKED)
        changes.superseded.append((shown, names[shown.id]))
    citizen.journeys, citizen.shown = [], []
    keep(citizen, (), b"")
    look(citizen, cause, None, changes)
