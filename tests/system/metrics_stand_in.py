"""`python -m tests.system.metrics_stand_in NAME`: the service as it is, but for what lets its
numbers go on. With each a number must be seen to fall or change, or nobody knows that it would be.
"""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from services.metrics import __main__ as metrics
from services.metrics.adapters.kafka_memory import KafkaMemory
from services.metrics.adapters.keeper import Keeper
from services.metrics.commands import rebuild
from services.metrics.domain.blocks import Block
from services.metrics.domain.pairs import Pair, Pairs


def _plain(_: Pairs, nets: Mapping[str, int]) -> dict[str, Pair]:
    """A rebuild that shows what it has computed."""
    return {name: Pair(net) for name, net in nets.items()}


def _unkept(**parts: Any) -> Keeper:
    """A keeper that shows pairs no matter whether the broker has them; here it never does."""

    async def nowhere(_: Pairs) -> None:
        return

    return Keeper(**{**parts, "keep": nowhere})


async def _unbooked(_: KafkaMemory) -> dict[Block, dict[str, int]]:
    """Nobody has ever closed a month."""
    return {}


_CHANGES: Mapping[str, AbstractContextManager[object]] = {
    "plain": patch.object(rebuild, "rebased", _plain),
    "unkept": patch.object(metrics, "Keeper", _unkept),
    "unbooked": patch.object(KafkaMemory, "booked", _unbooked),
}

if __name__ == "__main__":
    with _CHANGES[sys.argv[1]]:
        metrics.serve.main(args=[], prog_name="metrics_stand_in")
