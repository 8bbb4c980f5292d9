"""From snapshots to scores without a store: what a period's messages say of them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from schemas.journey import Bucket, JourneySnapshot
from schemas.metric import MetricMessage
from schemas.vocabulary import Level, PeriodKind
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, contribution
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.messages import Books
from services.metrics.domain.periods import Watermarks, calendar
from services.metrics.domain.revisions import Telling
from services.metrics.domain.shelves import Shelves
from tests.builders import at
from tests.unit.metrics.snapshots import rules

ENDLESS = at("2030-01-01 00:00")


def books(
    snapshots: Iterable[JourneySnapshot | Bucket],
    kind: PeriodKind = PeriodKind.MONTH,
    start: str = "2026-03-01",
    watermark: datetime | None = ENDLESS,
) -> Books:
    """The cells of one period after all of these were counted once."""
    changes = Changes(Shelves(rules(), Closings()))
    for snapshot in snapshots:
        changes.replace(NOTHING, contribution(snapshot, rules()))
    period = calendar(kind, start)
    cells: dict[str, Counter[str]] = {}
    for block, amounts in changes.cells().items():
        if (block.kind, block.start) in period.pieces:
            cells.setdefault(block.clock, Counter()).update(amounts)
    times = Watermarks(dict.fromkeys(cells, watermark))
    return Books(rules().scopes["permit"], period, cells, times)


def told(found: Books) -> list[MetricMessage]:
    """All messages of a period."""
    return [message for message, _, _ in Telling(found, {}, {}).all(FORMULAS)]


def score(
    metric_id: str,
    snapshots: Iterable[JourneySnapshot | Bucket],
    touchpoint: str | None = None,
    watermark: datetime | None = ENDLESS,
) -> MetricMessage | None:
    """The one message of a measure, of the whole service or of one touchpoint."""
    level = Level.SERVICE if touchpoint is None else Level.TOUCHPOINT
    found = [
        message
        for message in told(books(snapshots, watermark=watermark))
        if (message.metric_id, message.level) == (metric_id, level)
        and message.dimensions.touchpoint == touchpoint
    ]
    assert len(found) <= 1, found
    return found[0] if found else None


def by_label(
    metric_id: str, label: str, snapshots: Iterable[JourneySnapshot | Bucket]
) -> dict[str, MetricMessage]:
    """The messages of a measure by one of their dimensions; those without it under `all`."""
    return {
        getattr(message.dimensions, label) or "all": message
        for message in told(books(snapshots))
        if message.metric_id == metric_id
    }


def numbers(message: MetricMessage | None) -> tuple[float | None, float | None, float | None]:
    """Numerator, denominator, value."""
    assert message is not None
    return message.numerator, message.denominator, message.value
