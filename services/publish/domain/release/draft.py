"""What a release of one period would publish, for somebody to approve."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from schemas.metric import MetricMessage
from schemas.public_metric import PublicMetric
from schemas.vocabulary import Flag, PublishState
from services.publish.domain.period import Period
from services.publish.domain.release.asked import Asked
from services.publish.domain.release.count import Count
from services.publish.domain.release.exposure import exposed
from services.publish.domain.release.few import with_few_together
from services.publish.domain.release.policy import Policy
from services.publish.domain.release.protection import protected
from services.publish.domain.release.suppression import (
    Decision,
    Why,
    hidden_before,
    sensitive,
)
from services.publish.domain.release.tables import Statistic, Tables, is_public, tables

_FEW = 30
_NOBODY = "nobody"  # until it is approved


@dataclass(frozen=True)
class Row:
    """One record to be written; `why` tells the approver, and nobody else, why it is suppressed."""

    record: PublicMetric
    why: Why | None


@dataclass(frozen=True)
class Draft:
    """The records in the order of their keys. `open` are services and agencies whose period is not
    closed: nothing of them is released. `given_away` is how many hidden counts former releases
    tell already, by agency: while there are any, nothing of that agency is revised.
    """

    rows: tuple[Row, ...]
    open: tuple[str, ...]
    given_away: Mapping[str, int] = field(default_factory=dict)


def draft(messages: Iterable[MetricMessage], asked: Asked) -> Draft:
    """The records that this release would add; none when it was released already. Only periods of
    one quarter add up to each other: others are passed over.
    """
    quarter = asked.period.quarter
    known = [one for one in messages if is_public(one) and Period.of(one).quarter == quarter]
    built, still_open = tables(known), _open(known, asked.period)
    due = {
        key: statistic
        for key, statistic in built.statistics.items()
        if _is_of(statistic.message, asked.period) and _owner(statistic.message) not in still_open
    }
    decision = decide(built, due.keys() - asked.before.keys(), asked)
    rows = (_row(statistic, built, decision, asked) for _, statistic in sorted(due.items()))
    added = tuple(row for row in rows if row is not None)
    given_away = Counter(count.table.place.agency for count in decision.helpless)
    return Draft(added, tuple(sorted(still_open)), given_away)


def decide(built: Tables, new: Iterable[str], asked: Asked) -> Decision:
    """What is hidden when `new` numbers are added to those that are known."""
    built = with_few_together(built, asked.policy)
    fresh = set(new)
    withheld = {k for k, r in asked.before.items() if r.state is PublishState.SUPPRESSED}
    public = asked.before.keys() - withheld
    shown = [one for key, one in built.statistics.items() if key in fresh or key in public]
    first = hidden_before(built, withheld, public, sensitive(built, asked.policy))
    decision = protected(built, first, shown, fresh, asked.policy.k)
    left = [one for one in shown if one.key not in fresh or decision.why(one) is None]
    _check(built, {count for one in left for count in one.tells}, decision, asked.policy)
    return decision


def _check(built: Tables, known: Set[Count], decision: Decision, policy: Policy) -> None:
    """The same question once more, asked otherwise: a fault in the search must not publish."""
    looked_at = decision.sensitive - decision.helpless
    for count in exposed(built, known, looked_at, policy.k):
        raise ArithmeticError(f"{count} would be found out")


def _row(statistic: Statistic, built: Tables, decision: Decision, asked: Asked) -> Row | None:
    old, why = asked.before.get(statistic.key), decision.why(statistic)
    if old is None:
        return Row(_record(statistic, built, None, asked, is_hidden=why is not None), why)
    given_away = {count.table.place.agency for count in decision.helpless}
    is_safe = statistic.table.place.agency not in given_away
    may_change = asked.policy.may_revise(asked.today) and is_safe
    if old.state is PublishState.SUPPRESSED or not may_change:
        return None
    if not any(_has_moved(count, built, old, asked.policy) for count in statistic.shows):
        return None
    return Row(_record(statistic, built, old, asked, is_hidden=why is not None), why)


def _record(
    statistic: Statistic, built: Tables, old: PublicMetric | None, asked: Asked, *, is_hidden: bool
) -> PublicMetric:
    message = statistic.message
    about = PublicMetric(
        metric_id=message.metric_id,
        formula_version=message.formula_version,
        period=message.period,
        period_start=message.period_start,
        period_end=message.period_end,
        time_zone=message.time_zone,
        level=message.level,
        dimensions=message.dimensions,
        revision=0 if old is None else old.revision + 1,
        revision_reason=None if old is None else message.revision_reason,
        released=asked.today,
        proposed_by=_NOBODY,
        decided_by=_NOBODY,
        state=PublishState.SUPPRESSED,
        rounded_to=asked.policy.base,
    )
    return about if is_hidden else _with_numbers(about, statistic, built, old, asked.policy)


def _with_numbers(
    about: PublicMetric,
    statistic: Statistic,
    built: Tables,
    old: PublicMetric | None,
    policy: Policy,
) -> PublicMetric:
    counts = {one.name: _published(one, built, old, policy) for one in statistic.shows}
    printed = statistic.cell.prints(counts)
    value, low, high, method = printed.score
    return about.model_copy(
        update={
            "state": PublishState.LOW_N if printed.n < _FEW else PublishState.OK,
            "n": printed.n,
            "numerator": printed.numerator,
            "denominator": printed.denominator,
            "counts": counts,
            "value": value,
            "ci_low": low,
            "ci_high": high,
            "ci_method": method,
        }
    )


def _published(count: Count, built: Tables, old: PublicMetric | None, policy: Policy) -> int:
    """The count as it is told. One that few people changed is told as before: a step from 15 to 20
    may be one person.
    """
    if old is None or _has_moved(count, built, old, policy):
        return policy.rounded(built.counts[count])
    return (old.counts or {})[count.name]


def _has_moved(count: Count, built: Tables, old: PublicMetric, policy: Policy) -> bool:
    published = (old.counts or {}).get(count.name)
    if published is None:
        return True
    return policy.has_moved(built.counts[count], published, built.people.get(count))


def _open(messages: Iterable[MetricMessage], period: Period) -> set[str]:
    """Whose period may still change."""
    return {
        _owner(message)
        for message in messages
        if _is_of(message, period) and Flag.PROVISIONAL in message.flags
    }


def _is_of(message: MetricMessage, period: Period) -> bool:
    return Period.of(message) == period


def _owner(message: MetricMessage) -> str:
    return message.dimensions.service or message.dimensions.agency
