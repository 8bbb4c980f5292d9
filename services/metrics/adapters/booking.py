"""The sums of a frozen month as records of tallies.v1: one for each cell measure, and one that says
which belong together.

A record that stands alone is of a booking that was not finished, and is as if it were not there.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

import msgspec

from services.metrics.domain.blocks import Block
from services.metrics.domain.people import COUNTED, UNCOUNTED

BOOKED = "month/"
_encoder = msgspec.json.Encoder(order="deterministic")
_PEOPLE = blake2b(_encoder.encode(sorted(COUNTED)), digest_size=4).hexdigest()


class Part(msgspec.Struct, frozen=True):
    """The cells of one measure. `booking` is a digest of the whole month: who books it twice writes
    the same.
    """

    booking: str
    cells: dict[str, int]


class Whole(msgspec.Struct, frozen=True):
    """Written last: the measures there are, and a digest of those beside which people were counted
    when the month was booked.
    """

    booking: str
    measures: list[str]
    people: str = ""


_parts = msgspec.json.Decoder(Part)
_wholes = msgspec.json.Decoder(Whole)


def records_of(block: Block, cells: Mapping[str, int]) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values, in the order in which they are to be written."""
    held = {name: n for name, n in sorted(cells.items()) if n}
    booking = blake2b(_encoder.encode(held), digest_size=12).hexdigest()
    measures: dict[str, dict[str, int]] = {}
    for name, n in held.items():
        measures.setdefault(name.partition("|")[0], {})[name] = n
    for measure, own in measures.items():
        yield _key(block, measure), _encoder.encode(Part(booking, own))
    yield _key(block), _encoder.encode(Whole(booking, list(measures), _PEOPLE))


def booked_in(newest: Iterable[tuple[bytes, bytes]]) -> dict[Block, dict[str, int]]:
    """The months that are whole, from the newest values of all keys that begin so."""
    parts: dict[tuple[Block, str], Part] = {}
    wholes: dict[Block, Whole] = {}
    for key, value in newest:
        name = key.decode().removeprefix(BOOKED)
        block, measure = _place(name)
        if measure is None:
            wholes[block] = _wholes.decode(value)
        else:
            parts[block, measure] = _parts.decode(value)
    return {
        block: {name: n for part in own for name, n in part.cells.items()} | _uncounted(whole)
        for block, whole in wholes.items()
        if (own := _complete(block, whole, parts)) is not None
    }


def _uncounted(whole: Whole) -> dict[str, int]:
    return {} if whole.people == _PEOPLE else {UNCOUNTED: 1}


def _complete(
    block: Block, whole: Whole, parts: Mapping[tuple[Block, str], Part]
) -> list[Part] | None:
    own = [parts.get((block, measure)) for measure in whole.measures]
    found = [part for part in own if part is not None and part.booking == whole.booking]
    return found if len(found) == len(own) else None


def _key(block: Block, measure: str | None = None) -> bytes:
    name = f"{BOOKED}{block.name}"
    return (name if measure is None else f"{name}|{measure}").encode()


def _place(name: str) -> tuple[Block, str | None]:
    fields = name.split("|")
    count = len(Block._fields)
    return Block.named("|".join(fields[:count])), fields[count] if fields[count:] else None
