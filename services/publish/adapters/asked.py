"""What a request asks for, checked against the catalogue: a wrong name is told the nearest."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from aiohttp import web

from schemas.catalogue import known_or_sentence
from services.publish.adapters.cards import Cards
from services.publish.domain.agency import zone_of
from services.publish.domain.period import Period, UnknownPeriod


def service_of(request: web.Request, cards: Cards) -> str:
    """The service of the path. Raises HTTPNotFound."""
    return _named(request, "service", cards.catalogue.services)


def touchpoint_of(request: web.Request, cards: Cards) -> str:
    """The touchpoint of the path, one of its service's or `other`. Raises HTTPNotFound."""
    service = cards.catalogue.services[service_of(request, cards)]
    return _named(request, "touchpoint", service.by_touchpoint)


def agency_of(request: web.Request, cards: Cards) -> str:
    """The agency of the path. Raises HTTPNotFound."""
    return _named(request, "agency", cards.agencies())


def period_of(request: web.Request, cards: Cards) -> Period | None:
    """The period of the query, its hours in the time of the place. Raises HTTPBadRequest."""
    text = request.query.get("period")
    try:
        return Period.parse(text, _zone(request, cards)) if text else None
    except UnknownPeriod as problem:
        raise web.HTTPBadRequest(text=str(problem)) from None


def _zone(request: web.Request, cards: Cards) -> ZoneInfo:
    if "service" in request.match_info:
        return cards.catalogue.services[service_of(request, cards)].zone
    return zone_of(cards.agencies()[agency_of(request, cards)])


def _named(request: web.Request, what: str, known: Iterable[str]) -> str:
    name = request.match_info[what]
    problem = known_or_sentence(name, known, what)
    if problem:
        raise web.HTTPNotFound(text=problem)
    return name
