"""`python -m tests.system.metrics_stand_in NAME`: the service as it is, but for what lets counters
go on. With each of them a counter must be seen to fall, or nobody knows that a fall would be seen.
"""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from services.metrics import __main__ as metrics
from services.metrics.adapters.owner import World
from services.metrics.commands import rebuild
from services.metrics.domain.pairs import Pair, Pairs


def _plain(_: Pairs, nets: Mapping[str, int]) -> dict[str, Pair]:
    """A rebuild that shows what it has computed."""
    return {name: Pair(net) for name, net in nets.items()}


def _unkept(**parts: Any) -> World:
    """An owner that shows pairs no matter whether the broker has them; here it never does."""

    async def nowhere(_: Pairs) -> None:
        return

    return World(**{**parts, "keep": nowhere})


_CHANGES: Mapping[str, AbstractContextManager[object]] = {
    "plain": patch.object(rebuild, "rebased", _plain),
    "unkept": patch.object(metrics, "World", _unkept),
}

if __name__ == "__main__":
    with _CHANGES[sys.argv[1]]:
        metrics.serve.main(args=[], prog_name="metrics_stand_in")
