"""What is counted, and the plain ways to make a number of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, inf, log

from tests.oracle import intervals
from tests.oracle.intervals import Cluster, Interval

Dimensions = tuple[tuple[str, str], ...]
GAMMA = 1.02 / 0.98
QUANTILES = {"p50": Fraction(50, 100), "p90": Fraction(90, 100)}


@dataclass(frozen=True)
class Unit:
    """What one journey, or one bucket of unlinked people, adds to one measure at one instant:
    `hits` to the numerator, `of` to the denominator or the count, `times` to the place that `bin`
    names in the distribution. `length` is a duration; one that never ended has none. `clusters`
    are the journeys that are seen here first, where what is counted repeats within a journey.
    """

    measure: str
    time: datetime
    hits: float = 0
    of: int = 1
    dimensions: Dimensions = ()
    bin: str | None = None
    length: timedelta | None = None
    clusters: tuple[Cluster, ...] = ()


@dataclass(frozen=True)
class Number:
    """What a metric message must say. Sums and a distribution that are None are not compared."""

    n: int
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    distribution: Mapping[str, int] | None = None
    interval: Interval | None = None


Named = tuple[str, Dimensions, Number]
"""Metric id, dimensions, number."""

Scoring = Callable[[str, Sequence[Unit]], Iterable[Named]]
"""From all units of a measure in one period, whatever their dimensions, to its numbers."""


def dimensions(**names: str | None) -> Dimensions:
    """What a number is of, in order of the names; what is None is left out."""
    return tuple(sorted((name, str(value)) for name, value in names.items() if value is not None))


def cluster(
    measure: str, calls: Sequence[tuple[datetime, bool]], where: Dimensions = ()
) -> Iterator[Unit]:
    """What happened to one journey several times is alike: a cluster, which lies where the first
    of it lies.
    """
    hits = sum(hit for _, hit in calls)
    for nth, (time, hit) in enumerate(calls):
        whole = () if nth else ((len(calls), hits),)
        yield Unit(measure, time, hit, 1, where, clusters=whole)


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


def exactly(units: Sequence[Unit], highest: float = 1.0) -> Number:
    """Hits of those that count. Hits may lie in another period than what they are hits of: the
    share stops at 1 all the same.
    """
    hits, of = sum(u.hits for u in units), sum(u.of for u in units)
    return Number(of, min(highest, hits / of) if of else None, hits, of)


def share(units: Sequence[Unit]) -> Number:
    """The same with its interval."""
    told = exactly(units)
    return replace(told, interval=intervals.wilson(told.numerator or 0, told.n))


def repeated(units: Sequence[Unit], highest: float = 1.0) -> Number:
    """A share of what repeats within a journey, so that it is journeys that vary."""
    told = exactly(units, highest)
    journeys = [cluster for unit in units for cluster in unit.clusters]
    if told.value is None or not any(m for m, _ in journeys):
        return told
    return replace(told, interval=intervals.ratio(told.value, journeys, highest))


def ratio(units: Sequence[Unit]) -> Number:
    """Like that, but of different things: it may be more than 1."""
    return repeated(units, inf)


def hits_by_bin(units: Sequence[Unit]) -> Number:
    """A share whose hits are told apart."""
    told = share(units)
    bins = Counter(u.bin for u in units if u.hits and u.bin is not None)
    return replace(told, distribution=dict(bins))


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
                number = Number(len(own), None, len(lengths), distribution=dict(told))
                if len(own) >= fewest:
                    number = _at_quantile(number, sorted(lengths), quantile)
                yield f"{measure}.{suffix}", where, number

    return scoring


def _at_quantile(number: Number, lengths: Sequence[timedelta], quantile: Fraction) -> Number:
    def at(rank: int) -> float | None:
        return seconds_of(bucket_of(lengths[rank - 1])) if rank <= len(lengths) else None

    interval = intervals.ranks(float(quantile), number.n, at)
    return replace(number, value=at(ceil(quantile * number.n)), interval=interval)


Bucket = int | str


def bucket_of(length: timedelta) -> Bucket:
    """The logarithmic bucket of a duration."""
    seconds = length.total_seconds()
    return "zero" if seconds <= 0 else ceil(log(seconds) / log(GAMMA))


def seconds_of(bucket: Bucket) -> float:
    """The seconds that stand for a bucket."""
    return 0.0 if isinstance(bucket, str) else 2 * GAMMA**bucket / (GAMMA + 1)
