"""The scorecard and the verdict on a terminal."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table

from deploy.demo.compare import Verdict, key_of
from deploy.demo.truth.parts import Dimensions
from schemas.catalogue import Catalogue, Service
from schemas.instrument import Instrument
from schemas.metric import MetricMessage
from schemas.vocabulary import PeriodKind

_MOST_SHOWN = 40
_NOBODY = "-"
# By measure, service, dimensions and start of the month.
Months = dict[tuple[str, str | None, Dimensions, datetime], MetricMessage]


def months_of(messages: Iterable[MetricMessage]) -> Months:
    """The month messages."""
    found = ((key_of(m), m) for m in messages if m.period is PeriodKind.MONTH)
    return {(key.metric, key.service, key.dimensions, key.start): m for key, m in found}


def show_scorecard(
    console: Console, catalogue: Catalogue, messages: Iterable[MetricMessage], end: datetime
) -> None:
    """The last whole month before `end`: each service's scores, then where its people went."""
    months = months_of(messages)
    services = list(catalogue.services.values())
    scores = Table(title=f"Scorecard {_month(services[0], end)}")
    scores.add_column("")
    for service in services:
        scores.add_column(service.name, justify="right")
    columns = [_scores(months, service, last_whole_month(service, end)) for service in services]
    for name in columns[0]:
        scores.add_row(name, *(column[name] for column in columns))
    console.print(scores)
    for service in services:
        console.print(_places(months, service, last_whole_month(service, end)))


def show_verdict(console: Console, verdict: Verdict) -> None:
    """How many numbers of which measures were compared; then one line when all is equal, else the
    differences, the first one first.
    """
    console.print(_families(verdict), markup=False, highlight=False)
    if not verdict.differences:
        console.print(f"[bold green]all {verdict.compared:,} numbers equal the ground truth[/]")
        return
    for difference in verdict.differences[:_MOST_SHOWN]:
        console.print(difference, markup=False, highlight=False)
    n = len(verdict.differences)
    if n > _MOST_SHOWN:
        console.print(f"... and {n - _MOST_SHOWN} more")
    console.print(f"[bold red]{n:,} of {verdict.compared:,} numbers differ from the truth[/]")


def _families(verdict: Verdict) -> str:
    told = [f"{name} {n:,}" for name, n in sorted(verdict.families.items())]
    return f"compared: {', '.join(told)}"


def last_whole_month(service: Service, end: datetime) -> datetime:
    """The start of the last month that is over at `end`, in UTC."""
    this = end.astimezone(service.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (this - timedelta(days=1)).replace(day=1)
    return before.astimezone(end.tzinfo)


def _month(service: Service, end: datetime) -> str:
    return f"{last_whole_month(service, end).astimezone(service.zone):%B %Y}"


def _scores(months: Months, service: Service, month: datetime) -> dict[str, str]:
    def said(metric: str, dimensions: Dimensions = ()) -> MetricMessage | None:
        return months.get((metric, service.id, tuple(sorted(dimensions)), month))

    survey = next(i for i in service.instruments if i.linkable)
    asked = (("instrument", survey.id),)
    opinion = said("satisfaction.linear", _question(survey))
    return {
        "journeys started": _count(said("journeys_started")),
        "completed": _between(said("completion_rate.gds")),
        "within 7 days": _between(said("completion_within.7d")),
        "half took up to": _time(said("time_to_complete.completed.p50")),
        "given up": _between(said("abandonment_rate")),
        "agency overdue": _between(said("undecided_rate")),
        "satisfaction": _between(opinion),
        "by how many": _count(opinion),
        "surveys answered": _between(said("response_rate", asked)),
    }


def _places(months: Months, service: Service, month: datetime) -> Table:
    table = Table(title=service.name)
    table.add_column("touchpoint", no_wrap=True, max_width=34)
    for column in ("journeys", "events", "left", "satisfied"):
        table.add_column(column, justify="right", no_wrap=True)
    survey = next(i for i in service.instruments if not i.linkable)
    for touchpoint in service.touchpoints:
        where = (("touchpoint", touchpoint.id),)
        opinion = tuple(sorted((*_question(survey), *where)))
        table.add_row(
            touchpoint.name,
            _count(months.get(("touchpoint_journeys", service.id, where, month))),
            _count(months.get(("touchpoint_events", service.id, where, month))),
            _share(months.get(("step_dropoff", service.id, where, month))),
            _share(months.get(("satisfaction.linear", service.id, opinion, month)), with_n=True),
        )
    return table


def _question(survey: Instrument) -> Dimensions:
    question = survey.constructs[0]
    return (
        ("instrument", survey.id),
        ("construct", question.construct.value),
        ("scale", question.scale.value),
        ("wording", question.wording),
    )


def _count(message: MetricMessage | None) -> str:
    return f"{message.n:,}" if message else _NOBODY


def _share(message: MetricMessage | None, *, with_n: bool = False) -> str:
    if message is None or message.value is None:
        return _NOBODY
    shown = f"{message.value:.0%}"
    return f"{shown} of {message.n:,}" if with_n else shown


def _between(message: MetricMessage | None) -> str:
    """A share and its interval."""
    if message is None or message.ci_low is None or message.ci_high is None:
        return _share(message)
    return f"{_share(message)} ({100 * message.ci_low:.0f}-{100 * message.ci_high:.0f})"


def _time(message: MetricMessage | None) -> str:
    if message is None or message.value is None:
        return _NOBODY
    hours = message.value / 3_600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"
