"""How far a number moved between two periods, with an interval made from the two intervals.

The method is MOVER (Donner and Zou, "Closed-form confidence intervals for functions of the normal
mean and standard deviation", 2012): it takes any two intervals of independent numbers and keeps
their lopsidedness.
"""

from dataclasses import dataclass
from math import hypot
from typing import Self

from services.publish.domain import words
from services.publish.domain.figure import Figure
from services.publish.domain.measures.measure import Measure


@dataclass(frozen=True)
class Moved:
    """A difference in the unit of its measure. `is_better` is None where it may be none at all, or
    where neither more nor less is better.
    """

    measure: Measure
    value: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """The difference in words."""
        return words.difference(self.measure.unit, self.value)

    @property
    def span(self) -> str:
        """Between what it lies."""
        low, high = (words.difference(self.measure.unit, end) for end in (self.low, self.high))
        return f"{low.removesuffix(' points')} to {high}"

    @property
    def is_clear(self) -> bool:
        """Whether its interval leaves 0 out."""
        return self.low > 0 or self.high < 0

    @property
    def is_better(self) -> bool | None:
        """Whether things got better."""
        if not self.is_clear or not self.measure.better:
            return None
        return self.value * self.measure.better > 0

    def less(self, other: Self) -> "Moved":
        """How much further this one moved than the other."""
        value = self.value - other.value
        low = value - hypot(self.value - self.low, other.high - other.value)
        high = value + hypot(self.high - self.value, other.value - other.low)
        return Moved(self.measure, value, low, high)


def moved(before: Figure, after: Figure) -> Moved | None:
    """From one figure to a later one; None where one has no value or no interval."""
    old, new = before.interval, after.interval
    if old is None or new is None or before.value is None or after.value is None:
        return None
    value = after.value - before.value
    low = value - hypot(after.value - new.low, old.high - before.value)
    high = value + hypot(new.high - after.value, before.value - old.low)
    return Moved(after.measure, value, low, high)
