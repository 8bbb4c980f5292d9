"""The pages as HTML: templates filled with what the domain worded. Nothing is decided here."""

from datetime import datetime

from services.publish.adapters.cards import Cards
from services.publish.adapters.channel_marks import kind_of
from services.publish.adapters.charts import chart
from services.publish.adapters.flow_drawing import drawing
from services.publish.adapters.templating import Templates
from services.publish.domain import words
from services.publish.domain.period import Period


class Pages:
    """Renders whole pages, each one file that needs nothing else."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
        self._templates = Templates(
            {
                "chart": chart,
                "channel_kind": kind_of,
                "count": words.count,
                "money": lambda amount, currency: words.money(currency, amount),
                "percent": words.percent,
                "plain": words.plain,
                "sentence": words.sentence,
                "titled": lambda id_: words.sentence(id_.replace("-", " ")),
            }
        )
        self.policy = self._templates.policy
        """The Content-Security-Policy under which the pages work."""

    def overview(self, now: datetime) -> str:
        """All services with their headline scores."""
        return self._render("overview.html", agencies=self._cards.overview(now))

    def agency(self, agency: str, period: Period | None, now: datetime) -> str:
        """An agency as a whole; without a period, the newest window, here and everywhere."""
        return self._render("agency.html", card=self._cards.agency(agency, period, now))

    def service(self, service: str, period: Period | None, now: datetime) -> str:
        """The scorecard of a service of the catalogue."""
        card = self._cards.service(service, period, now)
        return self._render("service.html", card=card, drawing=drawing(card.stages, card.flow))

    def touchpoint(
        self, service: str, touchpoint: str, period: Period | None, now: datetime
    ) -> str:
        """One touchpoint of a service."""
        card = self._cards.touchpoint(service, touchpoint, period, now)
        return self._render("touchpoint.html", card=card)

    def profiles(self, service: str, period: Period | None, now: datetime) -> str:
        """A service in the words of every national profile."""
        return self._render("profiles.html", card=self._cards.profiles(service, period, now))

    def improvements(self, service: str) -> str:
        """What was changed in a service, and what came of it."""
        named = self._cards.catalogue.services[service]
        made = self._cards.improvements(service)
        return self._render("improvements.html", service=named, improvements=made)

    def governance(self, now: datetime) -> str:
        """Who answers for which data, and who decides."""
        return self._render("governance.html", card=self._cards.governance(now))

    def problem(self, title: str, detail: str) -> str:
        """A page that says what is not there and where to go."""
        return self._render("problem.html", title=title, detail=detail)

    def _render(self, template: str, **values: object) -> str:
        return self._templates.render(template, **values)
