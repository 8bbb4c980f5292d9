"""Reads a whole topic, as an auditor would."""

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from schemas.topics import topic


async def read_all(bootstrap: str, name: str) -> list[ConsumerRecord]:
    """Every record that is on the topic now."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(name, n) for n in range(topic(name).partitions)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        records: list[ConsumerRecord] = []
        while any([await consumer.position(p) < ends[p] for p in partitions]):
            batches = await consumer.getmany(timeout_ms=500)
            records.extend(record for batch in batches.values() for record in batch)
        return [r for r in records if r.offset < ends[TopicPartition(name, r.partition)]]
    finally:
        await consumer.stop()


def kind_of(record: ConsumerRecord) -> str | None:
    """The header `kind` of a record; None on a touchpoint event."""
    return next((value.decode() for name, value in record.headers if name == "kind"), None)
