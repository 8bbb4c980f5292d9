"""Histories drawn from a seed; the first that goes wrong is shrunk and told."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.simulation.actions import do
from tests.simulation.ending import differences
from tests.simulation.setting import Action, Setting
from tests.simulation.world import World

_WEIGHTS = {
    "produce": 14,
    "tick": 3,
    "deliver": 2,
    "work": 20,
    "lose_chunk": 1,
    "jump": 1,
    "run": 4,
    "land": 5,
    "answer_blind": 1,
    "give_up": 1,
    "vanish": 0.3,
    "crash": 3,
    "freeze": 5,
    "thaw": 1,
    "start": 6,
    "rebalance": 1,
    "assign": 1,
    "move": 10,
    "wait": 1,
    "rest": 1,
    "clean": 3,
}
_MOST_ACTIONS = 70
_MOST_ATTEMPTS = 3_000
History = list[Action]


@dataclass(frozen=True)
class Failure:
    """A history that went wrong, as short as it could be made."""

    seed: int
    history: History
    tape: Sequence[str]
    differences: Sequence[str]

    def __str__(self) -> str:
        happened = "\n  ".join(self.tape)
        wrong = "\n  ".join(self.differences)
        return f"\nSEED={self.seed} HISTORIES=1 goes wrong\n  {happened}\nat the end\n  {wrong}"


def draw(seed: int) -> History:
    """A history; each has its own taste, so that rare things also come in heaps."""
    chance = random.Random(seed)
    names = list(_WEIGHTS)
    weights = [_WEIGHTS[name] * chance.choice((0.2, 1, 1, 3)) for name in names]
    count = chance.randint(10, _MOST_ACTIONS)
    chosen = chance.choices(names, weights, k=count)
    beginning = [Action("produce", n, 2) for n in range(4)]
    beginning += [Action("start", 0, 0), Action("start", 0, 0), Action("move", 2, 0)]
    return beginning + [
        Action(name, chance.getrandbits(8), chance.getrandbits(8)) for name in chosen
    ]


def play(setting: Setting, history: Sequence[Action]) -> tuple[Sequence[str], Sequence[str]]:
    """What happened, and what is wrong at the end."""
    world = World(setting)
    for action in history:
        do(world, action)
    return world.tape, differences(world)


def first_failure(setting: Setting, seed: int, histories: int) -> Failure | None:
    """The first of so many histories that goes wrong, shrunk; None when all go well."""
    number = first_wrong(setting, seed, histories)
    if number is None:
        return None
    short = shrunk(draw(number), lambda history: bool(play(setting, history)[1]))
    return Failure(number, short, *play(setting, short))


def first_wrong(setting: Setting, seed: int, histories: int) -> int | None:
    """The seed of the first of so many histories that goes wrong."""
    seeds = range(seed, seed + histories)
    return next((number for number in seeds if play(setting, draw(number))[1]), None)


def shrunk(history: History, is_wrong: Callable[[History], bool]) -> History:
    """Take away what is not needed, then make the numbers small, as long as it stays wrong."""
    attempts = iter(range(_MOST_ATTEMPTS))
    size = len(history)
    while size:
        start = 0
        while start < len(history) and next(attempts, None) is not None:
            shorter = history[:start] + history[start + size :]
            if is_wrong(shorter):
                history = shorter
            else:
                start += size
        size //= 2
    for place in range(len(history)):
        history = _smaller(history, place, is_wrong)
    return history


def _smaller(history: History, place: int, is_wrong: Callable[[History], bool]) -> History:
    name, a, b = history[place]
    for candidate in (Action(name, 0, 0), Action(name, a, 0), Action(name, 0, b)):
        smaller = [*history[:place], candidate, *history[place + 1 :]]
        if is_wrong(smaller):
            return smaller
    return history
