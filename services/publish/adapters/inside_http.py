"""The inside listener: pages, JSON, metrics and health. Exact numbers: never a public one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.typedefs import Middleware
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from schemas.inside_readers import CHALLENGE, Gate
from services.publish.adapters.api_routes import Api
from services.publish.adapters.cards import Cards
from services.publish.adapters.page_routes import PageRoutes
from services.publish.adapters.pages import Pages

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def clock_now() -> datetime:
    """The time of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Inside:
    """What the listener shows, and how it knows whether all of it has been read."""

    cards: Cards
    registry: CollectorRegistry
    is_ready: Callable[[], bool]
    readers: Gate
    now: Callable[[], datetime] = clock_now

    def application(self) -> web.Application:
        """The routes, each answered without waiting for anything."""
        pages = Pages(self.cards)
        application = web.Application(middlewares=[_told(pages), _guarded(self.readers)])
        application.add_routes(PageRoutes(self.cards, pages, self.now).routes())
        application.add_routes(Api(self.cards, self.now).routes())
        application.add_routes(
            [
                web.get("/metrics", self._own_metrics),
                web.get("/livez", self._alive),
                web.get("/readyz", self._ready),
            ]
        )
        return application

    async def _own_metrics(self, _: web.Request) -> web.Response:
        exposed = generate_latest(self.registry)
        return web.Response(body=exposed, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        if self.is_ready():
            return web.Response(text="ready\n")
        return web.Response(text="still reading the metric topic\n", status=503)


def _guarded(readers: Gate) -> Middleware:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        denied = readers.refusal(request.path, request.headers.get("Authorization"))
        if denied is None:
            return await handler(request)
        if denied.status == web.HTTPForbidden.status_code:
            raise web.HTTPForbidden(text=str(denied))
        raise web.HTTPUnauthorized(text=str(denied))

    return guarded


def _told(pages: Pages) -> Middleware:
    """Say a refusal in the reader's language: JSON to programs, a page to people."""

    @web.middleware
    async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPError as refused:
            response = _refusal(pages, request, refused)
        if response.status == web.HTTPUnauthorized.status_code:
            response.headers["WWW-Authenticate"] = CHALLENGE
        response.headers.update(_HEADERS | {"Content-Security-Policy": pages.policy})
        return response

    return told


def _refusal(pages: Pages, request: web.Request, refused: web.HTTPError) -> web.Response:
    told = refused.text or refused.reason
    if request.path.startswith("/api/"):
        return web.json_response({"error": told}, status=refused.status)
    page = pages.problem(refused.reason, told)
    return web.Response(text=page, content_type="text/html", status=refused.status)
