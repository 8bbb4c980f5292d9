"""The inside listener: metrics and health."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from schemas.inside_readers import CHALLENGE, Gate
from services.metrics.adapters.exposition import Exposition


@asynccontextmanager
async def listening(
    address: tuple[str, int],
    registry: CollectorRegistry,
    journeys: Exposition,
    is_ready: Callable[[], bool],
    readers: Gate,
) -> AsyncIterator[None]:
    """Serve /metrics, /livez and /readyz as long as the block runs."""
    application = web.Application(middlewares=[_guarded(readers)])
    application.router.add_get("/metrics", _scraped(registry, journeys))
    application.router.add_get("/livez", _answer(lambda: True, "alive"))
    application.router.add_get("/readyz", _answer(is_ready, "ready"))
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, *address).start()
        yield
    finally:
        await runner.cleanup()


def _guarded(readers: Gate) -> Middleware:
    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if denied := readers.refusal(request.path, request.headers.get("Authorization")):
            asking = {"WWW-Authenticate": CHALLENGE}
            return web.Response(text=f"{denied}\n", status=denied.status, headers=asking)
        return await handler(request)

    return guarded


def _scraped(
    registry: CollectorRegistry, journeys: Exposition
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(_: web.Request) -> web.Response:
        response = web.Response(body=generate_latest(registry) + journeys.text())
        response.headers["Content-Type"] = CONTENT_TYPE_PLAIN_0_0_4
        response.enable_compression()
        return response

    return handle


def _answer(
    is_so: Callable[[], bool], word: str
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(_: web.Request) -> web.Response:
        answer = is_so()
        return web.json_response({word: answer}, status=200 if answer else 503)

    return handle
