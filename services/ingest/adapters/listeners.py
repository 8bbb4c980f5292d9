"""Both listeners from start to end: inside first, public when Kafka was reached, drained on a
signal.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import NamedTuple

import structlog
from aiohttp import web

from services.ingest.adapters.kafka_publisher import KafkaPublisher
from services.ingest.settings import StartRefused

_log = structlog.get_logger()
# Longer than balancers keep a connection (60 s), so that none is closed while they send on it.
_IDLE_SECONDS = 75.0


class Listener(NamedTuple):
    """An application and where it listens."""

    name: str
    app: web.Application
    host: str
    port: int


@dataclass
class Readiness:
    """Whether a load balancer should send here."""

    publisher: KafkaPublisher
    is_serving: bool = field(default=False)

    def __call__(self) -> bool:
        """Ready: serving, not draining, Kafka reached and not choked."""
        return self.is_serving and self.publisher.is_ready


async def serve(
    public: Listener,
    inside: Listener,
    readiness: Readiness,
    drain_seconds: float,
    beside: contextlib.AbstractAsyncContextManager[None],
) -> None:
    """Serve until SIGTERM or SIGINT; then readiness off, wait, stop accepting, finish, flush.
    What works `beside` the public listener begins after it and ends before it.
    """
    stopping = _on_signal()
    async with listening(inside):
        connecting = asyncio.create_task(readiness.publisher.connect())
        stopped = asyncio.create_task(stopping.wait())
        await asyncio.wait({connecting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if connecting.done():
                connecting.result()
                await _serve_public(public, readiness, stopping, drain_seconds, beside)
        finally:
            connecting.cancel()
            stopped.cancel()
            await readiness.publisher.stop()
    _log.info("ingest.stopped")


async def _serve_public(
    public: Listener,
    readiness: Readiness,
    stopping: asyncio.Event,
    drain_seconds: float,
    beside: contextlib.AbstractAsyncContextManager[None],
) -> None:
    async with listening(public), beside:
        readiness.is_serving = True
        await stopping.wait()
        readiness.is_serving = False
        _log.info("ingest.draining", seconds=drain_seconds)
        await asyncio.sleep(drain_seconds)


@contextlib.asynccontextmanager
async def listening(listener: Listener, idle_seconds: float = _IDLE_SECONDS) -> AsyncIterator[int]:
    """The application listens, on the port that is given; at the end it finishes what it began.
    Who begins no request, or does not end its head, for so long is cut off. Raises
    StartRefused when the address cannot be had.
    """
    runner = web.AppRunner(
        listener.app,
        access_log=None,
        handle_signals=False,
        auto_decompress=False,
        shutdown_timeout=10,
        keepalive_timeout=idle_seconds,
    )
    await runner.setup()
    try:
        await _listen(runner, listener)
        port: int = runner.addresses[0][1]
        _log.info("ingest.listening", listener=listener.name, port=port)
        yield port
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, listener: Listener) -> None:
    try:
        await web.TCPSite(runner, listener.host, listener.port).start()
    except OSError as fault:
        raise StartRefused(f"the {listener.name} listener: {fault.strerror}") from None


def _on_signal() -> asyncio.Event:
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping
