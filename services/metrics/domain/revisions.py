"""What subscribers were told before, and whether another number is a revision of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemas.metric import MetricMessage
from schemas.vocabulary import ROLLING, Flag, RevisionReason
from services.metrics.domain.behind import told_of
from services.metrics.domain.formulas import BY_SERIES
from services.metrics.domain.inputs import Inputs, digest
from services.metrics.domain.measures.family import Formula
from services.metrics.domain.messages import Books, Series, series_of

EVERY_GROUP = ""
"""Stands among the reasons for all cells of a period."""


@dataclass(frozen=True)
class Sent:
    """What subscribers were told last. `sums` and `standing` are digests; `has_ended` says that
    the period was over on every clock in it, so that a change since is a revision. `inputs` is
    the digest of what it was made from; empty where that is not known.
    """

    sums: str
    standing: str
    has_ended: bool
    clocks: tuple[str, ...]
    revision: int = 0
    reason: RevisionReason | None = None
    inputs: str = field(default="", compare=False)


def as_sent(message: MetricMessage, *, has_ended: bool) -> Sent:
    """What is remembered of a message, so that the next one can be compared with it."""
    m = message
    distribution = tuple(sorted((m.distribution or {}).items()))
    is_provisional = Flag.PROVISIONAL in m.flags
    people = [one and one.model_dump() for one in (m.of_citizens, m.of_unnamed)]
    standing = (m.value, m.ci_low, m.ci_high, m.ci_method, m.state.value, is_provisional, people)
    return Sent(
        sums=digest((m.n, m.numerator, m.denominator, distribution)),
        standing=digest((*standing, m.period_start.isoformat(), m.clocks)),
        has_ended=has_ended,
        clocks=m.clocks,
        revision=m.revision,
        reason=m.revision_reason,
    )


def revised(now: Sent, before: Sent | None, reason: RevisionReason | None) -> Sent:
    """`now` with its revision: one more than before only when the sums of a calendar period that
    was over have changed, and for a reason. Growth and deadlines are no revisions.
    """
    if before is None:
        return now
    if now.sums == before.sums or not before.has_ended:
        return replace(now, revision=before.revision, reason=before.reason)
    if reason is None and not set(now.clocks) <= set(before.clocks):
        reason = RevisionReason.IMPORTED
    if reason is None:
        return replace(now, revision=before.revision, reason=before.reason)
    return replace(now, revision=before.revision + 1, reason=reason)


def is_news(now: Sent, before: Sent | None) -> bool:
    """Whether subscribers would see another number, state, flag or window, or for the first time
    that the period is over: what changes then is a revision to them.
    """
    return before is None or _seen(now) != _seen(before)


def _seen(sent: Sent) -> tuple[object, ...]:
    return sent.sums, sent.standing, sent.has_ended


def with_revision(message: MetricMessage, sent: Sent) -> MetricMessage:
    """The message with the revision that was decided."""
    if sent.revision == 0:
        return message
    flags = (*message.flags, Flag.REVISED)
    update = {"revision": sent.revision, "revision_reason": sent.reason, "flags": flags}
    return message.model_copy(update=update)


@dataclass(frozen=True)
class Telling:
    """The messages of one period, compared with what was told before."""

    books: Books
    memory: Mapping[str, Sent]
    reasons: Mapping[str, RevisionReason]

    @property
    def everywhere(self) -> RevisionReason | None:
        """The reason that holds for the whole period, such as a rebuild."""
        return self.reasons.get(EVERY_GROUP)

    def all(self, formulas: Sequence[Formula]) -> Iterator[tuple[MetricMessage, str, Sent]]:
        """Every series that has a cell, or was told before and has none any more; but for those
        that are made from the same as when they were told.
        """
        inputs = Inputs(self.books)
        wanted = {(f.metric_id, f.level) for f in formulas}
        told = {Series.named(name) for name in self.memory}
        for series in sorted({*series_of(self.books, formulas), *told}):
            formula = BY_SERIES.get((series.metric_id, series.level))
            if formula is None or (series.metric_id, series.level) not in wanted:
                continue
            made_from, before = inputs.of(series, formula), self.memory.get(series.name)
            if before is not None and before.inputs == made_from:
                continue
            message = told_of(series, formula, self.books)
            if message is not None:
                told_now, name, sent = self._compared(series, formula, message)
                yield told_now, name, replace(sent, inputs=made_from)

    def _compared(
        self, series: Series, formula: Formula, message: MetricMessage
    ) -> tuple[MetricMessage, str, Sent]:
        reason = self._reason(series, formula)
        has_ended = message.period not in ROLLING and all(
            self.books.watermarks.reached(clock, self.books.end) for clock in message.clocks
        )
        sent = as_sent(message, has_ended=has_ended)
        sent = revised(sent, self.memory.get(series.name), reason or self.everywhere)
        return with_revision(message, sent), series.name, sent

    def _reason(self, series: Series, formula: Formula) -> RevisionReason | None:
        read = {f"{measure}|{series.labels}" for measure in formula.reads}
        whole = {*formula.beside, *(formula.reads if formula.adds_up else ())}
        for group, reason in self.reasons.items():
            if group in read or group.partition("|")[0] in whole:
                return reason
        return None
