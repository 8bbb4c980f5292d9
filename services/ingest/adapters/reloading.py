"""Rules that change while ingest serves: the files are looked at each second, and on SIGHUP.

Looking is three calls of stat. A file system that tells of changes does not tell of all (volumes of
containers are links that are turned), so it would have to be looked at besides.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import structlog

from services.ingest.domain.rules import Rules
from services.ingest.settings import StartRefused

_SECONDS = 1.0
_log = structlog.get_logger()


class RulesTelemetry(Protocol):
    """What is told about the files."""

    def rules_are_refused(self, is_refused: bool) -> None:  # noqa: FBT001  it is what is told
        """Whether the files as they are now cannot be used, and the former rules hold."""


@dataclass(frozen=True)
class Files:
    """`load` makes rules of the files or raises StartRefused; `seen` changes when they do."""

    load: Callable[[], Rules]
    seen: Callable[[], Hashable]


class Reloading:
    """Takes what can be used, and keeps what holds when it cannot."""

    def __init__(
        self, files: Files, use: Callable[[Rules], None], telemetry: RulesTelemetry
    ) -> None:
        self._files = files
        self._use = use
        self._telemetry = telemetry
        self._seen: Hashable | None = files.seen()
        self._since = datetime.now(UTC)
        self._fault: str | None = None
        self._looking: asyncio.Task[None] | None = None

    def told(self) -> dict[str, object]:
        """Since when the rules hold, and what is wrong with the files as they are now."""
        return {"rules": {"since": self._since.isoformat(), "refused": self._fault}}

    def begin(self) -> None:
        """Look at the files from now on, until the loop ends."""
        self._looking = asyncio.create_task(self._look_for_ever())

    async def _look_for_ever(self) -> None:
        hung_up = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hung_up.set)
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(hung_up.wait(), _SECONDS)
            is_asked = hung_up.is_set()
            hung_up.clear()
            await self.look(is_asked=is_asked)

    async def look(self, *, is_asked: bool = False) -> None:
        """Load the files if they are not as they were, or if asked to."""
        try:
            seen = await asyncio.to_thread(self._files.seen)
            if seen == self._seen and not is_asked:
                return
            self._seen = seen
            rules = await asyncio.to_thread(self._files.load)
            self._use(rules)
        except StartRefused as refused:
            self._fault = str(refused)
            _log.error("rules.refused", fault=self._fault)
        except Exception as bug:  # noqa: BLE001 (whoever looks no more would never be missed)
            self._fail(bug)
        else:
            self._fault, self._since = None, datetime.now(UTC)
            _log.info("rules.loaded", sources=len(rules.sources))
        self._telemetry.rules_are_refused(self._fault is not None)

    def _fail(self, bug: Exception) -> None:
        """Told like a file that is refused, once; tried again at the next look."""
        self._seen, fault = None, f"a fault of ours: {type(bug).__name__}"
        if fault != self._fault:
            _log.error("rules.failed", exc_info=bug)
        self._fault = fault
