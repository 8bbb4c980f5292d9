"""The sessions in a whole list of events, and how what an engine says differs from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

GAP_MILLISECONDS = 30 * 60 * 1000

# Whom, and when in milliseconds since 1970.
Times = Iterable[tuple[str, int]]
# (citizen, first, last) -> how many events.
Sessions = Mapping[tuple[str, int, int], int]


def sessions(times: Times) -> Sessions:
    """Sort, and split where nothing happened for more than the gap.

    Raises ValueError when a silence is exactly the gap: engines differ on which side that is.
    """
    by_citizen: dict[str, list[int]] = defaultdict(list)
    for citizen, time in times:
        by_citizen[citizen].append(time)
    return {
        (citizen, run[0], run[-1]): len(run)
        for citizen, seen in by_citizen.items()
        for run in _runs(sorted(seen))
    }


def _runs(times: list[int]) -> Iterator[list[int]]:
    run: list[int] = []
    for time in times:
        silence = time - run[-1] if run else 0
        if silence == GAP_MILLISECONDS:
            raise ValueError("a silence of exactly the gap: choose another seed")
        if silence > GAP_MILLISECONDS:
            yield run
            run = []
        run.append(time)
    yield run


@dataclass(frozen=True)
class Verdict:
    """How the sessions an engine found stand beside the truth."""

    sessions: int
    missing: int = 0
    surplus: int = 0
    miscounted: int = 0

    @property
    def is_right(self) -> bool:
        """Every session once, with its count."""
        return not self.missing + self.surplus + self.miscounted

    def told(self) -> str:
        """For the table."""
        if self.is_right:
            return "right"
        kinds = {"missing": self.missing, "surplus": self.surplus, "miscounted": self.miscounted}
        wrong = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items() if count)
        return f"wrong: {wrong} of {self.sessions:,}"


def judge(truth: Sessions, found: Sessions) -> Verdict:
    """Compare session by session."""
    both = truth.keys() & found.keys()
    return Verdict(
        sessions=len(truth),
        missing=len(truth) - len(both),
        surplus=len(found) - len(both),
        miscounted=sum(1 for one in both if truth[one] != found[one]),
    )
