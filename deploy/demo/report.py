"""The scorecard and the verdict on a terminal."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from rich.console import Console
from rich.table import Table

from deploy.demo.compare import Verdict, key_of
from deploy.demo.truth import Key
from schemas.catalogue import Catalogue, Service
from schemas.metric import MetricMessage
from schemas.vocabulary import PeriodKind

_MOST_SHOWN = 40
_NOBODY = "-"
Months = dict[Key, MetricMessage]


def months_of(messages: Iterable[MetricMessage]) -> Months:
    """The month messages by the truth's key."""
    return {key_of(m): m for m in messages if m.period is PeriodKind.MONTH}


def show_scorecard(
    console: Console, catalogue: Catalogue, messages: Iterable[MetricMessage], end: datetime
) -> None:
    """Per service the last whole month before `end`, then where its people went and left."""
    months = months_of(messages)
    services = Table(title="Scorecard: the last whole month of each service")
    for column in ("service", "month", "started", "completed", "within 7 d", "median time"):
        services.add_column(column, justify="left" if column == "service" else "right")
    for column in ("gave up", "undecided", "satisfaction", "answered"):
        services.add_column(column, justify="right")
    for service in catalogue.services.values():
        month = last_whole_month(service, end)
        services.add_row(*_service_row(months, service, month))
    console.print(services)
    for service in catalogue.services.values():
        console.print(_places(months, service, last_whole_month(service, end)))


def show_verdict(console: Console, verdict: Verdict) -> None:
    """One line when all is equal, else the differences."""
    if not verdict.differences:
        console.print(f"[bold green]all {verdict.compared:,} numbers equal the ground truth[/]")
        return
    for difference in verdict.differences[:_MOST_SHOWN]:
        console.print(difference, markup=False, highlight=False)
    n = len(verdict.differences)
    if n > _MOST_SHOWN:
        console.print(f"... and {n - _MOST_SHOWN} more")
    console.print(f"[bold red]{n:,} of {verdict.compared:,} numbers differ from the truth[/]")


def last_whole_month(service: Service, end: datetime) -> datetime:
    """The start of the last month that is over at `end`, in UTC."""
    this = end.astimezone(service.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (this - timedelta(days=1)).replace(day=1)
    return before.astimezone(end.tzinfo)


def _service_row(months: Months, service: Service, month: datetime) -> Sequence[str]:
    def said(metric: str, *dimensions: tuple[str, str]) -> MetricMessage | None:
        return months.get((metric, service.id, tuple(sorted(dimensions)), month))

    survey = _journey_survey(service)
    asked = (("instrument", survey), ("construct", "satisfaction"), ("scale", "1..5"))
    satisfaction = said("satisfaction.linear", *asked, ("wording", f"{survey}-en-1"))
    started = said("journeys_started")
    return (
        service.name,
        f"{month.astimezone(service.zone):%Y-%m}",
        f"{started.n:,}" if started else _NOBODY,
        _share(said("completion_rate.gds")),
        _share(said("completion_within.7d")),
        _time(said("time_to_complete.completed.p50")),
        _share(said("abandonment_rate")),
        _share(said("undecided_rate")),
        _share(satisfaction, with_n=True),
        _share(said("response_rate", ("instrument", survey))),
    )


def _places(months: Months, service: Service, month: datetime) -> Table:
    table = Table(title=f"{service.name}: place by place")
    for column in ("touchpoint", "stage", "journeys", "events", "left here", "satisfaction"):
        is_text = column in {"touchpoint", "stage"}
        table.add_column(column, justify="left" if is_text else "right")
    survey = next(i for i in service.instruments if not i.linkable)
    asked = (("construct", "satisfaction"), ("instrument", survey.id), ("scale", "1..5"))
    wording = ("wording", survey.constructs[0].wording)
    for touchpoint in service.touchpoints:
        where = ("touchpoint", touchpoint.id)
        opinion = tuple(sorted((*asked, wording, where)))
        journeys = months.get(("touchpoint_journeys", service.id, (where,), month))
        events = months.get(("touchpoint_events", service.id, (where,), month))
        left = months.get(("step_dropoff", service.id, (where,), month))
        said = months.get(("satisfaction.linear", service.id, opinion, month))
        table.add_row(
            touchpoint.name,
            touchpoint.stage.value,
            f"{journeys.n:,}" if journeys else _NOBODY,
            f"{events.n:,}" if events else _NOBODY,
            _share(left),
            _share(said, with_n=True),
        )
    return table


def _journey_survey(service: Service) -> str:
    return next(i.id for i in service.instruments if i.linkable)


def _share(message: MetricMessage | None, *, with_n: bool = False) -> str:
    if message is None or message.value is None:
        return _NOBODY
    shown = f"{message.value:.1%}"
    if message.ci_low is not None and message.ci_high is not None:
        shown += f" ({message.ci_low:.0%}-{message.ci_high:.0%})"
    return f"{shown} n={message.n:,}" if with_n else shown


def _time(message: MetricMessage | None) -> str:
    if message is None or message.value is None:
        return _NOBODY
    hours = message.value / 3_600
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} d"
