"""The public listener: one loop over the protocols, explain, and a source's own account."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.typedefs import Handler

from schemas.sources import Source
from schemas.vocabulary import RequestRefusal
from services.ingest.adapters import cross_origin
from services.ingest.adapters.answering import TRY_AGAIN, Answering, as_json
from services.ingest.adapters.desk_http import Desk
from services.ingest.adapters.rates import Rates
from services.ingest.adapters.refused import Refused
from services.ingest.adapters.request_body import BodyReader
from services.ingest.adapters.senders import Senders
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.collect import Batch, Collector
from services.ingest.domain import signature
from services.ingest.domain.protocols import PROTOCOLS, addressed, understood
from services.ingest.domain.protocols.protocol import Malformed, Protocol, Request, bearer
from services.ingest.domain.rules import Rules
from services.ingest.sending import Way

_SENT_TO = "sent_to"


class PublicHttp:
    """Routes and handlers; the decisions are the collector's. While the way to Kafka is closed
    events are refused before they are read; `draw` spreads those who are turned away.
    """

    def __init__(
        self,
        collector: Collector,
        telemetry: IngestTelemetry,
        bodies: BodyReader,
        way: Way,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._collector = collector
        self._telemetry = telemetry
        self._bodies = bodies
        self._way = way
        self._answering = Answering(telemetry, bodies, way, draw)
        self._rates = Rates()
        self.senders = Senders(collector.rules.sources.values())

    def use(self, rules: Rules) -> None:
        """Decide by these from the next request on."""
        self._telemetry.know(rules.sources.values())
        self.senders = Senders(rules.sources.values())
        self._collector.rules = rules

    def app(self) -> web.Application:
        """The application; serve it with `auto_decompress=False` (see request_body)."""
        app = web.Application(middlewares=[self._answering.answer])
        for protocol in PROTOCOLS:
            for path in protocol.paths:
                for method in protocol.methods:
                    app.router.add_route(method, path, self._collecting(protocol))
                if protocol.is_for_browsers:
                    app.router.add_options(path, cross_origin.preflight)
        app.router.add_post("/v1/explain", self._explain)
        app.router.add_route("*", f"/v1/explain/{{{_SENT_TO}:.+}}", self._explain)
        app.router.add_get("/v1/sources/self", self._account)
        Desk(self._collector, lambda: self.senders, self._bodies, self._wait).add_to(app)
        return app

    def _collecting(self, protocol: Protocol) -> Handler:
        async def collect(http: web.Request) -> web.Response:
            if self._way.is_closed:
                raise Refused(503, TRY_AGAIN)
            request = await self._read(http)
            source = self._sender(protocol, request)
            events = protocol.read(request)
            if isinstance(events, Malformed):
                raise self._refused(source, RequestRefusal.MALFORMED, Refused(400, events.detail))
            self._check_rate(source, len(events))
            batch = Batch(source, protocol.name, protocol.version, events)
            reply = protocol.reply(request, await self._collector.collect(batch))
            return web.Response(
                body=reply.body,
                content_type=reply.content_type,
                status=reply.status,
                headers=reply.headers,
            )

        return collect

    async def _explain(self, http: web.Request) -> web.Response:
        request = await self._read(http)
        request = replace(request, path="/" + http.match_info.get(_SENT_TO, ""))
        request = addressed(request, self._collector.rules.hooks)
        found = understood(request)
        if isinstance(found, Malformed):
            raise Refused(400, found.detail)
        protocol, events = found
        source = self._sender(protocol, request)
        self._check_rate(source, len(events))
        batch = Batch(source, protocol.name, protocol.version, events)
        return as_json({"protocol": protocol.name, "events": self._collector.explain(batch)})

    async def _account(self, http: web.Request) -> web.Response:
        source = self.senders.by_token(bearer(Request(_headers(http), b"")))
        if source is None:
            raise Refused(401, "no source has this token")
        account = self._telemetry.accounts[source.id].told()
        return as_json({"source": source.id, "clock": source.clock, **account})

    async def _read(self, http: web.Request) -> Request:
        body = await self._bodies.read(http)
        request = Request(_headers(http), body, dict(http.query), http.path, http.method)
        return addressed(request, self._collector.rules.hooks)

    def _sender(self, protocol: Protocol, request: Request) -> Source:
        source = self._by_credential(protocol, request)
        if protocol.name not in source.protocols:
            no = Refused(403, f"this source may not send {protocol.name}")
            raise self._refused(source, RequestRefusal.WRONG_PROTOCOL, no)
        origin = request.headers.get("origin")
        if source.origins and origin is not None and origin not in source.origins:
            no = Refused(403, "this source may not send from pages of this origin")
            raise self._refused(source, RequestRefusal.WRONG_ORIGIN, no)
        return source

    def _check_rate(self, source: Source, events: int) -> None:
        if wait := self._wait(source, events):
            raise Refused(429, f"more than this source may send; again in {wait} s", wait)

    def _wait(self, source: Source, events: int) -> int:
        """0, and the events are counted; else they are too many, and the seconds to wait."""
        least = self._rates.seconds_to_wait(source, events)
        if not least:
            return 0
        self._telemetry.refused(source, RequestRefusal.RATE_LIMITED)
        return self._answering.later(least)

    def _refused(self, source: Source, reason: RequestRefusal, no: Refused) -> Refused:
        self._telemetry.refused(source, reason)
        return no

    def _by_credential(self, protocol: Protocol, request: Request) -> Source:
        hook = request.hook
        if hook is not None and hook.webhook.signature != "token":
            if fault := signature.fault(hook, request, datetime.now(UTC)):
                raise Refused(401, fault)
            return self._collector.rules.sources[hook.source]
        source = self.senders.find(protocol.name, protocol.credential(request))
        if source is None:
            raise Refused(401, "no source has this token or write key")
        if hook is not None and hook.source != source.id:
            raise Refused(403, "this is the token of another source than the path names")
        return source


def _headers(http: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in http.headers.items()}
