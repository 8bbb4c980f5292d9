"""What Faust delivers meets what the state log knows: the partitions this worker owns.

Faust revokes every partition at every rebalance, so a partition's memory survives that and is
dropped only when the partition goes elsewhere. One class, a little long: assignment, recovery and
steps of a partition must not be seen apart.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiokafka import ConsumerRecord

from services.journey.adapters.chunks import source_record
from services.journey.adapters.exit import End
from services.journey.adapters.log_reader import OpenReader
from services.journey.adapters.offset_rule import HoleInTheLog, fitting
from services.journey.adapters.recovery import Recovery
from services.journey.domain.partition import SourceRecord
from services.journey.sessionise import Partition, Sessioniser

SECONDS_BETWEEN_SEEKS = 0.5
MOST_SEEKS = 20
Rule = Callable[[int, Sequence[ConsumerRecord]], Sequence[ConsumerRecord]]


class DeliveryTelemetry(Protocol):
    """Who is told."""

    def chunk(self, records: int) -> None:
        """A chunk goes on where the log left off."""

    def dropped(self, partition: int, wanted: int, first: int, *, sought: bool) -> None:
        """A chunk does not go on there; with `sought`, Faust was sent back."""

    def assigned(self, partitions: Collection[int]) -> None:
        """A rebalance gave this worker these partitions."""


@dataclass
class Owned:
    """A partition of ours; `recovered` is set while its memory is what its logs say."""

    partition: Partition
    start: int = 0
    recovered: asyncio.Event = field(default_factory=asyncio.Event)
    stepping: asyncio.Lock = field(default_factory=asyncio.Lock)
    sought_at: float = float("-inf")
    sought_in_vain: int = 0

    @property
    def wanted(self) -> int:
        """The offset that comes next."""
        applied = self.partition.applied
        return self.start if applied < 0 else applied + 1


@dataclass(frozen=True)
class Ports:
    """What delivery acts with: `seek` sends Faust back, `end` ends the process."""

    seek: Callable[[int, int], Awaitable[None]]
    reader: OpenReader
    end: End
    is_stopping: Callable[[], bool]
    telemetry: DeliveryTelemetry
    clock: Callable[[], float] = time.monotonic


class Delivery:
    """Owns partitions, recovers them in the background, and has chunks made into steps."""

    def __init__(
        self, sessioniser: Sessioniser, recovery: Recovery, ports: Ports, rule: Rule = fitting
    ) -> None:
        self.owned: dict[int, Owned] = {}
        self._sessioniser = sessioniser
        self._recovery = recovery
        self._ports = ports
        self._rule = rule
        self._round = 0
        self._one_recovery = asyncio.Lock()
        self._recoveries: set[asyncio.Task[None]] = set()
        self._is_assigned = False

    @property
    def is_ready(self) -> bool:
        """All partitions that were assigned have recovered. Any thread may ask."""
        return self._is_assigned and all(
            one.recovered.is_set() for one in list(self.owned.values())
        )

    @property
    def partitions(self) -> list[Partition]:
        """The partitions whose memory is what their logs say."""
        return [one.partition for one in self.owned.values() if one.recovered.is_set()]

    async def handle(self, number: int, records: Sequence[ConsumerRecord]) -> bool:
        """Take a chunk; True when all of it is in the log, and may be acknowledged.

        False: it did not fit or the partition went elsewhere. Any failure ends the process. Chunks
        of different partitions may be handed over together, those of one in order.
        """
        try:
            return await self._handle(number, records)
        except BaseException as error:
            self.fail("step.failed", error)
            raise

    def fail(self, event: str, error: BaseException) -> None:
        """End the process, for whatever reason but that the application is told to stop."""
        # A cancellation is no other reason: aiokafka lets some out of its own.
        if not (isinstance(error, asyncio.CancelledError) and self._ports.is_stopping()):
            self._ports.end(event, error)

    async def _handle(self, number: int, records: Sequence[ConsumerRecord]) -> bool:
        owned = self.owned.get(number)
        if owned is None:
            return False
        # Outside the lock: a revoke waits for the step in flight, not for a recovery.
        await owned.recovered.wait()
        async with owned.stepping:
            if not self._may_step(owned):
                return False
            fits = self._rule(owned.wanted, records)
            if not fits:
                await self._seek(owned, records[0].offset)
                # All applied already: unless Faust hears so, its bookkeeping waits for it for ever.
                is_applied: bool = records[-1].offset < owned.wanted
                return is_applied
            owned.sought_in_vain = 0
            self._ports.telemetry.chunk(len(fits))
            return await self._all(owned, [source_record(record) for record in fits])

    async def _all(self, owned: Owned, records: Sequence[SourceRecord]) -> bool:
        while records:
            # A revoke waits for one step, not for a long sweep: its end is delivered again.
            if not self._may_step(owned):
                return False
            records = records[await self._sessioniser.step(owned.partition, records) :]
        return True

    def _may_step(self, owned: Owned) -> bool:
        return owned.recovered.is_set() and self.owned.get(owned.partition.number) is owned

    async def _seek(self, owned: Owned, first: int) -> None:
        number, now = owned.partition.number, self._ports.clock()
        # A stale chunk still on its way undoes a seek: give it time to pass by.
        is_time = now - owned.sought_at > SECONDS_BETWEEN_SEEKS
        if is_time:
            owned.sought_at = now
            owned.sought_in_vain += 1
            if owned.sought_in_vain > MOST_SEEKS and first > owned.wanted:
                raise HoleInTheLog(f"{owned.wanted} cannot be had, only {first} after it")
            await self._ports.seek(number, owned.wanted)
        self._ports.telemetry.dropped(number, owned.wanted, first, sought=is_time)

    async def revoked(self) -> None:
        """Everything may go elsewhere: returns when no step is in flight, and none begins."""
        self._round += 1
        for owned in self.owned.values():
            owned.recovered.clear()
        for owned in list(self.owned.values()):
            async with owned.stepping:
                pass

    def assigned(self, numbers: Collection[int]) -> None:
        """These partitions are ours now; those that are new are recovered in the background."""
        for number in set(self.owned) - set(numbers):
            self.owned.pop(number).recovered.set()  # let go whoever waits for it
        for number in numbers:
            owned = self.owned.setdefault(number, self._new(number))
            owned.recovered.clear()
        self._is_assigned = True
        self._round += 1
        self._ports.telemetry.assigned(numbers)
        recovery = asyncio.ensure_future(self._recover(self._round))
        self._recoveries.add(recovery)
        recovery.add_done_callback(self._recoveries.discard)

    def _new(self, number: int) -> Owned:
        return Owned(Partition(number, self._recovery.states.empty(number)))

    async def _recover(self, this_round: int) -> None:
        try:
            async with self._one_recovery, self._ports.reader() as reader:
                for owned in list(self.owned.values()):
                    # A later round looks at everything again, so this one is of no more use.
                    if self._round != this_round:
                        return
                    owned.start = await self._recovery.recover(owned.partition, reader)
                    if self._round == this_round:
                        owned.recovered.set()
        except BaseException as error:
            self.fail("recovery.failed", error)
            raise

    async def stop(self) -> None:
        """Recover no further."""
        recoveries = list(self._recoveries)
        for recovery in recoveries:
            recovery.cancel()
        await asyncio.gather(*recoveries, return_exceptions=True)
