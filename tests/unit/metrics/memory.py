"""The store in memory: the same promises as Redis, in a few dictionaries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from schemas.metric import ClockProgress, MetricMessage, key_of
from schemas.rejection import Rejection
from schemas.vocabulary import RevisionReason
from services.metrics.domain.changes import Block, Changes
from services.metrics.domain.contribution import Counted
from services.metrics.domain.pairs import Pair
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.revisions import Sent
from services.metrics.domain.standing import Standing
from services.metrics.domain.targets import Target
from services.metrics.publish import Dirty, Sums
from services.metrics.tally import Applied, Batch, Moved, Outcome, Replaced

_Mark = tuple[int, Block | Target, str, RevisionReason | None]


@dataclass
class MemoryStore:
    """Counters, cells and what was told."""

    next: dict[int, int] = field(default_factory=dict)
    counts: dict[Block, dict[str, int]] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    retracted: dict[str, int] = field(default_factory=dict)
    last: dict[str, Counted] = field(default_factory=dict)
    progress: dict[str, object] = field(default_factory=dict)
    marks: dict[str, _Mark] = field(default_factory=dict)
    told: dict[Target, dict[str, Sent]] = field(default_factory=dict)
    time: Watermarks = field(default_factory=lambda: Watermarks({}))
    is_counting: bool = True
    leads: str | None = None
    _sequence: "count[int]" = field(default_factory=count)

    async def start(self, offsets: Mapping[int, int]) -> None:
        self.next = dict(offsets)

    async def offsets(self) -> dict[int, int]:
        return dict(self.next)

    async def counted(self, ids: Sequence[str]) -> list[Counted | None]:
        return [self.last.get(one) for one in ids]

    async def apply(self, batch: Batch, changes: Changes) -> Outcome:
        stored = self.next.get(batch.partition)
        if stored is None:
            return Replaced()
        if stored != batch.expected:
            return Moved(stored)
        self._take(changes)
        self.next[batch.partition] = batch.next
        return Applied(batch.next)

    def _take(self, changes: Changes) -> None:
        for block, amounts in changes.cells().items():
            _add(self.counts.setdefault(block, {}), amounts)
            self.marks[block.name] = (next(self._sequence), block, "", None)
        for block, groups in changes.revised().items():
            for group, reason in groups.items():
                mark = (next(self._sequence), block, group, reason)
                self.marks[f"{block.name}#{group}"] = mark
        _add(self.added, changes.added)
        _add(self.retracted, changes.retracted)
        self.last.update(changes.counted)
        self.progress.update(changes.progress)

    async def pairs(self) -> dict[str, Pair]:
        return {
            name: Pair(self.added.get(name, 0), self.retracted.get(name, 0))
            for name in {*self.added, *self.retracted}
        }

    async def standing(self) -> Standing:
        return Standing(list(self.progress.values()), len(self.next))  # type: ignore[arg-type]

    async def dirty(self) -> Dirty:
        tokens = {name: str(mark[0]) for name, mark in self.marks.items()}
        return Dirty(tokens, frozenset(mark[1] for mark in self.marks.values()))

    async def clean(self, tokens: Mapping[str, str]) -> None:
        for name, token in tokens.items():
            if name in self.marks and str(self.marks[name][0]) == token:
                del self.marks[name]

    async def mark_all(self, reason: RevisionReason, told: Iterable[Target] = ()) -> None:
        what: list[Block | Target] = [*self.counts, *told]
        for one in what:
            self.marks[f"{one.name}#"] = (next(self._sequence), one, "", reason)

    async def mark(self, targets: Iterable[Target]) -> None:
        for target in targets:
            self.marks[target.name] = (next(self._sequence), target, "", None)

    async def lead(self, name: str) -> None:
        self.leads = name

    async def leader(self) -> str | None:
        return self.leads

    async def is_current(self) -> bool:
        return self.is_counting

    async def blocks(self) -> frozenset[Block]:
        return frozenset(self.counts)

    async def sums(self, blocks: Sequence[Block]) -> Sums:
        reasons: dict[Block | Target, dict[str, RevisionReason]] = {}
        for _, block, group, reason in self.marks.values():
            if reason is not None:
                reasons.setdefault(block, {})[group] = reason
        return Sums({block: dict(self.counts.get(block, {})) for block in blocks}, reasons)

    async def sent(self, targets: Sequence[Target]) -> list[dict[str, Sent]]:
        return [dict(self.told.get(target, {})) for target in targets]

    async def remember(self, sent: Mapping[Target, Mapping[str, Sent]]) -> None:
        for target, told in sent.items():
            self.told.setdefault(target, {}).update(told)

    async def told_at(self) -> Watermarks:
        return self.time

    async def remember_time(self, watermarks: Watermarks) -> None:
        self.time = watermarks


def _add(sums: dict[str, int], amounts: Mapping[str, int]) -> None:
    for name, amount in amounts.items():
        sums[name] = sums.get(name, 0) + amount


@dataclass
class Heard:
    """All that went out, in order; and the newest message by key."""

    rejections: list[tuple[bytes, Rejection]] = field(default_factory=list)
    rounds: list[list[MetricMessage]] = field(default_factory=list)
    newest: dict[str, MetricMessage] = field(default_factory=dict)
    progress: list[ClockProgress] = field(default_factory=list)

    async def reject(self, key: bytes, rejection: Rejection) -> None:
        self.rejections.append((key, rejection))

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        self.rounds.append(list(messages))
        self.newest.update({key_of(message): message for message in messages})

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        self.progress.extend(progress)
