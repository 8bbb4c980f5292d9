"""`/desk`: pages for people at a phone, a counter or in a post room, through the same admission.

A cookie says who sits there. No other site may read these pages or send their forms: the cookie
stays here (SameSite=Strict), an Origin must be ours, and each form carries a name that was signed
for this session, which is also the id of what it records.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from aiohttp import web

from schemas.sources import Source
from services.ingest.adapters.desk_pages import DeskPages
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.senders import Senders
from services.ingest.adapters.uploaded import uploaded
from services.ingest.collect import Batch, Collector
from services.ingest.domain import desk_words
from services.ingest.domain.desk import PROTOCOL, VERSION, Filled, received
from services.ingest.domain.desk_session import LASTS, Sessions
from services.ingest.domain.desk_words import Told
from services.ingest.domain.protocols.csv_rows import CSV
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.sending import PublishFailed

PATH = "/desk"
_COOKIE = "desk"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_log = structlog.get_logger()
_AWAY = Told("Not recorded yet", ("We cannot be reached just now. Send it again.",), 503)
_OVER = Told("Not recorded", ("This form was of another session. Please send it again.",), 403)

_NO_ROWS = Told("Nothing recorded", ("This desk may send no files of rows.",), 403)


class Desk:
    """Routes and handlers. `senders` is asked at each login: the file of sources may change; `wait`
    says how many seconds a source must, to record so many events.
    """

    def __init__(
        self,
        collector: Collector,
        senders: Callable[[], Senders],
        bodies: BodyReader,
        wait: Callable[[Source, int], int],
    ) -> None:
        self._collector = collector
        self._senders = senders
        self._bodies = bodies
        self._wait = wait
        self._pages = DeskPages()

    def add_to(self, app: web.Application) -> None:
        """Add the routes."""
        app.router.add_get(PATH, self._show)
        app.router.add_post(PATH, self._record)
        app.router.add_post(f"{PATH}/rows", self._record_rows)
        app.router.add_post(f"{PATH}/login", self._login)
        app.router.add_post(f"{PATH}/logout", self._logout)

    @property
    def _sessions(self) -> Sessions:
        return Sessions.of(self._collector.rules.sealing)

    async def _show(self, http: web.Request) -> web.Response:
        source = self._seated(http)
        return self._asked() if source is None else self._form(http, source, Filled())

    async def _login(self, http: web.Request) -> web.Response:
        token = (await self._read(http)).form.get("token", "").strip()
        source = self._senders().by_token(token)
        if source is None or PROTOCOL not in source.protocols or not _is_from_here(http):
            return self._asked(is_refused=True)
        digest = hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
        cookie = self._sessions.begun(source, digest, datetime.now(UTC))
        response = _back_to_the_form()
        response.set_cookie(
            _COOKIE,
            cookie,
            max_age=int(LASTS.total_seconds()),
            path=PATH,
            secure=not _is_loopback(http),
            httponly=True,
            samesite="Strict",
        )
        return response

    async def _logout(self, http: web.Request) -> web.Response:
        response = _back_to_the_form()
        if _is_from_here(http):
            response.del_cookie(_COOKIE, path=PATH)
        return response

    async def _record(self, http: web.Request) -> web.Response:
        filled = Filled.of((await self._read(http)).form)
        return await self._answered(http, filled, lambda source: self._form_of(source, filled))

    async def _record_rows(self, http: web.Request) -> web.Response:
        sent = uploaded(http.headers.get("Content-Type", ""), await self._bodies.read(http))
        filled = Filled(entry=sent.get("entry", b"").decode(errors="replace"))
        rows = Request({}, sent.get("rows", b""))
        return await self._answered(http, filled, lambda source: self._rows_of(source, rows))

    async def _answered(
        self, http: web.Request, filled: Filled, work: Callable[[Source], Awaitable[Told]]
    ) -> web.Response:
        """The form again below what became of `work`, if the session may ask for it."""
        source = self._seated(http)
        if source is None:
            return self._asked()
        if not (_is_from_here(http) and self._sessions.is_entry(filled.entry, _cookie(http))):
            return self._form(http, source, filled, _OVER)
        try:
            said = await work(source)
        except PublishFailed as failed:
            _log.warning("desk.unpublished", error=str(failed))
            return self._form(http, source, filled, _AWAY)
        again = Filled(channel=filled.channel, place=filled.place) if said.is_done else filled
        return self._form(http, source, again, said)

    async def _form_of(self, source: Source, filled: Filled) -> Told:
        rules = self._collector.rules
        service = rules.catalogue.services.get(filled.service)
        first = rules.catalogue.services[source.services[0]]
        events = received(filled, (service or first).zone)
        if wait := self._wait(source, len(events)):
            return desk_words.told_of_waiting(wait)
        batch = Batch(source, PROTOCOL, VERSION, events)
        return desk_words.told(filled, await self._collector.collect(batch), rules)

    async def _rows_of(self, source: Source, rows: Request) -> Told:
        events = CSV.read(rows)
        if CSV.name not in source.protocols:
            return _NO_ROWS
        if isinstance(events, Malformed):
            return desk_words.told_of_no_table(events)
        if wait := self._wait(source, len(events)):
            return desk_words.told_of_waiting(wait)
        batch = Batch(source, CSV.name, CSV.version, events)
        return desk_words.told_of_rows(rows, await self._collector.collect(batch))

    def _seated(self, http: web.Request) -> Source | None:
        sources = self._collector.rules.sources
        source = self._sessions.source(_cookie(http), sources, datetime.now(UTC))
        return source if source and PROTOCOL in source.protocols else None

    def _asked(self, *, is_refused: bool = False) -> web.Response:
        return self._page(self._pages.login(is_refused=is_refused), 401 if is_refused else 200)

    def _form(
        self, http: web.Request, source: Source, filled: Filled, said: Told | None = None
    ) -> web.Response:
        if said is not _AWAY:
            # There the name stays: had the entry arrived after all, it still counts once.
            filled = replace(filled, entry=self._sessions.entry(_cookie(http), str(uuid4())))
        page = self._pages.form(source, self._collector.rules, filled, said)
        return self._page(page, said.status if said else 200)

    def _page(self, text: str, status: int) -> web.Response:
        headers = {
            "Content-Security-Policy": self._pages.policy,
            "Cache-Control": "no-store",  # going back brings a new form, not the one that was sent
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=text, content_type="text/html", status=status, headers=headers)

    async def _read(self, http: web.Request) -> Request:
        return Request(dict(http.headers), await self._bodies.read(http), path=http.path)


def _cookie(http: web.Request) -> str:
    return http.cookies.get(_COOKIE, "")


def _is_from_here(http: web.Request) -> bool:
    """Whether a page of ours sends; browsers say the origin with every POST."""
    origin = http.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == http.host


def _is_loopback(http: web.Request) -> bool:
    return urlsplit(f"//{http.host}").hostname in _LOOPBACK


def _back_to_the_form() -> web.Response:
    return web.Response(status=303, headers={"Location": PATH})
