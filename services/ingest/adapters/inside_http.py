"""The inside listener: health, metrics, and the clocks of feeds."""

from collections.abc import Callable, Mapping

import msgspec
import prometheus_client as prometheus
from aiohttp import web
from prometheus_client.aiohttp import make_aiohttp_handler

from schemas.codec import SchemaViolation, decode
from schemas.control import Tick
from schemas.inside_readers import CHALLENGE
from schemas.token import NotAllowed
from schemas.vocabulary import Power
from services.ingest.adapters.inside_access import InsideAccess
from services.ingest.feed import ClockFeeder
from services.ingest.sending import PublishFailed

_MAX_BODY_BYTES = 4096


class InsideHttp:
    """`access` says who may move clocks; `told` is what else is said with whether it is ready."""

    def __init__(
        self,
        registry: prometheus.CollectorRegistry,
        feeder: ClockFeeder,
        is_ready: Callable[[], bool],
        access: InsideAccess,
        told: Callable[[], Mapping[str, object]] = dict,
    ) -> None:
        self._counted = make_aiohttp_handler(registry)
        self._feeder = feeder
        self._is_ready = is_ready
        self._access = access
        self._told = told

    def app(self) -> web.Application:
        """The application."""
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/livez", self._live)
        app.router.add_get("/readyz", self._ready)
        app.router.add_post("/v1/clocks/{clock}/ticks", self._tick)
        return app

    async def _metrics(self, http: web.Request) -> web.StreamResponse:
        if denied := self._access.refusal(http):
            response = _json({"error": str(denied)}, denied.status)
            response.headers["WWW-Authenticate"] = CHALLENGE
            return response
        return await self._counted(http)

    async def _live(self, _: web.Request) -> web.Response:
        return _json({"alive": True}, 200)

    async def _ready(self, _: web.Request) -> web.Response:
        ready = self._is_ready()
        return _json({"ready": ready, **self._told()}, 200 if ready else 503)

    async def _tick(self, http: web.Request) -> web.Response:
        try:
            self._access.caller(http, Power.CLOCKS)
            tick = _read_tick(http.match_info["clock"], await http.read())
        except NotAllowed as denied:
            return _json({"error": str(denied)}, denied.status)
        except SchemaViolation as fault:
            return _json({"error": str(fault)}, 400)
        try:
            refusal = await self._feeder.tick(tick)
        except PublishFailed as failed:
            response = _json({"error": str(failed)}, 503)
            response.headers["Retry-After"] = "1"
            return response
        if refusal:
            return _json({"error": refusal}, 409)
        return _json(msgspec.to_builtins(tick.model_dump(mode="json")), 200)


def _read_tick(clock: str, body: bytes) -> Tick:
    """The tick in a request. For `live` the body does not matter: it is refused anyway."""
    if clock == "live":
        return Tick(clock=clock)
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise SchemaViolation("body: not JSON") from None
    if not isinstance(said, dict) or "clock" in said:
        raise SchemaViolation('body: expected {"time": "2026-03-01T00:00:00Z", "last": false}')
    return decode(Tick, msgspec.json.encode({**said, "clock": clock}))


def _json(content: object, status: int) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(content), content_type="application/json", status=status
    )
