"""The scorecard of one service: messages in, everything that its page and its JSON tell out."""

from dataclasses import dataclass
from datetime import datetime

from schemas.catalogue import Service
from services.publish.domain.beside import Beside, beside
from services.publish.domain.breakdown import Breakdown
from services.publish.domain.brief import brief
from services.publish.domain.chain import Chain, chains
from services.publish.domain.clocks import ClockQuality, clocks
from services.publish.domain.cost import CostFigure, costs
from services.publish.domain.differences import Comparison, comparison
from services.publish.domain.figure import Figure
from services.publish.domain.heading import Heading, heading
from services.publish.domain.improvements import Improvement
from services.publish.domain.journey_map import Column, journey_map
from services.publish.domain.leaving import Leaving, leaving
from services.publish.domain.loops import loops
from services.publish.domain.outcomes import OutcomeShare, informed, outcomes
from services.publish.domain.paths import Flow, Path, flow, paths
from services.publish.domain.revisions import Revision, revisions
from services.publish.domain.sections import Section, asked_about_journeys, sections
from services.publish.domain.switches import Switches, switches
from services.publish.domain.trend import Event, Trend, trends, trends_by_day
from services.publish.domain.view import View

HEADLINES = (
    "completion_rate.live",
    "satisfaction.linear",
    "trust.positive",
    "time_to_complete.completed.p50",
    "journeys_ended",
)
STARTED = "completion_rate.gds"


@dataclass(frozen=True)
class Scorecard:
    """Everything about one service in one period, in words and numbers."""

    service_id: str
    name: str
    owner: str
    agency: str
    heading: Heading
    headlines: tuple[Figure, ...]
    brief: tuple[str, ...]
    stages: tuple[Column, ...]
    flow: Flow
    leaving: tuple[Leaving, ...]
    paths: tuple[Path, ...]
    loops: Breakdown | None
    switches: Switches
    chains: tuple[Chain, ...]
    outcomes: tuple[OutcomeShare, ...]
    sections: tuple[Section, ...]
    beside: tuple[Beside, ...]
    costs: tuple[CostFigure, ...]
    trends: tuple[Trend, ...]
    days: tuple[Trend, ...]
    comparison: Comparison | None
    revisions: tuple[Revision, ...]
    improvements: tuple[Improvement, ...]
    clocks: tuple[ClockQuality, ...]


def scorecard(
    service: Service,
    agency: str,
    view: View,
    made: tuple[Improvement, ...],
    now: datetime,
) -> Scorecard:
    """The scorecard of a service for one period, with the improvements made to it.

    `now` only tells whether progress still comes.
    """
    stages = journey_map(service, view)
    shown = sections(view, asked_about_journeys((service,)))
    headlines = headlines_of(view)
    return Scorecard(
        service_id=service.id,
        name=service.name,
        owner=service.owner,
        agency=agency,
        heading=heading(view, service.zone, now, figures_of(shown)),
        headlines=headlines,
        brief=brief(headlines, view.figure(STARTED), informed(view), stages),
        stages=stages,
        flow=flow(service, view),
        leaving=leaving(service, view),
        paths=paths(service, view),
        loops=loops(service, view),
        switches=switches(view),
        chains=chains(view),
        outcomes=outcomes(view),
        sections=shown,
        beside=beside(view),
        costs=costs(service, view.numbers),
        trends=trends(view.numbers, events(made)),
        days=trends_by_day(view.numbers, view.period),
        comparison=comparison(view.numbers),
        revisions=revisions(view.numbers, view.period),
        improvements=made,
        clocks=clocks(view.numbers),
    )


def headlines_of(view: View) -> tuple[Figure, ...]:
    """The few scores that stand at the top; trust only where somebody was asked."""
    ids = (id_ for id_ in HEADLINES if id_ != "trust.positive" or view.message(id_))
    return tuple(view.figure(id_) for id_ in ids)


def events(made: tuple[Improvement, ...]) -> tuple[Event, ...]:
    """The improvements as marks on a trend."""
    return tuple(Event(one.number, one.day, f"{one.dated}, {one.place}") for one in made)


def figures_of(shown: tuple[Section, ...]) -> tuple[Figure, ...]:
    """Every score of the sections."""
    return tuple(row for section in shown for row in section.rows)
