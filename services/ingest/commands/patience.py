"""To wait for Kafka: what a command sends has an id, so it may be sent twice."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from services.ingest.sending import PublishFailed, TopicMissing

Answer = TypeVar("Answer")
_log = structlog.get_logger()


async def patiently(
    work: Callable[[], Awaitable[Answer]], waiting: str, retry_seconds: float
) -> Answer:
    """Try until it is acknowledged; `waiting` is what the log says meanwhile. Raises TopicMissing:
    waiting makes no topic.
    """
    while True:
        try:
            return await work()
        except TopicMissing:
            raise
        except PublishFailed as failed:
            _log.warning(waiting, reason=str(failed))
            await asyncio.sleep(retry_seconds)
