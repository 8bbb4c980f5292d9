"""Changes of channel as a table: from which channel to which, and how often."""

from dataclasses import dataclass

from services.publish.domain import words
from services.publish.domain.numbers import is_hidden
from services.publish.domain.view import View

SWITCHES = "channel_switches"


@dataclass(frozen=True)
class Cell:
    """How often people went from one channel to another. `heat` is 0 (none) to 4 (most)."""

    n: int
    text: str
    heat: int


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
    counted: dict[tuple[str, str], int] = {}
    for message in view.parts(SWITCHES):
        places = message.dimensions.from_channel, message.dimensions.to_channel
        if places[0] and places[1] and not is_hidden(message):
            counted[places[0], places[1]] = message.n
    sources = _busiest(counted, 0)
    targets = _busiest(counted, 1)
    most = max(counted.values(), default=0)
    rows = (
        Row(words.sentence(a), tuple(_cell(counted.get((a, b), 0), most) for b in targets))
        for a in sources
    )
    return Switches(tuple(words.sentence(target) for target in targets), tuple(rows))


def _busiest(counted: dict[tuple[str, str], int], side: int) -> list[str]:
    sums: dict[str, int] = {}
    for pair, n in counted.items():
        sums[pair[side]] = sums.get(pair[side], 0) + n
    return sorted(sums, key=lambda channel: (-sums[channel], channel))


def _cell(n: int, most: int) -> Cell:
    heat = min(1 + 4 * n // (most + 1), 4) if n else 0
    return Cell(n, words.count(n) if n else "none", heat)
