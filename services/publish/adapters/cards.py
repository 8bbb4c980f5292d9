"""What is told of each place: the one model from which both the pages and the JSON are made."""

from dataclasses import dataclass
from datetime import datetime

from schemas.authority import Authority
from schemas.catalogue import AgencyCatalogue, Catalogue, Service
from services.publish.domain.agency import Agency, AgencyCard, agency_card, overview
from services.publish.domain.governance import Governance, governance
from services.publish.domain.improvements import Catalogued, Improvement, improvements
from services.publish.domain.national import NationalCard, national_card
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period
from services.publish.domain.scorecard import Scorecard, scorecard
from services.publish.domain.touchpoint import TouchpointCard, touchpoint_card
from services.publish.domain.view import View
from services.publish.publish import Publication


@dataclass(frozen=True)
class Cards:
    """Every card of the catalogue's places; ids must be of the catalogue. Without a period a card
    is of the newest window.
    """

    catalogue: Catalogue
    publication: Publication
    authority: Authority

    def agencies(self) -> dict[str, AgencyCatalogue]:
        """Every agency by its id."""
        return {agency.agency: agency for agency in self.catalogue.agencies}

    def overview(self, now: datetime) -> tuple[Agency, ...]:
        """All agencies with their services' headline scores."""
        return tuple(
            overview(agency, self._of_services(agency), now) for agency in self.catalogue.agencies
        )

    def agency(self, agency_id: str, period: Period | None, now: datetime) -> AgencyCard:
        """An agency as a whole."""
        agency = self.agencies()[agency_id]
        view = _view(self.publication.numbers_of_agency(agency_id), period)
        return agency_card(agency, view, self._of_services(agency), now)

    def service(self, service_id: str, period: Period | None, now: datetime) -> Scorecard:
        """The scorecard of a service."""
        service = self.catalogue.services[service_id]
        agency = self.catalogue.agency_of[service_id]
        view = _view(self.publication.numbers(service_id), period)
        return scorecard(service, agency, view, self.improvements(service_id), now)

    def touchpoint(
        self, service_id: str, touchpoint: str, period: Period | None, now: datetime
    ) -> TouchpointCard:
        """One touchpoint of a service."""
        service = self.catalogue.services[service_id]
        view = _view(self.publication.numbers(service_id), period).at(touchpoint)
        return touchpoint_card(service, view, self.improvements(service_id), now)

    def profiles(self, service_id: str, period: Period | None, now: datetime) -> NationalCard:
        """A service in the words of every national profile."""
        service = self.catalogue.services[service_id]
        return national_card(service, _view(self.publication.numbers(service_id), period), now)

    def improvements(self, service_id: str) -> tuple[Improvement, ...]:
        """What was changed in a service, and what came of it."""
        service = self.catalogue.services[service_id]
        return improvements(service, self.publication.numbers(service_id), self._catalogued)

    def governance(self, now: datetime) -> Governance:
        """Who answers for which data, and who decides."""
        return governance(self.authority, self.publication.progress(), now)

    def _catalogued(self, service_id: str) -> Catalogued:
        service: Service = self.catalogue.services[service_id]
        return Catalogued(service, self.publication.numbers(service_id))

    def _of_services(self, agency: AgencyCatalogue) -> dict[str, Numbers]:
        return {one.id: self.publication.numbers(one.id) for one in agency.services}


def _view(numbers: Numbers, period: Period | None) -> View:
    return View(numbers, period or numbers.default_period())
