"""Changes of channel as a table: from which channel to which, and how often."""

from dataclasses import dataclass

from schemas.metric import MetricMessage, key_of
from services.publish.domain import words
from services.publish.domain.figure import HIDDEN
from services.publish.domain.numbers import is_hidden
from services.publish.domain.view import View

SWITCHES = "channel_switches"


@dataclass(frozen=True)
class Cell:
    """How often people went from one channel to another; `n` is None where that is hidden.

    `heat` is 0 (none) to 4 (most), `key` that of the message, empty where nobody did.
    """

    n: int | None
    text: str
    heat: int
    key: str = ""


@dataclass(frozen=True)
class Row:
    """All changes away from one channel; `cells` stand in the order of the table's targets."""

    source: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Switches:
    """The table; without a change it has no rows."""

    targets: tuple[str, ...]
    rows: tuple[Row, ...]


def switches(view: View) -> Switches:
    """The changes of channel of a period, the busiest channels first."""
    found = {
        (source, target): message
        for message in view.parts(SWITCHES)
        if (source := message.dimensions.from_channel) and (target := message.dimensions.to_channel)
    }
    counted = {pair: 0 if is_hidden(one) else one.n for pair, one in found.items()}
    sources = _busiest(counted, 0)
    targets = _busiest(counted, 1)
    most = max(counted.values(), default=0)
    rows = (
        Row(words.sentence(a), tuple(_cell(found.get((a, b)), most) for b in targets))
        for a in sources
    )
    return Switches(tuple(words.sentence(target) for target in targets), tuple(rows))


def _busiest(counted: dict[tuple[str, str], int], side: int) -> list[str]:
    sums: dict[str, int] = {}
    for pair, n in counted.items():
        sums[pair[side]] = sums.get(pair[side], 0) + n
    return sorted(sums, key=lambda channel: (-sums[channel], channel))


def _cell(message: MetricMessage | None, most: int) -> Cell:
    if message is None:
        return Cell(0, "none", 0)
    key = key_of(message)
    if is_hidden(message):
        return Cell(None, HIDDEN, 0, key)
    return Cell(message.n, words.count(message.n), min(1 + 4 * message.n // (most + 1), 4), key)
