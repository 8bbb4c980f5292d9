"""Who answers for which data, what is promised of it and whether that is kept now, and who decides.

Of the promises publish sees two: that numbers come, and that journeys come to be counted. The
others are watched where they are kept, by Prometheus.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from schemas.access import HELD, WHO, Access, Classification
from schemas.authority import Authority, Office, Procedure, Routine
from schemas.control import LIVE
from schemas.metric import ClockProgress
from schemas.stewardship import DATA_SETS, OWNER, STEWARD, DataSet
from schemas.topics import JOURNEYS, METRICS_INTERNAL
from schemas.vocabulary import Decision
from services.publish.domain import words
from services.publish.domain.as_of import is_stale
from services.publish.domain.period import day_title

_YEAR = timedelta(days=365.25)
_DECISIONS = {
    Decision.RELEASE: "Numbers become public",
    Decision.REVISE: "Public numbers become others",
    Decision.CHANGE_FORMULA: "A number is made otherwise, or shown of fewer people",
    Decision.LINK_RULE: "Two pseudonyms are one person's",
    Decision.ERASE: "A person is forgotten",
    Decision.DESTROY_KEY: "A pseudonym key is destroyed",
    Decision.ADMIT_READER: "Somebody reads a topic, or no longer does",
}


class Standing(StrEnum):
    """Whether a promise is kept now."""

    KEPT = "kept"
    BROKEN = "broken"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Promise:
    """How soon a record is there, and how that stands; `available` is a share of requests."""

    within: str
    available: str | None
    standing: Standing
    why: str


@dataclass(frozen=True)
class Reader:
    """A role, and who comes as it."""

    role: str
    who: str


@dataclass(frozen=True)
class Stewarded:
    """One data set."""

    id: str
    title: str
    version: str
    purpose: str
    limitations: str
    holds: tuple[str, ...]
    owners: tuple[str, ...]
    stewards: tuple[str, ...]
    writers: tuple[Reader, ...]
    readers: tuple[Reader, ...]
    kept: str
    promise: Promise


@dataclass(frozen=True)
class Shelved:
    """The data sets that are equally private."""

    classification: Classification
    data_sets: tuple[Stewarded, ...]


@dataclass(frozen=True)
class Held:
    """An office, and who holds it today."""

    office: Office
    holders: tuple[str, ...]


@dataclass(frozen=True)
class Decided:
    """One decision; `routine` says until when it was decided in advance, and by whom."""

    decision: str
    what: str
    proposes: tuple[Held, ...]
    decides: tuple[Held, ...]
    informed: tuple[Held, ...]
    four_eyes: bool
    routine: str | None


@dataclass(frozen=True)
class Governance:
    """The whole page, as of a day; `verdict` says how the promises stand that are seen."""

    day: date
    dated: str
    verdict: str
    shelves: tuple[Shelved, ...]
    decisions: tuple[Decided, ...]


def governance(
    authority: Authority,
    progress: Iterable[ClockProgress],
    now: datetime,
    data_sets: Iterable[DataSet] = DATA_SETS,
) -> Governance:
    """Who answers and decides today, and what is kept now."""
    clocks = tuple(progress)
    known = [(one.classification, _stewarded(one, clocks, now)) for one in data_sets]
    return Governance(
        day=now.date(),
        dated=day_title(now.date()),
        verdict=_verdict([one for _, one in known]),
        shelves=tuple(
            Shelved(how, tuple(one for said, one in known if said is how)) for how in Classification
        ),
        decisions=tuple(_decided(one, authority, now.date()) for one in Decision),
    )


def _verdict(data_sets: list[Stewarded]) -> str:
    total = f"{len(data_sets)} data sets"
    seen = [one for one in data_sets if one.promise.standing is not Standing.UNSEEN]
    late = [one.title for one in seen if one.promise.standing is Standing.BROKEN]
    if late:
        return f"{total}; late now: {', '.join(late)}"
    if not seen:
        return f"{total}; whether promises are kept is not seen from here now"
    return f"{total}; {len(seen)} promises are seen from here, and all of them are kept"


def _stewarded(data_set: DataSet, clocks: tuple[ClockProgress, ...], now: datetime) -> Stewarded:
    return Stewarded(
        id=data_set.name,
        title=data_set.title,
        version=data_set.version,
        purpose=data_set.purpose,
        limitations=data_set.limitations,
        holds=tuple(HELD[one] for one in data_set.personal_data),
        owners=data_set.who(OWNER, now.date()),
        stewards=data_set.who(STEWARD, now.date()),
        writers=_roles(data_set, Access.WRITE),
        readers=_roles(data_set, Access.READ),
        kept="the newest of each key" if data_set.kept is None else _length(data_set.kept),
        promise=_promise(data_set, clocks, now),
    )


def _roles(data_set: DataSet, access: Access) -> tuple[Reader, ...]:
    return tuple(Reader(role, WHO.get(role, "")) for role in data_set.granted(access))


def _length(kept: timedelta) -> str:
    """In years where a contract says so; a topic keeps whole days."""
    years = round(kept / _YEAR)
    if years and kept.days == math.ceil(years * 365.25):
        return f"{years} years" if years > 1 else "1 year"
    return f"{words.count(kept.days)} days"


def _promise(data_set: DataSet, clocks: tuple[ClockProgress, ...], now: datetime) -> Promise:
    standing, why = Standing.UNSEEN, "watched by Prometheus, not seen from here"
    if data_set.name == METRICS_INTERNAL:
        standing, why = _of_numbers(clocks, now)
    elif data_set.name == JOURNEYS:
        standing, why = _of_journeys(clocks, data_set.latency, now)
    within = words.duration(data_set.latency.total_seconds())
    available = None if data_set.available is None else words.percent(data_set.available)
    return Promise(within, available, standing, why)


def _of_numbers(clocks: tuple[ClockProgress, ...], now: datetime) -> tuple[Standing, str]:
    """Metrics says every ten seconds how far it is: it is as fresh as its last word."""
    if not clocks:
        return Standing.UNSEEN, "no progress message has come yet"
    last = max(clocks, key=lambda clock: clock.sent_at)
    silence = words.duration(max((now - last.sent_at).total_seconds(), 0))
    if is_stale(last, now):
        return Standing.BROKEN, f"no word from metrics for {silence}"
    if last.partitions_caught_up < last.partitions:
        done = f"{last.partitions_caught_up} of {last.partitions} parts are done"
        return Standing.BROKEN, f"metrics is catching up, {done}"
    return Standing.KEPT, f"last word from metrics {silence} ago"


def _of_journeys(
    clocks: tuple[ClockProgress, ...], latency: timedelta, now: datetime
) -> tuple[Standing, str]:
    """How far behind the live clock was when metrics spoke last: all of it is in journeys."""
    live = next((clock for clock in clocks if clock.clock == LIVE), None)
    if live is None or live.watermark is None:
        return Standing.UNSEEN, "nothing has come on the live clock yet"
    if is_stale(live, now) or live.partitions_caught_up < live.partitions:
        return Standing.UNSEEN, "metrics does not keep up, so nobody sees from here"
    behind = live.sent_at - live.watermark
    told = words.duration(max(behind.total_seconds(), 0))
    return Standing.KEPT if behind <= latency else Standing.BROKEN, f"{told} behind"


def _decided(decision: Decision, authority: Authority, day: date) -> Decided:
    procedure: Procedure = authority.file.decisions.of(decision)
    routine = authority.routine(decision, day)
    return Decided(
        decision=decision.value,
        what=_DECISIONS[decision],
        proposes=tuple(_held(authority, procedure.proposes, day)),
        decides=tuple(_held(authority, procedure.decides, day)),
        informed=tuple(_held(authority, procedure.informed, day)),
        four_eyes=procedure.four_eyes,
        routine=_routine(routine) if routine else None,
    )


def _held(authority: Authority, offices: Iterable[Office], day: date) -> Iterator[Held]:
    return (Held(office, authority.holders([office], day)) for office in offices)


def _routine(routine: Routine) -> str:
    return f"{routine.id}: in advance by {routine.decided_by}, until {routine.until.isoformat()}"
