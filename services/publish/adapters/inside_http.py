"""The inside listener: pages, JSON, metrics and health. Exact numbers: never a public one."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from schemas.catalogue import Catalogue, known_or_sentence
from services.publish.adapters import answers
from services.publish.adapters.pages import Pages
from services.publish.domain.period import Period, UnknownPeriod
from services.publish.publish import Publication

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

    catalogue: Catalogue
    publication: Publication
    pages: Pages
    registry: CollectorRegistry
    is_ready: Callable[[], bool]
    now: Callable[[], datetime] = clock_now

    def application(self) -> web.Application:
        """The routes, each answered without waiting for anything."""
        application = web.Application(middlewares=[self._told])
        application.add_routes(
            [
                web.get("/", self._overview),
                web.get("/services/{service}", self._service),
                web.get("/api/v1/services", self._services_json),
                web.get("/api/v1/services/{service}/metrics", self._metrics_json),
                web.get("/api/v1/progress", self._progress_json),
                web.get("/metrics", self._own_metrics),
                web.get("/livez", self._alive),
                web.get("/readyz", self._ready),
            ]
        )
        return application

    @web.middleware
    async def _told(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Say a refusal in the reader's language: JSON to programs, a page to people."""
        try:
            response = await handler(request)
        except web.HTTPError as refused:
            response = self._refusal(request, refused)
        response.headers.update(_HEADERS | {"Content-Security-Policy": self.pages.policy})
        return response

    def _refusal(self, request: web.Request, refused: web.HTTPError) -> web.Response:
        told = refused.text or refused.reason
        if request.path.startswith("/api/"):
            return web.json_response({"error": told}, status=refused.status)
        page = self.pages.problem(refused.reason, told)
        return web.Response(text=page, content_type="text/html", status=refused.status)

    async def _overview(self, _: web.Request) -> web.Response:
        return web.Response(text=self.pages.overview(self.now()), content_type="text/html")

    async def _service(self, request: web.Request) -> web.Response:
        page = self.pages.service(self._named(request), _period(request), self.now())
        return web.Response(text=page, content_type="text/html")

    async def _services_json(self, _: web.Request) -> web.Response:
        return web.json_response(answers.services(self.catalogue, self.publication))

    async def _metrics_json(self, request: web.Request) -> web.Response:
        numbers = self.publication.numbers(self._named(request))
        metric_id = request.query.get("metric_id")
        return web.json_response(answers.metrics(numbers, _period(request), metric_id))

    async def _progress_json(self, _: web.Request) -> web.Response:
        return web.json_response(answers.progress(self.publication, self.now()))

    async def _own_metrics(self, _: web.Request) -> web.Response:
        exposed = generate_latest(self.registry)
        return web.Response(body=exposed, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        if self.is_ready():
            return web.Response(text="ready\n")
        return web.Response(text="still reading the metric topic\n", status=503)

    def _named(self, request: web.Request) -> str:
        service = request.match_info["service"]
        problem = known_or_sentence(service, self.catalogue.services, "service")
        if problem:
            raise web.HTTPNotFound(text=problem)
        return service


def _period(request: web.Request) -> Period | None:
    text = request.query.get("period")
    try:
        return Period.parse(text) if text else None
    except UnknownPeriod as problem:
        raise web.HTTPBadRequest(text=str(problem)) from None
