"""A small agency: its ended journeys as groups, the messages metrics would send of them, and what
an attacker reads from the records that were released.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from schemas.metric import MetricMessage, Sums
from schemas.public_metric import PublicMetric
from schemas.vocabulary import Level, Outcome, PeriodKind, PublishState
from services.publish.domain.period import Period
from services.publish.domain.release.asked import Asked, latest
from services.publish.domain.release.draft import draft
from services.publish.domain.release.policy import Policy
from tests.unit.publish.release.attack import Fact, Group, about

MONTHS = ("2026-07", "2026-08", "2026-09")
QUARTER = "2026-Q3"
AGENCY = "office"
OUTCOMES = tuple(outcome.value for outcome in Outcome if outcome is not Outcome.OPEN)
COMPLETE = ("success", "negative_but_correct")
SILENT = ("abandoned", "expired")
DECIDED = tuple(outcome for outcome in OUTCOMES if outcome != "informed")
ON_THE_DAY = date(2026, 10, 15)

DIGITAL, ASSISTED = "digital", "assisted"

Town = Mapping[Group, int]
"""(month, service, outcome, channel) -> how many journeys, each another citizen's. Of complete
journeys may follow how they finished, where that was `digital` or `assisted`.
"""


def messages(town: Town, services: Sequence[str] = ("permits", "passports")) -> list[MetricMessage]:
    """Everything that metrics would tell of calendar periods."""
    return [
        message
        for period in (*MONTHS, QUARTER)
        for service in (*services, None)
        for message in _of_place(town, period, service)
    ]


def released(
    town: Town,
    periods: Iterable[str] = (*MONTHS, QUARTER),
    before: Sequence[PublicMetric] = (),
    today: date = ON_THE_DAY,
    policy: Policy | None = None,
) -> list[PublicMetric]:
    """All records there are after the periods were released one after the other."""
    records = list(before)
    for period in periods:
        asked = Asked(Period.parse(period), latest(records), today, policy or Policy())
        records += [row.record for row in draft(messages(town), asked).rows]
    return records


def facts(records: Iterable[PublicMetric], town: Town, k: int = 10) -> list[Fact]:
    """What each record says of the town's groups."""
    universe = every_group(town)
    return [
        about(_where(universe, record, name), count, record.rounded_to, k)
        for record in records
        for name, count in (record.counts or {}).items()
    ]


def secrets(record: PublicMetric, town: Town, k: int = 10) -> list[frozenset[Group]]:
    """What a suppressed record hides for its own sake: of part, rest and whole those that are about
    too few.
    """
    universe, dimensions = every_group(town), record.dimensions
    part, whole = {
        "journeys_ended": (dimensions.outcome or "all", "all"),
        "completion_rate.live": ("complete", "decided"),
        "abandonment_rate": ("silent", "decided"),
        "channel_mix": (f"channel={dimensions.channel}", "all"),
        "digital_takeup.incl": ("digital or assisted", "complete"),
        "digital_takeup.excl": ("digital", "complete"),
    }[record.metric_id]
    hits, trials = (frozenset(_where(universe, record, name)) for name in (part, whole))
    found = (hits, trials - hits, trials)
    return [groups for groups in found if 0 < sum(town.get(one, 0) for one in groups) < k]


def every_group(town: Town) -> list[Group]:
    """The groups there could be: of every outcome, whether anybody had it or not."""
    services = sorted({group[1] for group in town})
    channels = sorted({group[3] for group in town})
    ends: list[tuple[str, ...]] = [(o,) for o in OUTCOMES]
    ends += [(o, how) for o in COMPLETE for how in (DIGITAL, ASSISTED)]
    where = [(m, s) for m in MONTHS for s in services]
    return [(*here, o, c, *how) for here in where for o, *how in ends for c in channels]


def _where(universe: Iterable[Group], record: PublicMetric, name: str) -> list[Group]:
    service, period = (
        record.dimensions.service,
        Period.beginning(record.period, record.period_start, UTC),
    )
    is_so = _named(name)
    return [
        group
        for group in universe
        if (service is None or group[1] == service)
        and (period.name in (QUARTER, group[0]))
        and is_so(group)
    ]


def _named(name: str) -> Callable[[Group], bool]:
    if name.startswith("channel="):
        return lambda group: group[3] == name.removeprefix("channel=")
    if name.startswith(DIGITAL):
        hows = {DIGITAL: (DIGITAL,)}.get(name, (DIGITAL, ASSISTED))
        return lambda group: group[-1] in hows
    outcomes = {"all": OUTCOMES, "decided": DECIDED, "complete": COMPLETE, "silent": SILENT}
    wanted = outcomes.get(name, (name,))
    return lambda group: group[2] in wanted


def _of_place(town: Town, period: str, service: str | None) -> Iterator[MetricMessage]:
    here = {
        group: n
        for group, n in town.items()
        if period in (QUARTER, group[0]) and service in (None, group[1])
    }
    by_outcome = {o: sum(n for g, n in here.items() if g[2] == o) for o in OUTCOMES}
    total = sum(here.values())
    decided = total - by_outcome["informed"]
    place = {"service": service} if service else {}
    told: dict[str, Any] = {"period": period, "place": place}
    yield message("journeys_ended", total, None, distribution=by_outcome, **told)
    for metric_id, outcomes in (("completion_rate.live", COMPLETE), ("abandonment_rate", SILENT)):
        yield message(metric_id, decided, sum(by_outcome[o] for o in outcomes), **told)
    complete = sum(by_outcome[o] for o in COMPLETE)
    for metric_id, hows in (("incl", (DIGITAL, ASSISTED)), ("excl", (DIGITAL,))):
        finished = sum(n for group, n in here.items() if group[-1] in hows)
        yield message(f"digital_takeup.{metric_id}", complete, finished, **told)
    for channel in sorted({group[3] for group in town}):
        began = sum(n for group, n in here.items() if group[3] == channel)
        yield message("channel_mix", total, began, channel=channel, **told)


def message(  # noqa: PLR0917 - the first three are what most tests are about
    metric_id: str,
    n: int,
    numerator: int | None,
    period: str = "2026-09",
    place: Mapping[str, str] | None = None,
    distribution: Mapping[str, int] | None = None,
    **more: Any,
) -> MetricMessage:
    """One closed message, by default of another citizen each; fields of the dimensions may be given
    like any other.
    """
    span, flags = Period.parse(period), more.pop("flags", ())
    everybody = Sums(n=n, numerator=numerator, distribution=distribution)
    citizens, unnamed = more.pop("citizens", everybody), more.pop("unnamed", None)
    months = 3 if span.kind is PeriodKind.QUARTER else 1
    start = datetime.combine(span.start or date.min, datetime.min.time(), UTC)
    level = Level.AGENCY if not (place or {}).get("service") else Level.SERVICE
    return MetricMessage(
        metric_id=metric_id,
        period=span.kind,
        period_start=start,
        period_end=start.replace(month=start.month + months),
        time_zone="UTC",
        level=Level.TOUCHPOINT if "touchpoint" in (place or {}) else level,
        dimensions={"agency": AGENCY, **(place or {}), **more},
        n=n,
        numerator=numerator,
        denominator=None if numerator is None else n,
        distribution=None if distribution is None else dict(distribution),
        citizens=citizens and citizens.n,
        of_citizens=citizens,
        of_unnamed=unnamed,
        flags=flags,
        state=PublishState.OK,
    )
