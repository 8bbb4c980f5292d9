"""A tick moves the time of one clock: whatever is due by then is swept, to the end.

A large sweep is cut into slices, each a step of its own that leaves the position where it was; so
a worker that stops between two goes on where it was, and one that repeats a slice finds it done.
"""

from datetime import timedelta
from itertools import islice
from typing import Final

from schemas.codec import SchemaViolation, decode
from schemas.control import LIVE, Tick
from services.journey.domain import buckets, moves, unlinked
from services.journey.domain.draft import Draft
from services.journey.domain.looking import look
from services.journey.domain.people import Person
from services.journey.domain.reading import unreadable
from services.journey.domain.rules import FOREVER
from services.journey.domain.step import Alarm, Arm, SourceRecord

_LATER: Final = timedelta(days=1)


def fold(draft: Draft, record: SourceRecord) -> bool:
    """Draft what a tick changes; False when there is more to sweep."""
    try:
        tick = decode(Tick, record.value)
    except SchemaViolation as violation:
        draft.alarms.append(Alarm(record.offset, "tick.unreadable", violation))
        draft.refuse(record, unreadable(record, str(violation)))
        return True
    _move(draft, tick, record)
    instant = draft.watermark(tick.clock)
    due = list(islice(draft.memory.passed(tick.clock, instant), draft.rules.most_swept + 1))
    for key in due[: draft.rules.most_swept]:
        _sweep(draft, tick.clock, key, record)
    if len(due) > draft.rules.most_swept:
        return False
    for book in (draft.memory.repeats, draft.memory.marks):
        for key in book.outdated(record.appended_at):
            draft.state[key] = None
    draft.progress(tick.clock, record.offset)
    return True


def _move(draft: Draft, tick: Tick, record: SourceRecord) -> None:
    """Time only goes forward: a tick of two owners at once, or one sent again, changes nothing."""
    time = record.appended_at if tick.clock == LIVE or tick.time is None else tick.time
    draft.watermarks[tick.clock] = max(draft.watermarks.get(tick.clock, time), time)
    if tick.last and tick.clock not in draft.ended:
        draft.ended = (*draft.ended, tick.clock)


def _sweep(draft: Draft, clock: str, key: bytes, record: SourceRecord) -> None:
    try:
        if key.startswith(buckets.PREFIX):
            _close_bucket(draft, key, record)
        elif key.startswith(moves.PREFIX):
            draft.state[key] = None
            draft.arms.append(Arm(clock, key, None))
        else:
            _advance(draft, clock, key, record)
    except Exception as error:  # noqa: BLE001 - one citizen must not stop the time of all others
        instant = draft.watermark(clock)
        again = None if instant == FOREVER else instant + _LATER
        draft.arms.append(Arm(clock, key, again))
        draft.alarms.append(Alarm(record.offset, "sweep.failed", error))


def _advance(draft: Draft, clock: str, key: bytes, record: SourceRecord) -> None:
    person = Person(draft, key)
    for citizen, changes in person.on_clock(clock):
        look(citizen, draft.cause(record, citizen), None, changes)
    person.finish()


def _close_bucket(draft: Draft, key: bytes, record: SourceRecord) -> None:
    row = draft.row(key)
    if row is None:
        return
    bucket = buckets.decode(row)
    # A closing is the tick's doing: a reader that has the last event's version must take it.
    bucket.offset = record.offset
    draft.state[key] = None
    draft.arms.append(Arm(bucket.clock, key, None))
    unlinked.tell(draft, bucket, is_final=True)
