"""The floor with aiokafka: fetch in batches and parse, nothing else, to the end."""

import asyncio
import os

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.peers.programs.event import Event

EVENTS, PARTITIONS = os.environ["PEER_EVENTS"], int(os.environ["PEER_PARTITIONS"])


async def main() -> None:
    """Read and parse every event."""
    decoder = msgspec.json.Decoder(Event)
    async with AIOKafkaConsumer(
        bootstrap_servers=os.environ["PEER_BOOTSTRAP"], auto_offset_reset="earliest"
    ) as consumer:
        consumer.assign([TopicPartition(EVENTS, number) for number in range(PARTITIONS)])
        while True:
            for records in (await consumer.getmany(timeout_ms=100)).values():
                for record in records:
                    event = decoder.decode(record.value)
                    if event.citizen.startswith("marker"):
                        print(event.citizen, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
