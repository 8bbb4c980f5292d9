"""The floor with confluent-kafka: consume in batches and parse, nothing else, to the end."""

import os

import msgspec
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from benchmarks.peers.programs.event import Event

EVENTS, PARTITIONS = os.environ["PEER_EVENTS"], int(os.environ["PEER_PARTITIONS"])


def main() -> None:
    """Read and parse every event."""
    consumer = Consumer(
        {
            "bootstrap.servers": os.environ["PEER_BOOTSTRAP"],
            "group.id": os.environ["PEER_NAME"],
            "enable.auto.commit": False,
        }
    )
    consumer.assign(
        [TopicPartition(EVENTS, number, OFFSET_BEGINNING) for number in range(PARTITIONS)]
    )
    decoder = msgspec.json.Decoder(Event)
    while True:
        for message in consumer.consume(1000, timeout=0.1):
            event = decoder.decode(message.value() or b"")
            if event.citizen.startswith("marker"):
                print(event.citizen, flush=True)


if __name__ == "__main__":
    main()
