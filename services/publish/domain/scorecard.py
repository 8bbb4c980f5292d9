"""The scorecard of one service and the overview of all: messages in, what a page shows out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Catalogue, Service
from services.publish.domain import words
from services.publish.domain.as_of import AsOf, as_of
from services.publish.domain.brief import brief
from services.publish.domain.figure import Figure, figure
from services.publish.domain.journey_map import Column, journey_map
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period
from services.publish.domain.scores import Group, OutcomeShare, informed, outcomes, scores
from services.publish.domain.trend import Trend, trends

HEADLINES = (
    "completion_rate.live",
    "satisfaction.linear",
    "time_to_complete.completed.p50",
    "journeys_ended",
)

STARTED = "completion_rate.gds"


@dataclass(frozen=True)
class Choice:
    """A period a reader may choose; `short` is its title beside its year."""

    name: str
    title: str
    short: str
    is_chosen: bool


@dataclass(frozen=True)
class Choices:
    """One row of choices: the months of a year, or without a year what is no month."""

    year: str
    row: tuple[Choice, ...]


@dataclass(frozen=True)
class Scorecard:
    """Everything on the page of one service, in words."""

    service_id: str
    name: str
    owner: str
    agency: str
    period: str
    span: str
    as_of: tuple[AsOf, ...]
    choices: tuple[Choices, ...]
    headlines: tuple[Figure, ...]
    brief: tuple[str, ...]
    stages: tuple[Column, ...]
    scores: tuple[Group, ...]
    outcomes: tuple[OutcomeShare, ...]
    trends: tuple[Trend, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether anything of the period can still change."""
        return any(row.is_provisional for group in self.scores for row in group.rows)

    @property
    def is_revised(self) -> bool:
        """Whether anything changed after the period ended."""
        return any(row.is_revised for group in self.scores for row in group.rows)


@dataclass(frozen=True)
class Headline:
    """One service on the overview."""

    service_id: str
    name: str
    owner: str
    period: str
    as_of: tuple[AsOf, ...]
    figures: tuple[Figure, ...]


def scorecard(
    service: Service, agency: str, numbers: Numbers, period: Period, now: datetime
) -> Scorecard:
    """The page of a service for one period. `now` only tells whether progress still comes."""
    stages = journey_map(service, numbers, period)
    headlines = _headlines(numbers, period)
    return Scorecard(
        service_id=service.id,
        name=service.name,
        owner=service.owner,
        agency=agency,
        period=period.title,
        span=_span(service, numbers, period),
        as_of=as_of(numbers, service.zone, now),
        choices=_choices(numbers, period),
        headlines=headlines,
        brief=brief(headlines, _of_started(numbers, period), informed(numbers, period), stages),
        stages=stages,
        scores=scores(numbers, period),
        outcomes=outcomes(numbers, period),
        trends=trends(numbers),
    )


def overview(
    catalogue: Catalogue, numbers: Mapping[str, Numbers], now: datetime
) -> tuple[Headline, ...]:
    """Every service of the catalogue with its headline scores, in the catalogue's order."""
    return tuple(
        _headline(service, numbers[service.id], now) for service in catalogue.services.values()
    )


def _headline(service: Service, numbers: Numbers, now: datetime) -> Headline:
    period = numbers.default_period()
    return Headline(
        service_id=service.id,
        name=service.name,
        owner=service.owner,
        period=period.title,
        as_of=as_of(numbers, service.zone, now),
        figures=_headlines(numbers, period),
    )


def _headlines(numbers: Numbers, period: Period) -> tuple[Figure, ...]:
    return tuple(figure(numbers.first(period, id_), id_) for id_ in HEADLINES)


def _of_started(numbers: Numbers, period: Period) -> Figure:
    return figure(numbers.first(period, STARTED), STARTED)


def _choices(numbers: Numbers, chosen: Period) -> tuple[Choices, ...]:
    """The newest year first, a year's months as on a calendar."""
    rows: dict[str, list[Period]] = {}
    for period in sorted({chosen, *numbers.choices}, key=lambda one: one.name):
        rows.setdefault(period.year, []).append(period)
    years = sorted(rows, key=lambda year: (year != "", -int(year or 0)))
    return tuple(Choices(year, tuple(_choice(p, chosen) for p in rows[year])) for year in years)


def _choice(period: Period, chosen: Period) -> Choice:
    return Choice(period.name, period.title, period.short, is_chosen=period == chosen)


def _span(service: Service, numbers: Numbers, period: Period) -> str:
    """The dates of the period; they are the same in all its messages that are not shifted."""
    found = numbers.first(period, "journeys_ended") or next(
        iter(numbers.by_period.get(period, ())), None
    )
    return words.span(found.period_start, found.period_end, service.zone) if found else ""
