"""What else has to be hidden, so that nobody can work out a count that is sensitive itself.

As long as the books could read otherwise, by a change to hidden counts alone, nothing is found out.
So for every sensitive count the cheapest such change is looked for, once to 0 and once to k people,
and what it changes is hidden. Then each number that was hidden only for that is shown again where
the others suffice.
"""

from collections.abc import Collection, Sequence, Set

import numpy as np

from services.publish.domain.release.board import Board
from services.publish.domain.release.count import Count
from services.publish.domain.release.suppression import Decision, Why
from services.publish.domain.release.tables import Statistic, Tables
from services.publish.domain.release.ways import Mask, Need, Vector, Ways


def protected(
    tables: Tables, decision: Decision, shown: Collection[Statistic], new: Set[str], k: int
) -> Decision:
    """Hide more until no count that is sensitive itself, or was kept hidden in a revision, is
    confined to a range that excludes 0 or is narrower than k. Only `new` statistics can still be
    hidden: what was shown once is known.
    """
    ways = Ways(tables, k)
    board = Board(ways, shown, new)
    needs = ways.needs(decision.sensitive | decision.kept)
    # Hiding only adds ways: what is met stays so.
    while needs := ways.missing(needs, board.known(decision)):
        decision = _meeting(needs[0], ways, board, decision)
        needs = needs[1:]
    return _no_more_than_needed(ways, board, decision)


def _meeting(need: Need, ways: Ways, board: Board, decision: Decision) -> Decision:
    count = ways.counts[need.at]
    if count in decision.helpless:
        return decision
    costs = board.costs(decision)
    change = ways.find(need, costs)
    if change is None:  # of what was kept hidden, it was known before: others were protected
        return decision.giving_up(count) if count in decision.sensitive else decision
    for place in map(int, np.flatnonzero(change)):
        if costs[place] > 0 and ways.counts[place] not in decision.hidden:
            decision = decision.hiding(ways.counts[place])
    return decision


def _no_more_than_needed(ways: Ways, board: Board, decision: Decision) -> Decision:
    counts = (decision.sensitive | decision.kept) - decision.helpless
    known = board.known(decision)
    needs = ways.needs(counts)
    unmet = set(ways.missing(needs, known))
    needs = [one for one in needs if one not in unmet]
    costs = board.costs(Decision({}))
    for count in _dearest(ways, decision, costs):
        fewer = decision.showing(count)
        if _are_met(ways.near(needs, count), ways, board.known(fewer)):
            decision = fewer
    return decision


def _dearest(ways: Ways, decision: Decision, costs: Vector) -> Sequence[Count]:
    others = [one for one, why in decision.hidden.items() if why is Why.PROTECTS_ANOTHER]
    return sorted(others, key=lambda one: (-costs[ways.at[one]], str(one)))


def _are_met(needs: Sequence[Need], ways: Ways, known: Mask) -> bool:
    """Whether all are possible with what is hidden; each way that is found may serve others."""
    costs = np.where(known, np.inf, 0.0)
    left = ways.missing(needs, known)
    while left:
        if ways.find(left[0], costs) is None:
            return False
        left = ways.missing(left[1:], known)
    return True
