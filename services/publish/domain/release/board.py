"""What is told by which statistic, as masks: what is known, and what it would cost to hide more."""

from collections.abc import Collection, Iterable, Set

import numpy as np

from services.publish.domain.release.suppression import Decision
from services.publish.domain.release.tables import Statistic
from services.publish.domain.release.ways import Mask, Vector, Ways

_WHOLE = 4.0  # a number of a whole service or agency is missed more than one of its parts


class Board:
    """The statistics that would be shown; only the `new` ones can still be hidden."""

    def __init__(self, ways: Ways, shown: Collection[Statistic], new: Set[str]) -> None:
        self._told = {one.key: [ways.at[count] for count in one.tells] for one in shown}
        self._shown, self._new, self._size = shown, new, len(ways.counts)
        self._price = {one.key: _price(one, ways) for one in shown}

    def known(self, decision: Decision) -> Mask:
        """The counts that are told by what is shown."""
        return self._mask(self._left(decision))

    def costs(self, decision: Decision) -> Vector:
        """What hiding a count would take away; infinite of what was shown before."""
        costs: Vector = np.zeros(self._size)
        for one in self._left(decision):
            costs[self._told[one.key]] += self._price[one.key] if one.key in self._new else np.inf
        return costs

    def _left(self, decision: Decision) -> list[Statistic]:
        return [one for one in self._shown if one.key not in self._new or decision.why(one) is None]

    def _mask(self, statistics: Iterable[Statistic]) -> Mask:
        mask: Mask = np.zeros(self._size, dtype=bool)
        for one in statistics:
            mask[self._told[one.key]] = True
        return mask


def _price(statistic: Statistic, ways: Ways) -> float:
    """How much a number is missed: by what it is of, and a little by how many it is about."""
    dimensions = statistic.message.dimensions
    is_part = dimensions.channel or dimensions.touchpoint or dimensions.outcome
    people = max(float(ways.exact[ways.at[count]]) for count in statistic.shows)
    return (1.0 if is_part else _WHOLE) + float(np.log10(1 + people))
