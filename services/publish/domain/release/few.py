"""What a sum holds beside the parts that are about enough people: who knows it and all of those
knows how many the others are together.

Each month that is hidden alone may be empty for all that anybody knows, and yet one person's come
and go in several is told by the quarter. So the parts that are about too few are a count of their
own, which must not be known either where it is about too few itself.
"""

from dataclasses import replace

from services.publish.domain.release.count import Count, Equation
from services.publish.domain.release.people import People
from services.publish.domain.release.policy import Policy
from services.publish.domain.release.tables import Tables


def with_few_together(tables: Tables, policy: Policy) -> Tables:
    """The same with these counts of quarters and agencies, where they are about too few."""
    counts, people, equations = dict(tables.counts), dict(tables.people), list(tables.equations)
    for equation in tables.equations:
        if equation.is_over_time or equation.is_over_services:
            few = tuple(part for part in equation.parts if not _is_enough(part, tables, policy))
            n, behind = sum(tables.counts[part] for part in few), _behind(equation, few, tables)
            is_sum = 1 < len(few) < len(equation.parts)
            if is_sum and n > 0 and not policy.is_enough(n, behind):
                together = _named(equation)
                counts[together] = n
                equations.append(Equation(together, few))
                people |= {} if behind is None else {together: behind}
    return replace(tables, counts=counts, equations=tuple(equations), people=people)


def _is_enough(part: Count, tables: Tables, policy: Policy) -> bool:
    n = tables.counts[part]
    return n > 0 and policy.is_enough(n, tables.behind(part))


def _named(equation: Equation) -> Count:
    which = "months" if equation.is_over_time else "services"
    return equation.whole._replace(name=f"{equation.whole.name} of {which} of few")


def _behind(equation: Equation, few: tuple[Count, ...], tables: Tables) -> People | None:
    """At least whoever is behind one of them; and over time, whoever is behind the quarter and none
    of the other months.
    """
    known = [people for part in few if (people := tables.behind(part)) is not None]
    if not few or len(known) < len(few):
        return None
    least, left = People.together(known), tables.people.get(equation.whole)
    for part in set(equation.parts).difference(few):
        other = tables.people.get(part)
        left = None if left is None or other is None else left.less(other)
    if left is None or not equation.is_over_time:
        return least
    return least._replace(citizens=max(least.citizens, left.citizens))
