"""The pages of the desk as HTML: one style, no script, nothing from elsewhere."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from schemas.sources import Source
from services.ingest.domain import desk_words
from services.ingest.domain.desk import Filled
from services.ingest.domain.desk_words import Told
from services.ingest.domain.protocols.csv_rows import COLUMNS, CSV
from services.ingest.domain.rules import Rules

_TEMPLATES = Path(__file__).with_name("desk_templates")


class DeskPages:
    """Renders whole pages."""

    def __init__(self) -> None:
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
        self.policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        """The Content-Security-Policy under which the pages work."""

    def login(self, *, is_refused: bool) -> str:
        """Who are you? Once more, if the token was none."""
        return self._render("login.html", is_refused=is_refused)

    def form(self, source: Source, rules: Rules, filled: Filled, told: Told | None) -> str:
        """The form, filled as said, below what became of the last one."""
        return self._render(
            "form.html",
            source=source,
            columns=COLUMNS if CSV.name in source.protocols else (),
            filled=filled,
            told=told,
            channels=desk_words.channels(source),
            places=desk_words.places(source, rules),
            reasons=list(desk_words.REASONS.items()),
            outcomes=desk_words.outcome_options(),
        )

    def _render(self, name: str, **content: object) -> str:
        return self._templates.get_template(name).render(style=self._style, **content)
