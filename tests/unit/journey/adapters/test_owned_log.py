"""Whether a batch lies where its owner left off."""

from typing import Any

import pytest

from services.journey.adapters.owned_log import ForeignWrite, OwnedLog
from tests.journey_worker.memory_kafka import MemoryKafka


class LateKafka(MemoryKafka):
    """Somebody else's record lands right behind each batch, before its end is asked for."""

    async def append(self, topic: str, partition: int, batch: Any) -> int:
        offset = await super().append(topic, partition, batch)
        self.put(topic, b"theirs", b"", [])
        return offset


def batch_of(log: OwnedLog, records: int) -> Any:
    batch = log.batch()
    for number in range(records):
        batch.append(timestamp=None, key=b"%d" % number, value=b"", headers=[])
    return batch


async def appended(kafka: MemoryKafka, *, expected: int, is_silent: bool) -> int:
    kafka.is_silent_about_offsets = is_silent
    log = OwnedLog("state", kafka, kafka.open)
    return await log.append(0, batch_of(log, 3), expected)


@pytest.mark.parametrize("is_silent", [False, True])
async def test_the_next_offset_is_behind_the_batch_whether_kafka_tells_its_own_or_not(
    *, is_silent: bool
) -> None:
    kafka = MemoryKafka()
    assert await appended(kafka, expected=0, is_silent=is_silent) == 3
    assert await appended(kafka, expected=3, is_silent=is_silent) == 6


@pytest.mark.parametrize("is_silent", [False, True])
async def test_a_record_of_somebody_else_before_the_batch_is_found_out(*, is_silent: bool) -> None:
    kafka = MemoryKafka()
    kafka.put("state", b"theirs", b"", [])
    with pytest.raises(ForeignWrite, match="state/0: expected 0, got 1"):
        await appended(kafka, expected=0, is_silent=is_silent)


async def test_a_record_behind_a_batch_of_unknown_place_is_found_out_at_once() -> None:
    with pytest.raises(ForeignWrite, match="state/0: expected 0, got 1"):
        await appended(LateKafka(), expected=0, is_silent=True)


async def test_a_record_behind_a_batch_of_known_place_is_found_out_at_the_next() -> None:
    kafka = LateKafka()
    assert await appended(kafka, expected=0, is_silent=False) == 3
    with pytest.raises(ForeignWrite, match="state/0: expected 3, got 4"):
        await appended(kafka, expected=3, is_silent=False)
