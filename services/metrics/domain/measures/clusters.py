"""Units that repeat within a journey: how many each journey brought, and how many of them count.

A journey is one bin, such as `3:1` for three contacts of which one was avoidable, so that the sums
its interval is made from can be had from counts that add up.
"""

from collections.abc import Mapping
from math import inf

from services.metrics.domain.intervals import Clusters, Method, Z, ratio
from services.metrics.domain.measures.family import Score


def cluster(units: int, *hits: int) -> str:
    """The bin of one journey; several kinds of hits may be counted of the same units."""
    return ":".join(map(str, (units, *hits)))


def sums(counts: Mapping[str, int], kind: int = 1) -> Clusters:
    """The sums over all journeys, with the hits of the `kind` that stands there in the bins."""
    totals = [0] * 6
    for bin_, n in counts.items():
        numbers = bin_.split(":")
        m, y = int(numbers[0]), int(numbers[kind])
        for place, amount in enumerate((1, m, y, m * m, m * y, y * y)):
            totals[place] += n * amount
    return Clusters(*totals)


def ratio_of(hits: int, units: int, journeys: Clusters, highest: float = 1.0) -> Score:
    """Hits per unit. Its spread is that of the journeys, which lie where their first unit lies:
    near the edge of a period that is not quite the same units.
    """
    if units <= 0:
        return Score(units, hits, units)
    value = min(highest, hits / units)
    interval = ratio(journeys, inf) if journeys.units > 0 else None
    if interval is None:
        return Score(units, hits, units, value)
    reach = Z * interval.error
    low, high = max(0.0, value - reach), min(highest, value + reach)
    return Score(units, hits, units, value, low, high, Method.RATIO)
