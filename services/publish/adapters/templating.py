"""The templates, and the one style that every page brings along."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_TEMPLATES = Path(__file__).with_name("templates")


class Templates:
    """Renders whole pages, each one file that needs nothing else."""

    def __init__(self, filters: Mapping[str, Callable[..., object]]) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= filters
        style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
        self._style = Markup(style)  # noqa: S704  our own file
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
        """The Content-Security-Policy under which the pages work: their own style, nothing else."""

    def render(self, template: str, **values: object) -> str:
        """The page of a template with these values."""
        return self._templates.get_template(template).render(style=self._style, **values)
