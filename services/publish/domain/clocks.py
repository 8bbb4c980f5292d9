"""How good the data of every clock is: what came late, twice or could not be taken."""

from dataclasses import dataclass

from schemas.metric import ClockProgress
from services.publish.domain import words
from services.publish.domain.numbers import Numbers

# In the order of the page; a share of a later version stands after them under its id.
_NAMES = {
    "late_share": "Came late",
    "duplicate_share": "Came twice",
    "rejected_share": "Refused",
}


@dataclass(frozen=True)
class Share:
    """One share of a clock's events; None where nobody knows it."""

    id: str
    name: str
    value: float | None
    text: str


@dataclass(frozen=True)
class ClockQuality:
    """One clock."""

    clock: str
    applied: int
    shares: tuple[Share, ...]


def clocks(numbers: Numbers) -> tuple[ClockQuality, ...]:
    """The clocks whose events are in these numbers, by name."""
    known = {progress.clock for progress in numbers.progress}
    shown = numbers.clocks & known or known
    return tuple(_quality(one) for one in numbers.progress if one.clock in shown)


def _quality(progress: ClockProgress) -> ClockQuality:
    ids = [*_NAMES, *sorted(set(progress.shares) - set(_NAMES))]
    shares = (_share(id_, progress.shares.get(id_)) for id_ in ids)
    return ClockQuality(progress.clock, progress.account.applied, tuple(shares))


def _share(id_: str, value: float | None) -> Share:
    text = "not known" if value is None else words.percent(value)
    return Share(id_, _NAMES.get(id_, words.sentence(id_)), value, text)
