"""The buckets of all sources that have a rate; each process has its own."""

import math
import time
from collections.abc import Callable

from schemas.sources import Source
from services.ingest.domain.rate import Bucket, poured


class Rates:
    """Time is that of the process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: dict[str, Bucket] = {}

    def seconds_to_wait(self, source: Source, events: int) -> int:
        """0, and the events are counted; else whole seconds after which they may come again."""
        if source.rate is None:
            return 0
        known = self._buckets.get(source.id)
        self._buckets[source.id], wait = poured(known, source.rate, events, self._now())
        return math.ceil(wait)
