"""The pages as HTML: templates filled with what the domain worded. Nothing is decided here."""

import base64
import hashlib
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from schemas.catalogue import Catalogue
from services.publish.adapters.charts import chart
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period
from services.publish.domain.scorecard import overview, scorecard
from services.publish.publish import Publication

_TEMPLATES = Path(__file__).with_name("templates")


class Pages:
    """Renders whole pages, each one file that needs nothing else."""

    def __init__(self, catalogue: Catalogue, publication: Publication) -> None:
        self._catalogue = catalogue
        self._publication = publication
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
        self._style = Markup(style)  # noqa: S704  our own file
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
        """The Content-Security-Policy under which the pages work: their own style, nothing else."""

    def overview(self, now: datetime) -> str:
        """All services with their headline scores."""
        numbers = {id_: self._publication.numbers(id_) for id_ in self._catalogue.services}
        services = overview(self._catalogue, numbers, now)
        return self._render("overview.html", services=services)

    def service(self, service_id: str, period: Period | None, now: datetime) -> str:
        """The scorecard of a service of the catalogue; without a period, the newest window."""
        service = self._catalogue.services[service_id]
        numbers: Numbers = self._publication.numbers(service_id)
        chosen = period or numbers.default_period()
        card = scorecard(service, self._catalogue.agency_of[service_id], numbers, chosen, now)
        charts = [chart(trend) for trend in card.trends]
        return self._render("service.html", card=card, charts=charts)

    def problem(self, title: str, detail: str) -> str:
        """A page that says what is not there and where to go."""
        return self._render("problem.html", title=title, detail=detail)

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(style=self._style, **values)
