"""How careful a release is: the few numbers that decide it, as one value."""

from dataclasses import dataclass
from datetime import date

LEAST_K = 5
_REVISION_MONTHS = frozenset({1, 4, 7, 10})
_FIRST_REVISION_DAY, REVISION_DAYS = 15, 7  # on a holiday nobody is there to decide


@dataclass(frozen=True)
class Policy:
    """`k` is the fewest citizens a number may be about, `unlinked` the fewest where nobody can tell
    how many people they were, `base` what counts are rounded to.
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

    def fewest(self, repeats: int | None) -> int:
        """How large a count must be to be about k people for certain: each that is no citizen's
        first may be one of them again.
        """
        return self.unlinked if repeats is None else self.k + repeats

    def has_moved(self, count: int, published: int, repeats: int | None) -> bool:
        """Whether a count is so far from what was published of it that enough people must have
        come or gone, however that was rounded.
        """
        return abs(count - published) >= self.fewest(repeats) + self.base // 2
