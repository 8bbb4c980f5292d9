"""Of the ways people take only the most frequent are told by name."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from deploy.demo.truth.parts import Dimensions
from deploy.demo.truth.scores import Sums
from schemas.vocabulary import Level

MOST_WAYS = 20
_WAYS = ("path_share", "path_completion", "path_satisfaction")
Cells = Mapping[tuple[str, Level, Dimensions], Sums]


def most_frequent(cells: Cells, most: int) -> Cells:
    """The same cells, with all ways but the `most` frequent ones (then by name) as `other`."""
    taken: Counter[str] = Counter()
    for (metric, _, dimensions), sums in cells.items():
        if metric == "path_share":
            taken[dict(dimensions)["path"]] += sums.of
    named = set(sorted(taken, key=lambda way: (-taken[way], way))[:most])
    told: dict[tuple[str, Level, Dimensions], Sums] = defaultdict(Sums)
    for (metric, level, dimensions), sums in cells.items():
        key = (metric, level, dimensions)
        if metric in _WAYS and dict(dimensions)["path"] not in named:
            key = (metric, level, (("path", "other"),))
        told[key].join(sums)
    return told
