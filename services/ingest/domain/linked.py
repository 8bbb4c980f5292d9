"""Which links were sent: one that is said again changes nothing, and costs journey a step."""

from collections.abc import Iterable

from schemas.control import Link
from services.ingest.domain.outcome import Accepted, Outcome

_MOST = 100_000


class Linked:
    """Links that are in the log. When there are too many to remember, all are forgotten."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._sent: set[tuple[str, str, str | None]] = set()

    def missing(self, outcomes: Iterable[Outcome]) -> list[Link]:
        """The links of accepted events that are not known to be in the log, each once."""
        found = {
            _name(link): link
            for outcome in outcomes
            if isinstance(outcome, Accepted)
            for link in outcome.links
        }
        return [link for name, link in found.items() if name not in self._sent]

    def add(self, links: Iterable[Link]) -> None:
        """They are."""
        if len(self._sent) > self._most:
            self._sent.clear()
        self._sent.update(map(_name, links))


def _name(link: Link) -> tuple[str, str, str | None]:
    return link.lower, link.upper, link.former_case
