"""The public listener: one loop over the protocols, explain, and a source's own account."""

import hashlib
import hmac
from collections.abc import Iterable

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from schemas.sources import Source
from services.ingest.adapters.request_body import BodyReader, BodyRefused
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.collect import Batch, Collector, PublishFailed
from services.ingest.domain.protocols import PROTOCOLS
from services.ingest.domain.protocols.protocol import Malformed, Protocol, Request, bearer

_log = structlog.get_logger()
_RETRY_AFTER = {"Retry-After": "1"}


class Refused(Exception):
    """The request is refused whole."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Tokens:
    """Which source a token belongs to. Only hashes are held, and all of them are compared."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._hashes = [(bytes.fromhex(h), s) for s in sources for h in s.token_sha256]

    def source(self, token: str | None) -> Source:
        """Raises Refused with 401."""
        digest = hashlib.sha256((token or "").encode(errors="surrogateescape")).digest()
        found = [source for known, source in self._hashes if hmac.compare_digest(known, digest)]
        if token is None or not found:
            raise Refused(401, "no source has this token")
        return found[0]


class PublicHttp:
    """Routes and handlers; the decisions are the collector's."""

    def __init__(
        self, collector: Collector, telemetry: IngestTelemetry, bodies: BodyReader
    ) -> None:
        self._collector = collector
        self._telemetry = telemetry
        self._bodies = bodies
        self._tokens = Tokens(collector.rules.sources.values())

    def app(self) -> web.Application:
        """The application; serve it with `auto_decompress=False` (see request_body)."""
        app = web.Application(middlewares=[self._answering()])
        for protocol in PROTOCOLS:
            for path in protocol.paths:
                app.router.add_post(path, self._collecting(protocol))
        app.router.add_post("/v1/explain", self._explain)
        app.router.add_get("/v1/sources/self", self._account)
        return app

    def _collecting(self, protocol: Protocol) -> Handler:
        async def collect(http: web.Request) -> web.Response:
            request = await self._read(http)
            source = self._sender(protocol, request)
            events = protocol.read(request)
            if isinstance(events, Malformed):
                raise Refused(400, events.detail)
            batch = Batch(source, protocol.name, protocol.version, events)
            reply = protocol.reply(await self._collector.collect(batch))
            return web.Response(
                body=reply.body, content_type=reply.content_type, status=reply.status
            )

        return collect

    async def _explain(self, http: web.Request) -> web.Response:
        request = await self._read(http)
        told = []
        for protocol in PROTOCOLS:
            source = self._sender(protocol, request)
            events = protocol.read(request)
            if not isinstance(events, Malformed):
                batch = Batch(source, protocol.name, protocol.version, events)
                return _json({"protocol": protocol.name, "events": self._collector.explain(batch)})
            told.append(f"{protocol.name}: {events.detail}")
        raise Refused(400, "; ".join(told))

    async def _account(self, http: web.Request) -> web.Response:
        source = self._tokens.source(bearer(Request(_headers(http), b"")))
        account = self._telemetry.accounts[source.id].told()
        return _json({"source": source.id, "clock": source.clock, **account})

    async def _read(self, http: web.Request) -> Request:
        body = await self._bodies.read(http)
        return Request(_headers(http), body, dict(http.query))

    def _sender(self, protocol: Protocol, request: Request) -> Source:
        source = self._tokens.source(protocol.credential(request))
        if protocol.name not in source.protocols:
            raise Refused(403, f"this source may not send {protocol.name}")
        return source

    def _answering(self) -> Middleware:
        """Every way a request can end, as its answer; whatever is left is a bug of ours: 500."""

        @web.middleware
        async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                response = await handler(request)
            except (Refused, BodyRefused) as refused:
                again = _RETRY_AFTER if refused.status == 503 else None
                response = _json({"error": str(refused)}, refused.status, again)
            except PublishFailed as failed:
                _log.warning("request.unpublished", error=str(failed))
                response = _json({"error": "try again"}, 503, _RETRY_AFTER)
            except web.HTTPException as plain:
                allowed = {n: v for n, v in plain.headers.items() if n == "Allow"}
                response = _json({"error": plain.reason}, plain.status, allowed)
            except Exception:
                self._telemetry.answered(500)
                raise
            self._telemetry.answered(response.status)
            return response

        return answer


def _headers(http: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in http.headers.items()}


def _json(
    content: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    body = msgspec.json.encode(content)
    return web.Response(body=body, content_type="application/json", status=status, headers=headers)
