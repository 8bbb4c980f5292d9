"""How processes ended, and which of that may happen."""

import json
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from deploy.local.process import Child
from tests.chaos.line.stand_ins import WHERE

# What makes journey end itself: somebody else wrote, it stood still, nobody acknowledged in time
# (after a freeze or in an outage), or it was told to end and could not. Its way out says 70.
_OF_JOURNEY = {"FarewellTooLong", "ForeignWrite", "Frozen", "PublishFailed"}
_HEARD = {"journey": '"partitions.assigned"', "metrics": '"inside.listening"'}
_GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Ending:
    """One end of one process. `why` is the error it told of, or nothing; `where` is what it said
    when it was asked where it hangs.
    """

    service: str
    is_told: bool
    code: int
    why: str
    is_starting: bool
    is_in_outage: bool
    where: str = ""

    @property
    def is_expected(self) -> bool:
        """Who is told to end says 0, or dies of the signal before it has come so far as to hear it;
        nobody ends by itself but journey for its own reasons, and in an outage for any.
        """
        if self.is_told and self.code == 0:
            return True
        if self.is_told and self.code == -signal.SIGTERM:
            return self.is_starting
        if self.service == "journey" and self.code == 70:
            return self.why in _OF_JOURNEY or self.is_in_outage
        return self.code == 1 and self.is_in_outage

    def __str__(self) -> str:
        return " ".join(
            [
                self.service,
                *(["starting"] if self.is_starting else []),
                "told to end:" if self.is_told else "by itself:",
                str(self.code),
                *([self.why] if self.why else []),
                *(["in an outage"] if self.is_in_outage else []),
            ]
        )


@dataclass
class Outages:
    """When a broker or a Redis was away, in seconds of the monotonic clock."""

    _over: list[float] = field(default_factory=list)
    _is_now: bool = False

    @contextmanager
    def one(self) -> Iterator[None]:
        """Inside, something is away."""
        self._is_now = True
        try:
            yield
        finally:
            self._is_now = False
            self._over.append(time.monotonic())

    def reach(self, now: float) -> bool:
        """Whether something is away, or was a moment ago."""
        return self._is_now or any(now - over < _GRACE_SECONDS for over in self._over[-1:])


def ending(service: str, child: Child, *, is_told: bool, outages: Outages) -> Ending:
    """How a process that has ended did so."""
    said = child.output()
    return Ending(
        service=service,
        is_told=is_told,
        code=child.process.wait(),
        why=_last_error(said),
        is_starting=_HEARD.get(service, "") not in said,
        is_in_outage=outages.reach(time.monotonic()),
        where=said[said.rfind(WHERE) :] if WHERE in said else "",
    )


def _last_error(said: str) -> str:
    """The name of the error in the last critical line."""
    critical = [line for line in said.splitlines() if '"level": "critical"' in line]
    if not critical:
        return ""
    # Another thread may have said something in the same line.
    told, _ = json.JSONDecoder().raw_decode(critical[-1])
    last = str(told.get("exception", told["event"])).strip().splitlines()[-1]
    return last.partition(":")[0].rpartition(".")[2]
