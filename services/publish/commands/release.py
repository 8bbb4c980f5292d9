"""`publish release`: what a closed period would tell the public, for somebody to approve."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from rich.table import Table

from schemas import topics
from schemas.approval import Approval, Refused, approve
from schemas.audit import on_record
from schemas.authority import Authority
from schemas.codec import SchemaViolation, decode, encode
from schemas.metric import MetricMessage
from schemas.public_metric import PublicMetric, public_key
from schemas.vocabulary import Decision, PublishState
from services.publish.domain.period import Period, UnknownPeriod
from services.publish.domain.release.asked import Asked, latest
from services.publish.domain.release.draft import Draft, Row, draft
from services.publish.domain.release.measures import MEASURES
from services.publish.domain.release.naming import name_of
from services.publish.domain.release.suppression import Why
from services.publish.domain.release.tables import CALENDAR

Record = TypeVar("Record", MetricMessage, PublicMetric)
Newest = Mapping[str, bytes]
"""The newest value of every key of a topic."""
_KINDS = frozenset(kind.value for kind in CALENDAR)
_WHY: dict[Why, Callable[[int], str]] = {
    Why.FEW_PEOPLE: lambda k: f"may be about fewer than {k} people",
    Why.SMALL_COMPLEMENT: lambda k: f"all but fewer than {k} people",
    Why.SAYS_ALL: lambda _: "says something of everyone in a small group",
    Why.HIDDEN_BEFORE: lambda _: "was suppressed when it was released first",
    Why.PROTECTS_ANOTHER: lambda _: "would give another suppressed number away",
}


class Proposed(NamedTuple):
    """Who proposes, and who decides where no routine did."""

    proposer: str
    decider: str | None


class Sent(NamedTuple):
    """A record for a topic."""

    topic: str
    key: str
    value: bytes


class ReleaseRefused(Exception):
    """The period cannot be released; the message says why, for a person."""


def calendar_period(text: str) -> Period:
    """The period of that name. Raises ReleaseRefused for one that is never public."""
    try:
        period = Period.parse(text)
    except UnknownPeriod as unknown:
        raise ReleaseRefused(str(unknown)) from None
    if period.kind not in CALENDAR:
        raise ReleaseRefused(
            f"{text}: only calendar months (2026-09) and quarters (2026-Q3) are released; a window "
            "that rolls, a day or an hour would tell who came between two of them"
        )
    return period


def may_be_public(key: str) -> bool:
    """Whether a key of the metric topic is of a number that could be released."""
    parts = key.split("/")
    return parts[0] in MEASURES and len(parts) > 2 and parts[-2] in _KINDS


def prepared(internal: Newest, public: Newest, asked: Asked) -> Draft:
    """What would be written, by what lies on both topics. Raises ReleaseRefused."""
    messages = [_read(MetricMessage, *one) for one in internal.items()]
    before = latest(_read(PublicMetric, *one) for one in public.items())
    made = draft(messages, replace(asked, before=before))
    period = asked.period
    if not any(Period.of(message) == period for message in messages):
        raise ReleaseRefused(f"{period.name}: metrics has told no number of it")
    known = {_owner(message) for message in messages if Period.of(message) == period}
    if known <= set(made.open):
        raise ReleaseRefused(
            f"{period.name} is still open for {', '.join(made.open)}: its numbers may change until "
            "every journey in it is final, not before `grace` of the service after its end"
        )
    return made


def refuse_another(made: Draft, seen: str | None) -> None:
    """What was decided is the draft that was looked at. Raises ReleaseRefused."""
    if seen and made.rows and seen != name_of(made):
        raise ReleaseRefused(
            f"the draft is {name_of(made)} now, not {seen}: numbers have changed since it was "
            "looked at, or part of it is public already. Nothing was written; look again"
        )


def refuse_if_late(read: int, end: int, asked: date, today: date) -> None:
    """What was drafted is written only if nothing was meanwhile. Raises ReleaseRefused."""
    if end != read:
        raise ReleaseRefused(
            f"{topics.METRICS_PUBLIC} has changed since it was read: somebody else releases. "
            "Nothing was written; begin again when they have ended"
        )
    if today != asked:
        raise ReleaseRefused(
            f"{asked} is over, and its files must not change. Nothing was written; begin again"
        )


def allowed(decision: Decision, by: Proposed, day: date, authority: Authority) -> Approval:
    """The approval of a decision. Raises ReleaseRefused, with whom to ask."""
    answer = approve(decision, by.proposer, by.decider, day, authority)
    if isinstance(answer, Refused):
        raise ReleaseRefused(answer.sentence)
    return answer


def decisions(made: Draft) -> list[Decision]:
    """What is decided with it: that numbers become public, that public ones become others."""
    revisions = {row.record.revision for row in made.rows}
    first = [Decision.RELEASE] if 0 in revisions else []
    return [*first, *([Decision.REVISE] if revisions - {0} else [])]


def to_be_sent(
    made: Draft, approvals: Collection[Approval], subject: str, now: datetime
) -> list[list[Sent]]:
    """What is sent, each list when the one before it is acknowledged: what was decided is on record
    before it takes effect. On each record stands who proposed and decided what becomes of it.
    """
    by = {approval.decision: approval for approval in approvals}
    kept = [on_record(approval, subject, now) for approval in approvals]
    audit = [Sent(topics.AUDIT, one.id, encode(one)) for one in kept]
    public = [
        [Sent(topics.METRICS_PUBLIC, public_key(one), encode(_signed(one, by))) for one in batch]
        for batch in in_order(made)
    ]
    return [audit, *public]


def _signed(record: PublicMetric, by: Mapping[Decision, Approval]) -> PublicMetric:
    approval = by[Decision.REVISE if record.revision else Decision.RELEASE]
    who = {"proposed_by": approval.proposer, "decided_by": approval.decider}
    return record.model_copy(update=who)


def in_order(made: Draft) -> tuple[Sequence[PublicMetric], Sequence[PublicMetric]]:
    """What is suppressed, then what is told: a number is never public before what protects it is
    fixed, so that a release that was cut off can only be completed.
    """
    records = [row.record for row in made.rows]
    hidden = [one for one in records if one.state is PublishState.SUPPRESSED]
    return hidden, [one for one in records if one.state is not PublishState.SUPPRESSED]


def table(made: Draft, k: int) -> Table:
    """Every number with what becomes of it."""
    shown = Table(title_justify="left")
    for name in ("number", "of", "n", "value", "becomes", "why"):
        shown.add_column(name, justify="right" if name in {"n", "value"} else "left")
    for row in made.rows:
        shown.add_row(*_cells(row, k))
    return shown


def account(made: Draft, period: Period) -> list[str]:
    """The whole in a few sentences."""
    becomes = Counter(_becomes(row) for row in made.rows)
    told = [f"{period.name}: " + (", ".join(f"{n} {how}" for how, n in sorted(becomes.items())))]
    if not made.rows:
        told = [f"{period.name}: everything that may be released is public already"]
    else:
        told.append(f"draft {name_of(made)}: who decides on it names it with --draft")
    if made.open:
        told.append(f"left out, because still open: {', '.join(made.open)}")
    told.extend(
        f"{agency}: {n} small counts follow from what was released before: nothing of it that is "
        "public is revised"
        for agency, n in sorted(made.given_away.items())
    )
    return told


def _cells(row: Row, k: int) -> tuple[str, ...]:
    record = row.record
    n = "" if record.n is None else f"{record.n:,}"
    value = "" if record.value is None else f"{record.value:.3f}"
    why = _WHY[row.why](k) if row.why else ""
    if row.record.revision and not row.why:
        why = f"enough people changed: {record.revision_reason or 'unknown'}"
    return record.metric_id, _of(record), n, value, _becomes(row), why


def _becomes(row: Row) -> str:
    if row.record.state is PublishState.SUPPRESSED:
        return "suppressed"
    return "revised" if row.record.revision else "published"


def _of(record: PublicMetric) -> str:
    told = record.dimensions.model_dump(exclude_none=True)
    return " ".join(value for name, value in told.items() if name != "agency" or len(told) == 1)


def _owner(message: MetricMessage) -> str:
    return message.dimensions.service or message.dimensions.agency


def _read(model: type[Record], key: str, value: bytes) -> Record:
    try:
        return decode(model, value)
    except SchemaViolation as problem:
        raise ReleaseRefused(f"{key}: {problem}; without it nobody can say what is safe") from None
