"""Unlinked events: those of nobody who is known again, counted in the bucket of their hour."""

from collections.abc import Sequence

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import RecordKind
from services.journey.domain import buckets
from services.journey.domain.bucket_snapshot import render
from services.journey.domain.citizen import Verdict
from services.journey.domain.draft import Draft
from services.journey.domain.entries import hash_of
from services.journey.domain.reading import late
from services.journey.domain.step import Arm, SourceRecord

Event = tuple[SourceRecord, TouchpointRecord]


def fold(draft: Draft, key: bytes, arrivals: Sequence[Event]) -> None:
    """Draft what these events of one touchpoint and hour add to their bucket."""
    told = arrivals[0][1]
    rules = draft.rules.of(told.data.service)
    row = draft.row(key)
    bucket = buckets.empty(told, rules) if row is None else buckets.decode(row)
    watermark = draft.watermark(told.data.clock)
    for record, told in arrivals:
        if told.time < watermark - rules.grace:
            draft.count(told.data.clock, Verdict.LATE)
            draft.refuse(record, late(record, told))
        elif _is_repeat(draft, record, told):
            draft.count(told.data.clock, Verdict.DUPLICATE)
        else:
            buckets.add(bucket, told.data, record.offset, rules)
            draft.count(told.data.clock, Verdict.APPLIED)
    if bucket.offset >= draft.first:
        draft.state[key] = buckets.pack(bucket)
        draft.arms.append(Arm(bucket.clock, key, bucket.due))
        tell(draft, bucket, is_final=False)


def tell(draft: Draft, bucket: buckets.Bucket, *, is_final: bool) -> None:
    """A bucket for `journeys.v1`."""
    key = buckets.output_key(bucket.labels, draft.memory.partition)
    told = render(bucket, draft.first_version, is_final=is_final)
    draft.tell(RecordKind.BUCKET, key, told)


def _is_repeat(draft: Draft, record: SourceRecord, told: TouchpointRecord) -> bool:
    number = hash_of(told.source, told.id)
    at = record.appended_at
    if number in draft.arrivals or draft.memory.repeats.is_repeat(number, at):
        return True
    draft.arrivals[number] = at
    return False
