"""The pages at their addresses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from services.publish.adapters.asked import agency_of, period_of, service_of, touchpoint_of
from services.publish.adapters.cards import Cards
from services.publish.adapters.pages import Pages

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class PageRoutes:
    """Answers every address with a whole page."""

    cards: Cards
    pages: Pages
    now: Callable[[], datetime]

    def routes(self) -> list[web.RouteDef]:
        """The addresses."""
        answered = {
            "/": self._overview,
            "/governance": self._governance,
            "/agencies/{agency}": self._agency,
            "/services/{service}": self._service,
            "/services/{service}/touchpoints/{touchpoint}": self._touchpoint,
            "/services/{service}/profiles": self._profiles,
            "/services/{service}/improvements": self._improvements,
        }
        return [web.get(path, _html(answer)) for path, answer in answered.items()]

    def _overview(self, _: web.Request) -> str:
        return self.pages.overview(self.now())

    def _governance(self, _: web.Request) -> str:
        return self.pages.governance(self.now())

    def _agency(self, request: web.Request) -> str:
        agency, period = agency_of(request, self.cards), period_of(request, self.cards)
        return self.pages.agency(agency, period, self.now())

    def _service(self, request: web.Request) -> str:
        service, period = service_of(request, self.cards), period_of(request, self.cards)
        return self.pages.service(service, period, self.now())

    def _touchpoint(self, request: web.Request) -> str:
        service, touchpoint = service_of(request, self.cards), touchpoint_of(request, self.cards)
        period = period_of(request, self.cards)
        return self.pages.touchpoint(service, touchpoint, period, self.now())

    def _profiles(self, request: web.Request) -> str:
        service, period = service_of(request, self.cards), period_of(request, self.cards)
        return self.pages.profiles(service, period, self.now())

    def _improvements(self, request: web.Request) -> str:
        return self.pages.improvements(service_of(request, self.cards))


def _html(answer: Callable[[web.Request], str]) -> Handler:
    async def answered(request: web.Request) -> web.Response:
        return web.Response(text=answer(request), content_type="text/html")

    return answered
