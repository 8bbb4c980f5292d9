"""What a reader must know beside a number."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PublishState
from services.publish.domain import words

BOUNDS = "bounds"


@dataclass(frozen=True)
class Note:
    """Something to know beside a number. `kind` is low_n, suppressed, bounds or a flag."""

    kind: str
    text: str


SUPPRESSED = Note("suppressed", "Hidden: too few answers to show without showing people")


def of(message: MetricMessage) -> tuple[Note, ...]:
    """What to know beside the number of a message that may be shown, the gravest first."""
    found = []
    if message.state is PublishState.LOW_N and message.n:
        found.append(Note("low_n", f"Few: only {words.count(message.n)}, read with care"))
    if message.ci_method == BOUNDS:
        found.append(Note(BOUNDS, "Bounds: journeys of this period are still open"))
    if Flag.STALE in message.flags:
        found.append(Note("stale", "Stale: newer data did not come"))
    if Flag.PROVISIONAL in message.flags:
        found.append(Note("provisional", "Provisional: can still change"))
    if Flag.REVISED in message.flags:
        found.append(Note("revised", revised(message)))
    return tuple(found)


def revised(message: MetricMessage) -> str:
    """How often a number was revised, and why: `Revised twice: late entry`."""
    times = {1: "once", 2: "twice"}.get(message.revision, f"{message.revision} times")
    why = f": {words.plain(message.revision_reason)}" if message.revision_reason else ""
    return f"Revised {times}{why}"
