"""What is counted, and the plain ways to make a number of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, inf, log

Dimensions = tuple[tuple[str, str], ...]
GAMMA = 1.02 / 0.98
QUANTILES = {"p50": Fraction(50, 100), "p90": Fraction(90, 100)}


@dataclass(frozen=True)
class Unit:
    """What one journey, or one bucket of unlinked people, adds to one measure at one instant:
    `hits` to the numerator, `of` to the denominator or the count, `times` to the place that `bin`
    names in the distribution. `length` is a duration; one that never ended has none.
    """

    measure: str
    time: datetime
    hits: float = 0
    of: int = 1
    dimensions: Dimensions = ()
    bin: str | None = None
    length: timedelta | None = None


@dataclass(frozen=True)
class Number:
    """What a metric message must say; intervals are left to their own tests. What is None here is
    not compared.
    """

    n: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    distribution: Mapping[str, int] | None = None


Named = tuple[str, Dimensions, Number]
"""Metric id, dimensions, number."""

Scoring = Callable[[str, Sequence[Unit]], Iterable[Named]]
"""From all units of a measure in one period, whatever their dimensions, to its numbers."""


def dimensions(**names: str | None) -> Dimensions:
    """What a number is of, in order of the names; what is None is left out."""
    return tuple(sorted((name, str(value)) for name, value in names.items() if value is not None))


def apart(score: Callable[[Sequence[Unit]], Number | None]) -> Scoring:
    """One number for each set of dimensions, from the units that have them."""

    def scoring(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
        for where, own in by_dimensions(units).items():
            number = score(own)
            if number is not None:
                yield measure, where, number

    return scoring


def by_dimensions(units: Iterable[Unit]) -> dict[Dimensions, list[Unit]]:
    """The units of each set of dimensions."""
    found: dict[Dimensions, list[Unit]] = defaultdict(list)
    for unit in units:
        found[unit.dimensions].append(unit)
    return found


def share(units: Sequence[Unit], highest: float = 1.0) -> Number:
    """Hits of those that count. Hits may lie in another period than what they are hits of: the
    share stops at 1 all the same.
    """
    hits, of = sum(u.hits for u in units), sum(u.of for u in units)
    return Number(of, min(highest, hits / of) if of else None, hits, of)


def ratio(units: Sequence[Unit]) -> Number:
    """Like a share, but of different things: it may be more than 1."""
    return share(units, inf)


def hits_by_bin(units: Sequence[Unit]) -> Number:
    """A share whose hits are told apart."""
    told = share(units)
    bins = Counter(u.bin for u in units if u.hits and u.bin is not None)
    return Number(told.n, told.value, told.numerator, told.denominator, dict(bins))


def amount(units: Sequence[Unit]) -> Number:
    """A plain count."""
    n = sum(u.of for u in units)
    return Number(n, n, n)


def amount_by_bin(units: Sequence[Unit]) -> Number:
    """A plain count, told apart."""
    n = sum(u.of for u in units)
    return Number(n, n, n, distribution=bins_of(units))


def bins_of(units: Iterable[Unit]) -> dict[str, int]:
    """How many there are of each kind."""
    found: Counter[str] = Counter()
    for unit in units:
        if unit.bin is not None:
            found[unit.bin] += unit.of
    return dict(+found)


def quantiles(fewest: int = 1) -> Scoring:
    """Half and nine tenths of the units took no longer: a number below `fewest` has no value."""

    def scoring(measure: str, units: Sequence[Unit]) -> Iterator[Named]:
        for where, own in by_dimensions(units).items():
            lengths = [u.length for u in own if u.length is not None]
            told = Counter(str(bucket_of(length)) for length in lengths)
            for suffix, quantile in QUANTILES.items():
                value = nearest_rank(lengths, quantile, len(own)) if len(own) >= fewest else None
                number = Number(len(own), value, len(lengths), distribution=dict(told))
                yield f"{measure}.{suffix}", where, number

    return scoring


Bucket = int | str


def bucket_of(length: timedelta) -> Bucket:
    """The logarithmic bucket of a duration."""
    seconds = length.total_seconds()
    return "zero" if seconds <= 0 else ceil(log(seconds) / log(GAMMA))


def seconds_of(bucket: Bucket) -> float:
    """The seconds that stand for a bucket."""
    return 0.0 if isinstance(bucket, str) else 2 * GAMMA**bucket / (GAMMA + 1)


def nearest_rank(lengths: Sequence[timedelta], quantile: Fraction, of: int) -> float | None:
    """The bucket by which that share of `of` units got there; None when it never is."""
    rank = ceil(quantile * of)
    return seconds_of(bucket_of(sorted(lengths)[rank - 1])) if 0 < rank <= len(lengths) else None
