"""The same generation as the publisher reads it: cells, what changed, what was told."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec
from redis.asyncio import Redis

from schemas.codec import decode
from schemas.journey import Progress
from schemas.vocabulary import RevisionReason
from services.metrics.adapters.redis_closings import closings_in
from services.metrics.adapters.redis_counters import MARK
from services.metrics.adapters.redis_keys import Place, text
from services.metrics.adapters.redis_scripts import REMOVE_SAME
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings
from services.metrics.domain.messages import Series
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.revisions import EVERY_GROUP, Sent
from services.metrics.domain.round import Reasons
from services.metrics.domain.standing import Standing
from services.metrics.domain.targets import Target
from services.metrics.publish import Dirty, Sums

_encoder = msgspec.json.Encoder()
_watermarks_decoder = msgspec.json.Decoder(Watermarks)
_sent_decoder = msgspec.json.Decoder(Sent)


class RedisCells:
    """One generation in a Redis. The client must not decode responses."""

    def __init__(self, redis: Redis, place: Place, generation: str) -> None:
        self._redis = redis
        self._place = place
        self._generation = generation
        self._remove_same = redis.register_script(REMOVE_SAME)

    def key(self, name: str) -> str:
        """A key of this generation."""
        return self._place.key(self._generation, name)

    async def standing(self) -> Standing:
        """How far every partition is."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.hvals(self.key("progress"))
        pipe.hlen(self.key("offsets"))
        progress, partitions = await pipe.execute()
        return Standing([decode(Progress, told) for told in progress], partitions)

    async def dirty(self) -> Dirty:
        """What changed since it was last cleaned."""
        stored = await self._redis.hgetall(self.key("dirty"))
        tokens = {text(name): text(token) for name, token in stored.items()}
        return Dirty(tokens, frozenset(_marked(name.partition(MARK)[0]) for name in tokens))

    async def clean(self, tokens: Mapping[str, str]) -> None:
        """Forget these changes, but for those that have happened again since."""
        if tokens:
            await self._remove_same(keys=[self.key("dirty")], args=list(chain(*tokens.items())))

    async def mark_all(self, reason: RevisionReason, told: Iterable[Target] = ()) -> None:
        """Have every block told anew, and every target in `told`, which may have no block any more;
        where numbers differ it is a revision with this reason.
        """
        what: set[Block | Target] = {*await self.blocks(), *told}
        marks = {f"{one.name}{MARK}": f"0 {reason.value}" for one in what}
        if marks:
            await self._redis.hset(self.key("dirty"), mapping=marks)  # type: ignore[arg-type]

    async def mark(self, targets: Iterable[Target]) -> None:
        """Have these told anew, as if a cell in them had changed."""
        sequence = await self._redis.incr(self.key("sequence"))
        marks = {target.name: sequence for target in targets}
        if marks:
            await self._redis.hset(self.key("dirty"), mapping=marks)  # type: ignore[arg-type]

    async def lead(self, name: str) -> None:
        """From now on `name` is who tells."""
        await self._redis.set(self.key("leader"), name)

    async def leader(self) -> str | None:
        """Who tells."""
        found = await self._redis.get(self.key("leader"))
        return text(found) if found else None

    async def is_current(self) -> bool:
        """Whether this generation still counts."""
        return bool(await self._redis.get(self._place.pointer) == self._generation.encode())

    async def blocks(self) -> frozenset[Block]:
        """All blocks that have ever had a cell."""
        names = await self._redis.smembers(self.key("blocks"))
        return frozenset(Block.named(text(name)) for name in names)

    async def sums(self, blocks: Sequence[Block]) -> Sums:
        """The cells of each block, and the reasons of what has changed anywhere."""
        names = ["dirty", *(f"cells:{block.name}" for block in blocks)]
        dirty, *found = await self._hashes(names, at_once=True)
        return Sums(dict(zip(blocks, map(counts_in, found), strict=True)), _reasons(dirty))

    async def sent(self, targets: Sequence[Target]) -> list[dict[str, Sent]]:
        """What was told, by name of the series, for each target."""
        found = await self._hashes([f"sent:{target.name}" for target in targets])
        return [
            {text(name): _sent_decoder.decode(sent) for name, sent in memory.items()}
            for memory in found
        ]

    async def remember(self, sent: Mapping[Target, Mapping[str, Sent]]) -> None:
        """Keep what was told."""
        pipe = self._redis.pipeline(transaction=False)
        for target, told in sent.items():
            if told:
                texts = {name: _encoder.encode(s) for name, s in told.items()}
                pipe.hset(self.key(f"sent:{target.name}"), mapping=texts)  # type: ignore[arg-type]
        await pipe.execute()

    async def unlearn(self, gone: Mapping[Target, Sequence[Series]]) -> None:
        """Forget what was told of these series."""
        pipe = self._redis.pipeline(transaction=False)
        for target, own in gone.items():
            if own:
                pipe.hdel(self.key(f"sent:{target.name}"), *(series.name for series in own))
        await pipe.execute()

    async def told_at(self) -> Watermarks:
        """How far time was when all was told."""
        stored = await self._redis.get(self.key("told_at"))
        return _watermarks_decoder.decode(stored) if stored else Watermarks({})

    async def remember_time(self, watermarks: Watermarks) -> None:
        """Keep that."""
        await self._redis.set(self.key("told_at"), _encoder.encode(watermarks))

    async def closings(self) -> Closings:
        """What can change no more."""
        stored: Any = await self._redis.hgetall(self.key("closings"))
        return closings_in(stored)

    async def _hashes(
        self, names: Sequence[str], *, at_once: bool = False
    ) -> list[dict[bytes, bytes]]:
        pipe = self._redis.pipeline(transaction=at_once)
        for name in names:
            pipe.hgetall(self.key(name))
        return list(await pipe.execute())


def counts_in(stored: Mapping[bytes, bytes]) -> dict[str, int]:
    """A hash of cells."""
    return {text(name): int(n) for name, n in stored.items()}


def _reasons(dirty: Mapping[bytes, bytes]) -> Reasons:
    reasons: dict[Block | Target, dict[str, RevisionReason]] = {}
    for mark, token in dirty.items():
        _, _, reason = text(token).partition(" ")
        if reason:
            name, _, group = text(mark).partition(MARK)
            groups = reasons.setdefault(_marked(name), {})
            groups[group or EVERY_GROUP] = RevisionReason(reason)
    return reasons


def _marked(name: str) -> Block | Target:
    return Block.named(name) if name.count("|") == len(Target._fields) else Target.named(name)
