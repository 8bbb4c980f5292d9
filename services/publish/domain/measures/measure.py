"""What a measure is to a reader: its name, its unit, where and for which spans it is told."""

from dataclasses import dataclass, replace
from enum import StrEnum

from schemas.vocabulary import Construct, Level, PeriodKind, Unit

JOURNEYS = "journeys"
ANSWERS = "answers"
OFFERS = "offers"
CONTACTS = "contacts"
EVENTS = "events"

ANY_SPAN = frozenset(PeriodKind)
FROM_DAYS = ANY_SPAN - {PeriodKind.HOUR, PeriodKind.ROLLING_1H}
FROM_MONTHS = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.ROLLING_365D})
FROM_28_DAYS = FROM_MONTHS | {PeriodKind.ROLLING_28D}

OF_SERVICE = frozenset({Level.SERVICE})
OF_TOUCHPOINT = frozenset({Level.TOUCHPOINT})
OF_BOTH = OF_SERVICE | OF_TOUCHPOINT


RANGE = {
    Unit.SHARE: (0.0, 1.0),
    Unit.BALANCE: (-1.0, 1.0),
    Unit.SCORE_10: (0.0, 10.0),
    Unit.SCORE_100: (-100.0, 100.0),
}


class Theme(StrEnum):
    """What belongs together on a page, in the order in which it is told."""

    FINISHING = "finishing"
    LEAVING = "leaving"
    PATHS = "paths"
    CONTACTS = "contacts"
    CHANNELS = "channels"
    OPINION = "opinion"
    SURVEYS = "surveys"
    LOYALTY = "loyalty"
    TIME = "time"
    VOLUME = "volume"
    QUALITY = "quality"
    OTHER = "other"


@dataclass(frozen=True)
class Measure:
    """What a reader sees instead of a metric id. `of` is the thing that n counts; `construct` is
    what a survey must ask for it; `spans` are the periods it is told of; `cut_by` is the dimension
    that it is only told the parts of; `better` is 1 where more is better, -1 where less is, else 0.
    """

    id: str
    name: str
    meaning: str
    of: str = JOURNEYS
    unit: Unit = Unit.SHARE
    theme: Theme = Theme.OTHER
    levels: frozenset[Level] = OF_SERVICE
    spans: frozenset[PeriodKind] = FROM_DAYS
    construct: Construct | None = None
    cut_by: str = ""
    better: int = 1

    @property
    def is_share(self) -> bool:
        """Whether its values are parts of a whole, 0 to 1."""
        return self.unit is Unit.SHARE


def in_theme(theme: Theme, *measures: Measure) -> tuple[Measure, ...]:
    """The same measures, told under a theme."""
    return tuple(replace(measure, theme=theme) for measure in measures)
