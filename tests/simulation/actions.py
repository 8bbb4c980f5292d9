"""Everything that may happen, by name.

An action is a word and two numbers, read modulo what there is to choose from; one that cannot
happen does nothing. So every list of actions is a history, and what is left of one when some are
taken away is a history too: that is what shrinking needs.
"""

from collections.abc import Callable, Mapping

from tests.simulation import faust_acts, troubles
from tests.simulation.ending import rest
from tests.simulation.setting import Action
from tests.simulation.world import World

_ACTIONS: Mapping[str, Callable[[World, int, int], str]] = {
    one.__name__: one
    for one in (
        *(faust_acts.produce, faust_acts.tick, faust_acts.deliver, faust_acts.work),
        *(faust_acts.lose_chunk, faust_acts.jump, faust_acts.run),
        *(troubles.land, troubles.answer_blind, troubles.give_up, troubles.vanish),
        *(troubles.crash, troubles.freeze, troubles.thaw, troubles.start),
        *(troubles.rebalance, troubles.assign, troubles.move, troubles.wait, troubles.clean),
        rest,
    )
}


def do(world: World, action: Action) -> None:
    """Make it happen, if it can."""
    happened = _ACTIONS[action.name](world, action.a, action.b)
    if happened:
        world.tape.append(f"{action.name}: {happened}")
    if not world.setting.lag:
        world.logs.clean(0)
