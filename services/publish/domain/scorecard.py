"""The scorecard of one service and the overview of all: messages in, what a page shows out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Catalogue, Service
from services.publish.domain import words
from services.publish.domain.as_of import AsOf, as_of
from services.publish.domain.figure import Figure, figure
from services.publish.domain.journey_map import Column, cards_of, journey_map
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period
from services.publish.domain.scores import Group, OutcomeShare, outcomes, scores
from services.publish.domain.trend import Trend, trends

HEADLINES = (
    "completion_rate.live",
    "satisfaction.linear",
    "time_to_complete.completed.p50",
    "journeys_ended",
)


@dataclass(frozen=True)
class Choice:
    """A period a reader may choose."""

    name: str
    title: str
    is_chosen: bool


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
    choices: tuple[Choice, ...]
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
        brief=_brief(headlines, stages),
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


def _choices(numbers: Numbers, chosen: Period) -> tuple[Choice, ...]:
    offered = numbers.choices if chosen in numbers.choices else (chosen, *numbers.choices)
    return tuple(Choice(period.name, period.title, period == chosen) for period in offered)


def _span(service: Service, numbers: Numbers, period: Period) -> str:
    """The dates of the period; they are the same in all its messages that are not shifted."""
    found = numbers.first(period, "journeys_ended") or next(
        iter(numbers.by_period.get(period, ())), None
    )
    return words.span(found.period_start, found.period_end, service.zone) if found else ""


def _brief(headlines: tuple[Figure, ...], stages: tuple[Column, ...]) -> tuple[str, ...]:
    """The page in three sentences; a number that is not there makes no sentence."""
    completed, satisfied, time, _ = headlines
    told = []
    if not completed.is_missing:
        told.append(f"{completed.text} of {completed.n} journeys that ended were completed.")
    if not time.is_missing:
        told.append(f"Half of the completed ones took at most {time.text}.")
    if not satisfied.is_missing:
        told.append(f"Satisfaction was {satisfied.text}, from {satisfied.n} answers.")
    worst = next((card for card in cards_of(stages) if card.most_leave_here), None)
    if worst and worst.drop_off:
        told.append(
            f"Of those who did not finish, most left at “{worst.name}”: "
            f"{words.count(worst.leavers)} of {worst.drop_off.n} who reached it."
        )
    return tuple(told)
