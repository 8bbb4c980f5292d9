"""How many people are behind a count, at least, as far as metrics could tell."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from schemas.metric import MetricMessage, Sums
from services.publish.domain.release.cell import Told


class People(NamedTuple):
    """Of a count: so many different citizens for certain, and so many of which nobody can tell how
    many people they are; `is_opinion` where it is of answers.
    """

    citizens: int
    unnamed: int = 0
    is_opinion: bool = False

    @property
    def fewest(self) -> int:
        """The fewest people, where each whom nobody could name is taken for one of their own."""
        return self.citizens + self.unnamed

    def less(self, part: "People") -> "People":
        """Those in the whole that are not in a part of it."""
        return People(
            max(0, self.citizens - part.citizens),
            max(0, self.unnamed - part.unnamed),
            self.is_opinion,
        )

    def least(self, other: "People") -> "People":
        """What is certain where two messages tell of one count."""
        return People(
            min(self.citizens, other.citizens),
            min(self.unnamed, other.unnamed),
            self.is_opinion or other.is_opinion,
        )

    @classmethod
    def together(cls, parts: Collection["People"]) -> "People":
        """Those in several counts, of which the same citizens may be in each."""
        return cls(
            max(part.citizens for part in parts),
            sum(part.unnamed for part in parts),
            any(part.is_opinion for part in parts),
        )


def people_of(message: MetricMessage, read: Callable[[MetricMessage], Told]) -> dict[str, People]:
    """Who is behind each count of a message; nothing where nobody knows. The counts are read from
    those of citizens once each as they are from all.
    """
    if message.of_citizens is None:
        return {}
    citizens = read(_with(message, message.of_citizens)).counts
    unnamed = read(_with(message, message.of_unnamed or Sums(n=0, numerator=0))).counts
    is_opinion = message.dimensions.construct is not None
    return {
        name: People(max(0, n), max(0, unnamed[name]), is_opinion) for name, n in citizens.items()
    }


def _with(message: MetricMessage, sums: Sums) -> MetricMessage:
    has_denominator = message.denominator is not None
    update = sums.model_dump() | {"denominator": sums.n if has_denominator else None}
    return message.model_copy(update=update)
