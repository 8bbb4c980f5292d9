"""How far every partition is in every clock, and what subscribers hear of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from schemas.journey import Account, Progress
from schemas.metric import ClockProgress
from services.metrics.domain.measures.quality import shares_of
from services.metrics.domain.periods import Watermarks


@dataclass(frozen=True)
class Standing:
    """The newest progress of each partition and clock, as of one instant."""

    progress: Sequence[Progress]
    partitions: int

    @cached_property
    def by_clock(self) -> Mapping[str, Sequence[Progress]]:
        """The progress of the partitions that have heard of a clock."""
        clocks: dict[str, list[Progress]] = {}
        for progress in self.progress:
            clocks.setdefault(progress.clock, []).append(progress)
        return clocks

    @cached_property
    def watermarks(self) -> Watermarks:
        """The smallest watermark of each clock over all partitions."""
        times: dict[str, datetime | None] = {}
        ended = set()
        for clock, heard in self.by_clock.items():
            is_complete = len(heard) == self.partitions
            times[clock] = min(p.watermark for p in heard) if is_complete else None
            if is_complete and all(p.last for p in heard):
                ended.add(clock)
        return Watermarks(times, frozenset(ended))


def clock_progress(standing: Standing, caught_up: int, now: datetime) -> list[ClockProgress]:
    """One message a clock; `caught_up` is the number of partitions counted up to their end."""
    watermarks = standing.watermarks
    accounts = {
        clock: _summed([p.account for p in heard]) for clock, heard in standing.by_clock.items()
    }
    return [
        ClockProgress(
            clock=clock,
            watermark=watermarks.times[clock],
            last=clock in watermarks.ended,
            account=account,
            shares=shares_of(account),
            partitions=standing.partitions,
            partitions_caught_up=caught_up,
            sent_at=now,
        )
        for clock, account in sorted(accounts.items())
    ]


def _summed(accounts: Sequence[Account]) -> Account:
    rejected: Counter[str] = Counter()
    for account in accounts:
        rejected.update(account.rejected)
    return Account(
        applied=sum(a.applied for a in accounts),
        duplicate=sum(a.duplicate for a in accounts),
        late=sum(a.late for a in accounts),
        rejected=rejected,
    )
