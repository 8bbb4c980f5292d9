"""The store in memory: the same promises as Redis, in a few dictionaries."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from schemas.metric import ClockProgress, MetricMessage, key_of
from schemas.rejection import Rejection
from schemas.vocabulary import RevisionReason
from services.metrics.domain.blocks import Block
from services.metrics.domain.changes import UNFINAL, Changes, counter_in
from services.metrics.domain.closings import Closings, Stretch, Stretches
from services.metrics.domain.contribution import Contribution, Counted
from services.metrics.domain.messages import Series
from services.metrics.domain.pairs import Pair
from services.metrics.domain.periods import Shelf, Watermarks
from services.metrics.domain.revisions import Sent
from services.metrics.domain.standing import Standing
from services.metrics.domain.targets import Target
from services.metrics.publish import Dirty, Sums
from services.metrics.tally import Applied, Batch, Moved, Outcome, Outdated, Replaced

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
    frozen: dict[Block, bool] = field(default_factory=dict)
    forgotten: dict[Stretch, tuple[str, str]] = field(default_factory=dict)
    closed: int = 0
    is_to_be_swept: bool = False
    is_being_made: bool = False
    is_counting: bool = True
    leads: str | None = None
    _sequence: "count[int]" = field(default_factory=count)

    async def start(self, offsets: Mapping[int, int]) -> None:
        self.next = dict(offsets)

    async def offsets(self) -> dict[int, int]:
        return dict(self.next)

    async def lift(self, by: Mapping[str, int]) -> None:
        for side in (self.added, self.retracted):
            for counter, amount in by.items():
                side[counter] = side.get(counter, 0) + amount

    async def look(self, ids: Sequence[str]) -> tuple[Closings, list[Counted | None]]:
        return await self.closings(), [self.last.get(one) for one in ids]

    async def apply(self, batch: Batch, changes: Changes) -> Outcome | Outdated:
        stored = self.next.get(batch.partition)
        if stored is None:
            return Replaced()
        if stored != batch.expected:
            return Moved(stored)
        if changes.token != str(self.closed):
            return Outdated()
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
        for id_, counted in changes.counted.items():
            self.last.pop(id_, None)
            if counted is not None:
                self.last[id_] = counted
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

    async def unlearn(self, gone: Mapping[Target, Sequence[Series]]) -> None:
        for target, own in gone.items():
            for series in own:
                self.told[target].pop(series.name, None)

    async def closings(self) -> Closings:
        frozen, forgotten = dict(self.frozen), dict(self.forgotten)
        return Closings(str(self.closed), frozen, forgotten, self.is_being_made)

    async def forget(self, blocks: Sequence[Block], stretches: Stretches) -> None:
        for key, (first, last) in stretches.items():
            since, till = self.forgotten.get(key, (first, last))
            self.forgotten[key] = min(since, first), max(till, last)
        self.closed += 1
        for block in blocks:
            self.counts.pop(block, None)
            self.marks[block.name] = (next(self._sequence), block, "", None)

    async def freeze(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            is_final = self.counts.get(block, {}).get(UNFINAL, 0) <= 0
            if self.is_counting and is_final and block not in self.frozen:
                self.frozen[block] = False
                self.marks[block.name] = (next(self._sequence), block, "", None)
                self.closed += 1
                self.is_to_be_swept = True

    async def cells(self, block: Block) -> dict[str, int]:
        return dict(self.counts.get(block, {}))

    async def mark_booked(self, block: Block) -> None:
        self.frozen[block] = True
        self.marks[block.name] = (next(self._sequence), block, "", None)

    async def adopt(self, booked: Mapping[Block, Mapping[str, int]]) -> None:
        for block, cells in booked.items():
            self.counts[block] = dict(cells)
            self.frozen[block] = True
            self.closed += 1

    take = adopt

    async def have_swept(self) -> None:
        self.is_to_be_swept = True

    async def sweep(self, is_over: Callable[[Contribution], bool]) -> None:
        if self.is_to_be_swept:
            over = [id_ for id_, counted in self.last.items() if is_over(counted.contribution)]
            for id_ in over:
                del self.last[id_]
            self.is_to_be_swept = False

    async def nets(self) -> dict[str, int]:
        nets: dict[str, int] = {}
        for block, cells in self.counts.items():
            for name, n in cells.items() if block.kind is Shelf.MONTH else ():
                if (counter := counter_in(name)) is not None:
                    nets[counter] = nets.get(counter, 0) + n
        return nets

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
    sent: list[MetricMessage] = field(default_factory=list)
    newest: dict[str, MetricMessage] = field(default_factory=dict)
    progress: list[ClockProgress] = field(default_factory=list)
    months: dict[Block, dict[str, int]] = field(default_factory=dict)

    async def reject(self, key: bytes, rejection: Rejection) -> None:
        self.rejections.append((key, rejection))

    async def publish(self, messages: Sequence[MetricMessage]) -> None:
        self.sent += messages
        self.newest.update({key_of(message): message for message in messages})

    async def retract(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.newest.pop(key, None)

    async def book(self, block: Block, cells: Mapping[str, int]) -> None:
        self.months[block] = {name: n for name, n in cells.items() if n}

    async def tell(self, progress: Sequence[ClockProgress]) -> None:
        self.progress.extend(progress)
