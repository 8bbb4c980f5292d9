"""The JSON API: the same cards as the pages, and the metric messages behind them.

`docs/scorecard-api.md` describes it for those who call it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from services.publish.adapters import answers
from services.publish.adapters.asked import agency_of, period_of, service_of, touchpoint_of
from services.publish.adapters.cards import Cards

PREFIX = "/api/v1"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Api:
    """Answers every path from the cards."""

    cards: Cards
    now: Callable[[], datetime]

    def routes(self) -> list[web.RouteDef]:
        """The paths; within v1 a field may come, none may go or change its meaning."""
        answered = {
            "/services": self._services,
            "/services/{service}/scorecard": self._scorecard,
            "/services/{service}/touchpoints/{touchpoint}": self._touchpoint,
            "/services/{service}/profiles": self._profiles,
            "/services/{service}/improvements": self._improvements,
            "/services/{service}/metrics": self._metrics,
            "/agencies": self._agencies,
            "/agencies/{agency}/scorecard": self._agency,
            "/agencies/{agency}/metrics": self._metrics_of_agency,
            "/progress": self._progress,
            "/governance": self._governance,
        }
        return [web.get(PREFIX + path, _json(answer)) for path, answer in answered.items()]

    def _services(self, _: web.Request) -> answers.Body:
        return answers.services(self.cards)

    def _agencies(self, _: web.Request) -> answers.Body:
        return answers.agencies(self.cards)

    def _scorecard(self, request: web.Request) -> answers.Body:
        service, period = service_of(request, self.cards), period_of(request, self.cards)
        return answers.card(self.cards.service(service, period, self.now()))

    def _touchpoint(self, request: web.Request) -> answers.Body:
        service, touchpoint = service_of(request, self.cards), touchpoint_of(request, self.cards)
        period = period_of(request, self.cards)
        return answers.card(self.cards.touchpoint(service, touchpoint, period, self.now()))

    def _profiles(self, request: web.Request) -> answers.Body:
        service, period = service_of(request, self.cards), period_of(request, self.cards)
        return answers.card(self.cards.profiles(service, period, self.now()))

    def _improvements(self, request: web.Request) -> answers.Body:
        made = self.cards.improvements(service_of(request, self.cards))
        return {"improvements": [answers.card(one) for one in made]}

    def _agency(self, request: web.Request) -> answers.Body:
        agency, period = agency_of(request, self.cards), period_of(request, self.cards)
        return answers.card(self.cards.agency(agency, period, self.now()))

    def _metrics(self, request: web.Request) -> answers.Body:
        numbers = self.cards.publication.numbers(service_of(request, self.cards))
        period = period_of(request, self.cards)
        return answers.metrics(numbers, period, request.query.get("metric_id"))

    def _metrics_of_agency(self, request: web.Request) -> answers.Body:
        numbers = self.cards.publication.numbers_of_agency(agency_of(request, self.cards))
        period = period_of(request, self.cards)
        return answers.metrics(numbers, period, request.query.get("metric_id"))

    def _governance(self, _: web.Request) -> answers.Body:
        return answers.card(self.cards.governance(self.now()))

    def _progress(self, _: web.Request) -> answers.Body:
        return answers.progress(self.cards.publication, self.now())


def _json(answer: Callable[[web.Request], answers.Body]) -> Handler:
    async def answered(request: web.Request) -> web.Response:
        return web.json_response(answer(request))

    return answered
