"""The workers of one group and their logs, and who of them is there."""

from collections.abc import Sequence
from typing import TypeVar

from tests.simulation.logs import Logs
from tests.simulation.loop import new_loop
from tests.simulation.process import Place, Process
from tests.simulation.setting import Setting

Choice = TypeVar("Choice")


class World:
    """Everything there is. `tape` is what happened, `wrong` what was seen to go wrong meanwhile."""

    def __init__(self, setting: Setting) -> None:
        self.now = 0.0
        self.tape: list[str] = []
        self.setting = setting
        self.subject = setting.subject
        self.loop = new_loop()
        self.logs = Logs(setting.partitions, lambda: self.now)
        self.place = Place(
            self.loop,
            self.logs,
            self.subject.rules,
            self.subject.states,
            self.subject.batch_bytes,
            lambda: self.now,
        )
        self.processes: list[Process] = []
        self.ticks = 0
        self.wrong: list[str] = []

    @property
    def alive(self) -> list[Process]:
        """Whoever is not dead, frozen ones among them."""
        return [one for one in self.processes if not one.is_dead]

    @property
    def running(self) -> list[Process]:
        """Whoever is neither dead nor frozen."""
        return [one for one in self.processes if one.is_running]

    @property
    def delivered(self) -> list[tuple[Process, int]]:
        """Each partition that Faust delivers, and to whom."""
        return [(one, partition) for one in self.running for partition in one.at]


def last_words(process: Process) -> str:
    """Why a process ended, if it did."""
    return f" and it ended ({process.last_words})" if process.is_dead else ""


def pick(choices: Sequence[Choice], number: int) -> Choice | None:
    """One of them, if there is any."""
    return choices[number % len(choices)] if choices else None
