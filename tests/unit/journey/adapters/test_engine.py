"""What runs around the application."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from services.journey.adapters.engine import Engine
from services.journey.adapters.watchdog import Watchdog


class _Part:
    """A producer or a delivery that does nothing."""

    async def start(self) -> None:
        """Ready."""

    async def stop(self) -> None:
        """Gone."""


async def test_an_application_that_was_told_to_end_and_does_not_is_ended() -> None:
    now, ends = 100.0, list[str]()
    app = SimpleNamespace(should_stop=False)
    watchdog = Watchdog(600.0, lambda event, _: ends.append(event), lambda: now)
    engine = Engine(cast(Any, app), cast(Any, _Part()), watchdog, cast(Any, _Part()))
    async with engine:
        await asyncio.sleep(0.1)
        now += 20
        watchdog.look()
        assert ends == []
        app.should_stop = True
        await asyncio.sleep(1.2)
        now += 20
        watchdog.look()
        assert set(ends) == {"worker.cut_short"}
