"""The last views of the visitors of this process, as many as fit; who was not seen for longest is
forgotten first. They are known by pseudonym, and nothing of this is written anywhere.
"""

from collections import OrderedDict
from typing import Protocol

from services.ingest.domain import pace
from services.ingest.domain.pace import Sign, View

# With what a visitor costs beside them, some 25 MB when all of it is used.
_MOST_VIEWS = 200_000
_AS_VIEWS = 4


class SignTelemetry(Protocol):
    """What is told about machines among visitors."""

    def suspected(self, source_id: str, sign: Sign) -> None:
        """An event was labelled for how its visitor goes through pages."""


class Visitors:
    """Each process has its own, and sees what the balancer gives it."""

    def __init__(self, telemetry: SignTelemetry, most_views: int = _MOST_VIEWS) -> None:
        self._telemetry = telemetry
        self._most = most_views
        self._held = 0
        self._views: OrderedDict[str, tuple[View, ...]] = OrderedDict()

    def is_machine(self, source_id: str, visitor: str, view: View) -> bool:
        """Whether no human views pages as this visitor does, this view included."""
        views = pace.seen(self._taken(visitor), view)
        self._put(visitor, views)
        found = pace.sign(views)
        if found is not None:
            self._telemetry.suspected(source_id, found)
        return found is not None

    def _taken(self, visitor: str) -> tuple[View, ...]:
        views = self._views.pop(visitor, None)
        if views is None:
            return ()
        self._held -= _AS_VIEWS + len(views)
        return views

    def _put(self, visitor: str, views: tuple[View, ...]) -> None:
        self._views[visitor] = views
        self._held += _AS_VIEWS + len(views)
        while self._held > self._most and len(self._views) > 1:
            _, forgotten = self._views.popitem(last=False)
            self._held -= _AS_VIEWS + len(forgotten)
