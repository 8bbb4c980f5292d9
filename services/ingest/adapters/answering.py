"""Every way a request can end, as its answer; who is turned away is told when to come again."""

import time
from collections.abc import Callable

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from services.ingest.adapters import cross_origin
from services.ingest.adapters.refused import Refused
from services.ingest.adapters.request_body import BodyReader, work
from services.ingest.adapters.telemetry import IngestTelemetry
from services.ingest.adapters.turns import Turns
from services.ingest.domain import retry_after
from services.ingest.domain.protocols import refused
from services.ingest.sending import PublishFailed, Way

_log = structlog.get_logger()
# Of those who are turned away in one round of the loop: some ten milliseconds too.
_ROUND = 64
TRY_AGAIN = "try again"


class Answering:
    """The way to Kafka and the bodies say how full they are, the bodies how fast they are worked
    on, and `draw` spreads those who are turned away.
    """

    def __init__(
        self,
        telemetry: IngestTelemetry,
        bodies: BodyReader,
        way: Way,
        draw: Callable[[], float],
    ) -> None:
        self._telemetry = telemetry
        self._bodies = bodies
        self._way = way
        self._draw = draw
        self._turns = Turns(_ROUND)
        self._crowd = retry_after.Crowd()

    @web.middleware
    async def answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever is no answer and no refusal is a bug of ours: 500."""
        response = await self._handled(request, handler)
        if isinstance(response, Refused):
            response = await self._refusal(request, response)
        self._telemetry.answered(response.status)
        response.headers.update(cross_origin.allowed(request))
        return response

    async def _handled(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse | Refused:
        """Who is refused waits outside: until an `except` is left, its error holds the body."""
        try:
            return await handler(request)
        except Refused as told:
            return Refused(told.status, str(told), told.retry_after)
        except PublishFailed as failed:
            _log.warning("request.unpublished", error=str(failed))
            return Refused(503, TRY_AGAIN)
        except web.HTTPException as plain:
            allowed = {n: v for n, v in plain.headers.items() if n == "Allow"}
            return _no(request, plain.reason, plain.status, allowed)
        except Exception:
            self._telemetry.answered(500)
            raise

    def later(self, least: int = 1) -> int:
        """Seconds from `least` on, for who was faster than its source may be."""
        return retry_after.spread(self._draw(), 0, least)

    async def _refusal(self, request: web.Request, told: Refused) -> web.Response:
        again = told.retry_after
        if told.status == 503:
            await self._turns.wait(1)
            brings = min(request.content_length or 0, self._bodies.limit)
            again = self._after_the_crowd(work(brings))
        headers = {"Retry-After": str(again)} if again else None
        return _no(request, str(told), told.status, headers)

    def _after_the_crowd(self, size: int) -> int:
        now, fullness = time.monotonic(), max(self._way.fullness, self._bodies.fullness)
        seconds = retry_after.spread(self._draw(), fullness) + self._crowd.seconds(now)
        self._crowd = self._crowd.joined(now, size, self._bodies.pace)
        return seconds


def _no(
    http: web.Request, sentence: str, status: int, headers: dict[str, str] | None
) -> web.Response:
    return as_json(refused(http.path, status, sentence), status, headers)


def as_json(
    content: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """An answer in JSON."""
    body = msgspec.json.encode(content)
    return web.Response(body=body, content_type="application/json", status=status, headers=headers)
