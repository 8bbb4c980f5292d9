"""The page of an agency: its services added up, and each beside the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from schemas.catalogue import AgencyCatalogue, Service
from services.publish.domain.as_of import AsOf, as_of
from services.publish.domain.beside import Beside, beside
from services.publish.domain.chain import Chain, chains
from services.publish.domain.figure import Figure
from services.publish.domain.heading import Heading, heading
from services.publish.domain.numbers import Numbers
from services.publish.domain.outcomes import OutcomeShare, outcomes
from services.publish.domain.period import Period
from services.publish.domain.scorecard import figures_of, headlines_of
from services.publish.domain.sections import Section, asked_about_journeys, sections
from services.publish.domain.switches import Switches, switches
from services.publish.domain.trend import Trend, trends
from services.publish.domain.view import View


@dataclass(frozen=True)
class Headline:
    """One service in a few numbers."""

    service_id: str
    name: str
    owner: str
    period: str
    as_of: tuple[AsOf, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class AgencyCard:
    """Everything about one agency in one period."""

    agency: str
    contact: str
    heading: Heading
    headlines: tuple[Figure, ...]
    outcomes: tuple[OutcomeShare, ...]
    chains: tuple[Chain, ...]
    switches: Switches
    services: tuple[Headline, ...]
    sections: tuple[Section, ...]
    beside: tuple[Beside, ...]
    trends: tuple[Trend, ...]


@dataclass(frozen=True)
class Agency:
    """One agency on the overview."""

    agency: str
    contact: str
    services: tuple[Headline, ...]


def agency_card(
    agency: AgencyCatalogue, view: View, numbers: Mapping[str, Numbers], now: datetime
) -> AgencyCard:
    """The page of an agency; `numbers` are those of its services."""
    shown = sections(view, asked_about_journeys(agency.services))
    zone = zone_of(agency)
    return AgencyCard(
        agency=agency.agency,
        contact=agency.contact,
        heading=heading(view, zone, now, figures_of(shown)),
        headlines=headlines_of(view),
        outcomes=outcomes(view),
        chains=chains(view),
        switches=switches(view),
        services=tuple(
            _headline(service, View(numbers[service.id], view.period), now)
            for service in agency.services
        ),
        sections=shown,
        beside=beside(view),
        trends=trends(view.numbers),
    )


def overview(agency: AgencyCatalogue, numbers: Mapping[str, Numbers], now: datetime) -> Agency:
    """An agency's services, each in the period it would open with."""
    services = tuple(
        _headline(service, _view(numbers[service.id]), now) for service in agency.services
    )
    return Agency(agency.agency, agency.contact, services)


def zone_of(agency: AgencyCatalogue) -> ZoneInfo:
    """Whose days and months the agency's numbers are in: those of its first service."""
    return agency.services[0].zone


def _view(numbers: Numbers) -> View:
    period: Period = numbers.default_period()
    return View(numbers, period)


def _headline(service: Service, view: View, now: datetime) -> Headline:
    return Headline(
        service_id=service.id,
        name=service.name,
        owner=service.owner,
        period=view.period.title,
        as_of=as_of(view.numbers, service.zone, now),
        figures=headlines_of(view),
    )
