"""How much work a process has room for, learnt from the rounds in which there was enough of it."""

from dataclasses import dataclass

# Of one core that has other things to do as well; it is soon known better.
_FIRST_SECONDS_EACH = 1 / 500
# Twenty rounds, half a second or so, are remembered.
_WEIGHT = 1 / 20
# A round that took still longer for its work is one in which thousands of requests were read: it
# says nothing of those that follow.
_MOST_TIMES = 4


@dataclass(frozen=True)
class PaceOfWork:
    """What a unit of work took lately, with all that was done beside it."""

    seconds_each: float = _FIRST_SECONDS_EACH

    @property
    def each_second(self) -> float:
        """Units for which a second has room."""
        return 1 / self.seconds_each

    def after(self, work: int, seconds: float) -> "PaceOfWork":
        """The pace when a round of so much work took so long."""
        found = min(max(1e-6, seconds) / work, _MOST_TIMES * self.seconds_each)
        return PaceOfWork(self.seconds_each + _WEIGHT * (found - self.seconds_each))
