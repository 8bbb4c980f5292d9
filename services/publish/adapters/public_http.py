"""The public listener: the open data, and 404 for everything else."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from aiohttp import web
from aiohttp.typedefs import Middleware

from services.publish.adapters.public_records import PublicRecords
from services.publish.adapters.templating import Templates
from services.publish.domain import words
from services.publish.domain.open_data.about import titled
from services.publish.domain.open_data.data_set import ROOT
from services.publish.domain.open_data.site import CALENDAR, CATALOGUE, media_type
from services.publish.domain.period import day_title

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HEADERS = {
    "Access-Control-Allow-Origin": "*",  # a page of anybody's may read what is open
    "Cache-Control": "public, max-age=300",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def today() -> date:
    """The day it is, in UTC: the one that stands on a release."""
    return datetime.now(UTC).date()


@dataclass(frozen=True)
class PublicHttp:
    """What anybody may ask for, and how it knows whether all of it has been read."""

    records: PublicRecords
    is_ready: Callable[[], bool]
    today: Callable[[], date] = today
    templates: Templates = field(
        default_factory=lambda: Templates(
            {"day": day_title, "count": words.count, "titled": titled}
        )
    )

    def application(self) -> web.Application:
        """One page, and the files at their addresses."""
        application = web.Application(middlewares=[_open()])
        application.add_routes(
            [web.get(f"{ROOT}/", self._page), web.get(f"{ROOT}/{{file:.+}}", self._file)]
        )
        return application

    async def _page(self, _: web.Request) -> web.Response:
        self._refuse_until_read()
        site = self.records.site(self.today())
        page = self.templates.render(
            "open_data.html", site=site, about=site.about, catalogue=CATALOGUE, calendar=CALENDAR
        )
        policy = {"Content-Security-Policy": self.templates.policy}
        return web.Response(text=page, content_type="text/html", headers=policy)

    async def _file(self, request: web.Request) -> web.Response:
        self._refuse_until_read()
        content = self.records.site(self.today()).files.get(request.path)
        if content is None:
            raise web.HTTPNotFound
        type_ = media_type(request.path)
        headers = {"Content-Type": type_}
        if type_ == "text/csv":
            beside = f'<{request.path}-metadata.json>; rel="describedby"'
            headers = {
                "Content-Type": "text/csv; charset=utf-8; header=present",
                "Link": f'{beside}; type="application/csvm+json"',
            }
        return web.Response(body=content, headers=headers)

    def _refuse_until_read(self) -> None:
        """Half of it would look like all of it."""
        if not self.is_ready():
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "5"})


def _open() -> Middleware:
    @web.middleware
    async def opened(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as refused:
            response = web.Response(
                text=f"{refused.reason}\n", status=refused.status, headers=_kept(refused)
            )
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return opened


def _kept(refused: web.HTTPException) -> dict[str, str]:
    """Of a refusal's headers those that say what to do; and it is not kept in a cache."""
    told = {
        name: refused.headers[name] for name in ("Allow", "Retry-After") if name in refused.headers
    }
    return told | {"Cache-Control": "no-store"}
