"""What a family of measures is made of: amounts that go into cells, formulas that read them.

A little long, because whoever writes a family needs all of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import Level, PeriodKind, Provenance, Unit
from services.metrics.domain.intervals import Method, wilson

Counts = Mapping[str, Mapping[str, int]]
"""Cell measure -> bin -> count, of one set of labels."""

Groups = Mapping[str, Mapping[str, int]]
"""Labels -> bin -> count, of one cell measure."""

# Opinion is told of no shorter span than a day, and some measures of whole months only.
ANY_PERIOD = frozenset(PeriodKind)
FROM_DAYS = ANY_PERIOD - {PeriodKind.HOUR, PeriodKind.ROLLING_1H}
FROM_MONTHS = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.ROLLING_365D})
FEW = 30
YES, NO = "yes", "no"
_CELLS_KEPT = 50_000

_USUAL = {
    Unit.SHARE: Method.WILSON,
    Unit.BALANCE: Method.ADJUSTED_NET,
    Unit.SCORE_10: Method.ADJUSTED_MEAN,
    Unit.SCORE_100: Method.ADJUSTED_NET,
    Unit.SCALE: Method.ADJUSTED_MEAN,
    Unit.COUNT: Method.NONE,
    Unit.RATIO: Method.RATIO,
    Unit.SECONDS: Method.RANKS,
}


class When(StrEnum):
    """The instant that decides which period something counts in (measures.md 4.0)."""

    START = "start of the journey"
    END = "end of the journey"
    ANSWER = "answer"
    OFFER = "offer"
    DISMISSAL = "dismissal"
    CONTACT = "contact"
    DECISION = "decision"
    FOLLOW_UP = "follow-up"
    LATER_START = "start of the later journey"
    EVENT = "touchpoint event"


Amount = tuple[datetime, str, int]
"""At, cell, times: so many more in a cell, in the period that `at` falls into. There are some
fifteen in a snapshot, so a plain tuple: with names it would take four times as long to make.
"""


@lru_cache(_CELLS_KEPT)  # half the time; and one text for one name is found again faster in a dict
def cell(measure: str, labels: str = "", bin_: str = "") -> str:
    """The name of a cell within a period; labels are already joined by `joined`."""
    return f"{measure}|{labels}|{bin_}"


def joined(*labels: str | None) -> str:
    """Labels as one text; None is an empty label."""
    return "/".join(label or "" for label in labels)


@dataclass(frozen=True)
class Reading:
    """What a formula is given: counts, its labels by name, and whether the period may change;
    `beside` has the measures it reads whole, whatever their labels.
    """

    counts: Counts
    labels: Mapping[str, str] = field(default_factory=dict)
    is_provisional: bool = False
    beside: Mapping[str, Groups] = field(default_factory=dict)

    def bins(self, measure: str) -> Mapping[str, int]:
        """The counts of one cell measure; empty when it has none."""
        return self.counts.get(measure, {})

    def groups(self, measure: str) -> Groups:
        """All of a measure that is read beside: labels -> bin -> count."""
        return self.beside.get(measure, {})


@dataclass(frozen=True)
class Score:
    """A number with the sums behind it. No data is None, never 0.

    `floor` is that of these labels where it is above the formula's.
    """

    n: int
    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    method: Method | None = None
    distribution: Mapping[str, int] | None = None
    floor: int = 0


@dataclass(frozen=True)
class Formula:
    """One measure. Its id never changes its meaning.

    `reads` are the cell measures it is made from; one that has none of them says nothing. `labels`
    name the dimensions its cells carry; without any it adds its cells up whatever theirs are. With
    `most`, only so many labels are told, those with the largest counts of the first of its
    measures; the rest are added up as `other`. With a `horizon` it is settled that long after its
    period's end, and its rolling window ends that long before the watermark; without, it is
    settled when the books are closed. Below `floor` answers it is suppressed, below `few` shown
    with low n. `beside` are cell measures it reads whole, whatever their labels. `means` is its
    line in the reference, `periods` the spans it is told of. `interval` is named where it is not
    the usual one of its unit; `provenance` is that of all it is made of.
    """

    metric_id: str
    reads: tuple[str, ...]
    score: Callable[[Reading], Score | None]  # None: it does not apply to these labels
    labels: tuple[str, ...] = ()
    most: int = 0
    level: Level = Level.SERVICE
    constants: Mapping[str, str] = field(default_factory=dict)
    horizon: timedelta | None = None
    floor: int = 0
    few: int = FEW
    beside: tuple[str, ...] = ()
    unit: Unit = Unit.SHARE
    when: When = When.END
    means: str = ""
    periods: frozenset[PeriodKind] = ANY_PERIOD
    interval: Method | None = None
    version: int = 1
    provenance: Provenance = Provenance.OBSERVED

    @property
    def method(self) -> Method:
        """How its interval is made."""
        return self.interval or _USUAL[self.unit]

    @property
    def adds_up(self) -> bool:
        """Whether a number of it may be of cells with several labels."""
        return not self.labels or self.most > 0


@dataclass(frozen=True)
class Family:
    """Measures that belong together: their cells and their formulas."""

    name: str
    of_journey: Callable[[JourneySnapshot], Iterable[Amount]]
    of_bucket: Callable[[Bucket], Iterable[Amount]]
    formulas: tuple[Formula, ...]


def share(numerator: int, denominator: int, distribution: Mapping[str, int] | None = None) -> Score:
    """A proportion with its Wilson interval; of nothing it is None.

    Hits that fall into another period than what they are measured against could exceed it: the
    value stops at 1, the sums stay as they are.
    """
    sums = Score(denominator, numerator, denominator, distribution=distribution)
    if denominator <= 0:
        return sums
    hits = min(numerator, denominator)
    low, high = wilson(hits, denominator)
    value = hits / denominator
    return Score(denominator, numerator, denominator, value, low, high, Method.WILSON, distribution)


def exactly(
    numerator: int, denominator: int, distribution: Mapping[str, int] | None = None
) -> Score:
    """A proportion of all there is, told without an interval; of nothing it is None."""
    value = numerator / denominator if denominator > 0 else None
    return Score(denominator, numerator, denominator, value, distribution=distribution)


def count(n: int, distribution: Mapping[str, int] | None = None, floor: int = 0) -> Score:
    """A plain count, which has no interval."""
    return Score(n, numerator=n, value=n or None, distribution=distribution, floor=floor)


def yes_or_no(is_so: bool) -> str:  # noqa: FBT001 - a bin that says one of two things
    """The bin of something that is so or is not."""
    return YES if is_so else NO


def share_of_yes(measure: str, reading: Reading) -> Score:
    """The proportion of a measure's cells for which something is so."""
    bins = reading.bins(measure)
    yes = bins.get(YES, 0)
    return share(yes, yes + bins.get(NO, 0))


def held(counts: Mapping[str, int]) -> dict[str, int]:
    """The bins that hold something, in order of their names."""
    return {name: counts[name] for name in sorted(counts) if counts[name] > 0}
