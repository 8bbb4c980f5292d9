"""Which counts are hidden for their own sake: those that are too small, and what was hidden before.
What else has to go, so that nobody can work them out, is in `protection.py`.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from services.publish.domain.release.count import Count
from services.publish.domain.release.policy import Policy
from services.publish.domain.release.tables import Proportion, Statistic, Tables


class Why(StrEnum):
    """Why a count is hidden. For the approver only: who reads that a count is small knows it."""

    FEW_PEOPLE = "few_people"
    SMALL_COMPLEMENT = "small_complement"
    SAYS_ALL = "says_all"
    HIDDEN_BEFORE = "hidden_before"
    PROTECTS_ANOTHER = "protects_another"


Hidden = dict[Count, Why]


@dataclass(frozen=True)
class Decision:
    """What is hidden and why. `withheld` are keys of statistics that were hidden before; `helpless`
    are counts that former releases give away already.
    """

    hidden: Mapping[Count, Why]
    withheld: Set[str] = frozenset()
    helpless: Set[Count] = frozenset()

    @property
    def sensitive(self) -> set[Count]:
        """The counts that are hidden for their own sake."""
        others = {Why.HIDDEN_BEFORE, Why.PROTECTS_ANOTHER}
        return {count for count, why in self.hidden.items() if why not in others}

    @property
    def kept(self) -> set[Count]:
        """The counts that may have been hidden for their own sake when they were released first."""
        return {count for count, why in self.hidden.items() if why is Why.HIDDEN_BEFORE}

    def hiding(self, count: Count) -> "Decision":
        """The same with one more count hidden, for the sake of another."""
        return replace(self, hidden={**self.hidden, count: Why.PROTECTS_ANOTHER})

    def showing(self, count: Count) -> "Decision":
        """The same with one count fewer hidden."""
        return replace(self, hidden={c: why for c, why in self.hidden.items() if c != count})

    def giving_up(self, count: Count) -> "Decision":
        """The same, knowing that nothing in this release could protect a count."""
        return replace(self, helpless={*self.helpless, count})

    def why(self, statistic: Statistic) -> Why | None:
        """Why a statistic is hidden, by the first of its counts; None where it may be shown."""
        if statistic.key in self.withheld:
            return Why.HIDDEN_BEFORE
        found = (self.hidden.get(count) for count in statistic.tells)
        return next((why for why in found if why is not None), None)


def sensitive(tables: Tables, policy: Policy) -> Hidden:
    """The counts that must not be known for their own sake."""
    lefts = {proportion.left for proportion in tables.proportions}
    hidden: Hidden = {}
    for proportion in tables.proportions:
        if _says_all(tables, proportion, policy):
            hidden |= dict.fromkeys((proportion.part, proportion.left), Why.SAYS_ALL)
    for count, n in tables.counts.items():
        if n > 0 and not policy.is_enough(n, tables.behind(count)):
            hidden[count] = Why.SMALL_COMPLEMENT if count in lefts else Why.FEW_PEOPLE
    return hidden


def hidden_before(tables: Tables, withheld: Set[str], public: Set[str], hidden: Hidden) -> Decision:
    """What was hidden once stays so, in every revision: of a share, the rarer of part and rest.
    Not counts that another released number shows. Where the books did not change since, what is
    sensitive is what was.
    """
    shown = {c for key in public & tables.statistics.keys() for c in tables.statistics[key].shows}
    again = {
        count: Why.HIDDEN_BEFORE
        for key in withheld & tables.statistics.keys()
        if tables.statistics[key].message.revision
        for count in [min(tables.statistics[key].secret, key=_size(tables), default=None)]
        if count is not None and count not in shown
    }
    return Decision({**again, **hidden}, withheld)


def _size(tables: Tables) -> Callable[[Count], tuple[int, str]]:
    return lambda count: (tables.counts[count], str(count))


def _says_all(tables: Tables, proportion: Proportion, policy: Policy) -> bool:
    whole, part = tables.counts[proportion.whole], tables.counts[proportion.part]
    people = tables.behind(proportion.whole)
    size = whole if people is None else people.fewest
    return part in {0, whole} and whole > 0 and size < policy.says_all
