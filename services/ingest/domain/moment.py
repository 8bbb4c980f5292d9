"""When an event happened, and whether that may be."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.control import LIVE
from schemas.vocabulary import Reason
from services.ingest.domain.draft import Draft
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.refusal import json_type
from services.ingest.domain.rules import EARLIEST, Rules

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in UTC. `is_skewed`: the sender's clock ran ahead, and our arrival time was taken."""

    time: datetime
    is_skewed: bool = False


def decide(draft: Draft, rules: Rules) -> Moment | Rejected:
    """The event's time; the arrival's where none was sent."""
    received_at = draft.arrival.received_at
    if draft.submission.time is None:
        return Moment(received_at)
    is_local = draft.submission.is_local
    time = _instant(draft.submission.time, draft.service(rules).zone if is_local else None)
    if isinstance(time, Rejected):
        return time
    if time - received_at > rules.future:
        return Rejected(Reason.IN_THE_FUTURE, "time: more than a day ahead of our clock")
    if time - received_at > rules.skew:
        return Moment(received_at, is_skewed=True)
    return _not_too_old(draft, rules, time)


def _not_too_old(draft: Draft, rules: Rules, time: datetime) -> Moment | Rejected:
    longest = rules.sources[draft.arrival.source_id].max_delay
    if draft.values["clock"] == LIVE and draft.arrival.received_at - time > longest:
        detail = f"time: longer ago than this source may take, which is {_told(longest)}"
        return Rejected(Reason.TOO_OLD, detail)
    return Moment(time)


def _told(span: timedelta) -> str:
    hours = span / timedelta(hours=1)
    return f"{hours:g} h" if hours % 24 else f"{hours / 24:g} d"


def _instant(sent: object, zone: ZoneInfo | None) -> datetime | Rejected:
    if not isinstance(sent, str):
        return Rejected(Reason.BAD_TIME, f"time: got {json_type(sent)}, expected RFC 3339 text")
    try:
        time = datetime.fromisoformat(sent[: _LONGEST + 1].upper())
        if time.tzinfo is None and zone is None:
            return Rejected(Reason.BAD_TIME, "time: needs its offset from UTC, such as Z")
        time = (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        example = "2026-03-01 09:00" if zone else "2026-03-01T09:00:00Z"
        return Rejected(Reason.BAD_TIME, f"time: not RFC 3339, such as {example}")
    if time < EARLIEST:
        return Rejected(Reason.BAD_TIME, f"time: before {EARLIEST.year}")
    return Moment(time).time
