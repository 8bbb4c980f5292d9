"""What can change no more, as it lies in a hash of Redis."""

from collections.abc import Mapping

from services.metrics.adapters.redis_keys import text
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings, Stretch
from services.metrics.domain.periods import Shelf

FROZEN, FORGOTTEN = "frozen|", "forgotten|"
TOKEN, SWEEP = "token", "sweep"
BOOKED = "booked"


def closings_in(stored: Mapping[bytes, bytes], *, is_being_made: bool = False) -> Closings:
    """The closings in a hash."""
    frozen: dict[Block, bool] = {}
    forgotten: dict[Stretch, tuple[str, str]] = {}
    fields = {text(name): text(value) for name, value in stored.items()}
    for name, value in fields.items():
        if name.startswith(FROZEN):
            frozen[Block.named(name.removeprefix(FROZEN))] = value == BOOKED
        elif name.startswith(FORGOTTEN):
            service, shelf, clock = name.removeprefix(FORGOTTEN).split("|")
            first, last = value.split(" ")
            forgotten[service, Shelf(shelf), clock] = first, last
    return Closings(fields.get(TOKEN, ""), frozen, forgotten, is_being_made)
