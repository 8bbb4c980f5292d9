"""How careful a release is: the few numbers that decide it, as one value."""

from dataclasses import dataclass
from datetime import date

from services.publish.domain.release.people import People

LEAST_K = 5
_REVISION_MONTHS = frozenset({1, 4, 7, 10})
_FIRST_REVISION_DAY, REVISION_DAYS = 15, 7  # on a holiday nobody is there to decide


@dataclass(frozen=True)
class Policy:
    """`k` is the fewest citizens a number may be about, `unlinked` the least that is counted where
    nobody can tell how many people that were, `base` what counts are rounded to.
    """

    k: int = 10
    unlinked: int = 30
    base: int = 5

    def __post_init__(self) -> None:
        if self.k < LEAST_K:
            raise ValueError(f"k is {self.k}: fewer than {LEAST_K} protect nobody")

    @property
    def says_all(self) -> int:
        """Below so many, 0 % or 100 % says something of everyone."""
        return 3 * self.k

    def rounded(self, count: int) -> int:
        """A count as it is published."""
        return self.base * ((count + self.base // 2) // self.base)

    def may_revise(self, today: date) -> bool:
        """Whether released numbers may change on this day, which tells nothing of what happened:
        in one week of each quarter.
        """
        passed = today.day - _FIRST_REVISION_DAY
        return today.month in _REVISION_MONTHS and 0 <= passed < REVISION_DAYS

    def is_enough(self, count: int, people: People | None) -> bool:
        """Whether a count is about k citizens for certain. What nobody could name needs the least
        that is counted: among journeys where there are not k citizens without it, each citizen's
        once, and among answers always.
        """
        if people is None:
            return count >= self.unlinked
        if people.citizens >= self.k and not (people.is_opinion and people.unnamed):
            return True
        counted = count if people.is_opinion else people.fewest
        return bool(people.unnamed) and counted >= self.unlinked and people.fewest >= self.k

    def has_moved(self, count: int, published: int, people: People | None) -> bool:
        """Whether a count is so far from what was published of it that enough people must have
        come or gone, however that was rounded.
        """
        fewest = self._fewest(count, people, has_fallen=count < published)
        return abs(count - published) >= fewest + self.base // 2

    def _fewest(self, count: int, people: People | None, *, has_fallen: bool) -> int:
        """How much must have come or gone to be of k people for certain: all that is no citizen's
        first may be among what came. Nobody knows that of what has gone.
        """
        if people is None:
            return self.unlinked
        certain = self.k + count - people.fewest
        return max(self.unlinked, certain) if people.unnamed or has_fallen else certain
