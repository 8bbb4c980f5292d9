"""Somebody else writes to the logs of a partition that has an owner: found out, and mended."""

import struct

from aiokafka import AIOKafkaProducer

from services.journey.domain import state
from services.journey.domain.partition import APPLIED
from services.journey.domain.state import Position
from tests.journey_worker.counting import snapshot
from tests.journey_worker.crew import Crew, ended, said, until
from tests.journey_worker.findings import Findings
from tests.journey_worker.fixtures import crew as crew  # noqa: PLC0414  a fixture

_PARTITION = 0


async def _write_state(crew: Crew, rows: dict[bytes, bytes], upto: int) -> None:
    """One batch into the state log, as a former owner would write it."""
    async with AIOKafkaProducer(bootstrap_servers=crew.bootstrap) as producer:
        batch = producer.create_batch()
        for key, value in rows.items():
            headers = [("upto", struct.pack(">q", upto))]
            batch.append(timestamp=None, key=key, value=value, headers=headers)
        await (await producer.send_batch(batch, crew.topics.state, partition=_PARTITION))


def _stale(found: Findings, upto: int) -> dict[bytes, bytes]:
    """Every citizen of the partition counted once."""
    counts = dict.fromkeys(_keys(found), b"1 0")
    return {**counts, APPLIED: state.encode(Position(offset=upto, epoch=1))}


def _keys(found: Findings) -> list[bytes]:
    return [key.encode() for key, number in found.partition_of.items() if number == _PARTITION]


async def test_an_old_state_written_over_the_owners_is_found_and_mended(crew: Crew) -> None:
    await crew.load(2_000)
    owner = crew.start()
    before = await crew.findings()
    assert before.is_right
    await _write_state(crew, _stale(before, upto=3), upto=3)
    await until(ended(owner), owner)
    assert (owner.exit_code, said(owner, "step.failed")()) == (70, True), owner.account()
    successor = crew.start()
    await until(said(successor, "foreign_write.repaired"), successor)
    await crew.load(500)
    found = await crew.findings()
    assert (found.events, found.first_difference) == (2_500, "none")
    assert found.left_by_compaction == found.counted


async def test_an_old_journey_published_over_the_owners_is_published_again(crew: Crew) -> None:
    await crew.load(2_000)
    owner = crew.start()
    before = await crew.findings()
    assert before.is_right
    old = snapshot(_keys(before)[0], count=1, offset=0)
    async with AIOKafkaProducer(bootstrap_servers=crew.bootstrap) as producer:
        await producer.send_and_wait(
            crew.topics.journeys,
            old.value,
            key=old.key,
            partition=_PARTITION,
            headers=[("kind", b"journey")],
        )
    assert not (await crew.findings()).is_right
    await crew.load(500)
    await until(lambda: owner.exit_code == 70, owner)
    successor = crew.start()
    await until(said(successor, "foreign_write.repaired"), successor)
    found = await crew.findings()
    assert (found.events, found.first_difference) == (2_500, "none")


async def test_a_state_of_another_epoch_is_refused_with_a_sentence(crew: Crew) -> None:
    await crew.load(100)
    await _write_state(crew, {APPLIED: state.encode(Position(offset=3, epoch=2))}, upto=3)
    worker = crew.start()
    await until(ended(worker), worker)
    assert (worker.exit_code, "of epoch 2, but" in worker.output()) == (70, True), worker.account()


async def test_a_state_that_knows_more_than_the_log_has_is_refused_with_a_sentence(
    crew: Crew,
) -> None:
    await _write_state(crew, {APPLIED: state.encode(Position(offset=9_000, epoch=1))}, upto=9_000)
    worker = crew.start()
    await until(ended(worker), worker)
    assert (worker.exit_code, "state knows offset 9000" in worker.output()) == (70, True)
