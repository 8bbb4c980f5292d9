"""A producer that was refused is replaced, and nothing of it overtakes what follows."""

import asyncio
from dataclasses import dataclass, field

import pytest
from aiokafka.errors import KafkaConnectionError, KafkaError

from services.metrics.adapters.kafka_publisher import KafkaPublisher
from services.metrics.domain.pairs import Pair


@dataclass
class Producer:
    """Does what it is told, and notes it in the list all producers share."""

    name: str
    done: list[str]
    refuses: bool = False
    finds_no_broker: bool = False

    async def start(self) -> None:
        self.done.append(f"start {self.name}")
        if self.finds_no_broker:
            raise KafkaConnectionError

    async def stop(self) -> None:
        await asyncio.sleep(0)
        self.done.append(f"stop {self.name}")

    async def send(self, topic: str, value: bytes | None, key: bytes) -> "asyncio.Future[None]":
        text = value.decode() if value is not None else "nothing"
        self.done.append(f"{self.name} sends {key.decode()} {text} to {topic}")
        acknowledgement = asyncio.get_running_loop().create_future()
        if self.refuses:
            acknowledgement.set_exception(KafkaError())
        else:
            acknowledgement.set_result(None)
        return acknowledgement


@dataclass
class Broker:
    """Makes the producers, in order."""

    done: list[str] = field(default_factory=list)
    producers: list[Producer] = field(default_factory=list)

    def add(self, name: str, *, refuses: bool = False, finds_no_broker: bool = False) -> None:
        self.producers.append(Producer(name, self.done, refuses, finds_no_broker))

    def make(self) -> Producer:
        return self.producers.pop(0)


async def test_a_refused_producer_is_stopped_to_its_end_before_another_sends() -> None:
    broker = Broker()
    broker.add("first", refuses=True)
    broker.add("second")
    async with KafkaPublisher(broker.make) as publisher:
        both = (publisher.keep({"a": Pair(1, 0)}), publisher.keep({"b": Pair(1, 0)}))
        failed = await asyncio.gather(*both, return_exceptions=True)
        await publisher.keep({"a": Pair(2, 0)})
    assert [type(error) for error in failed] == [KafkaError, KafkaError]
    assert broker.done == [
        "start first",
        "first sends counter/a [1,0] to tallies.v1",
        "first sends counter/b [1,0] to tallies.v1",
        "stop first",
        "start second",
        "second sends counter/a [2,0] to tallies.v1",
        "stop second",
    ]


async def test_a_broker_that_is_away_is_looked_for_again_at_the_next_send() -> None:
    broker = Broker()
    broker.add("first", finds_no_broker=True)
    broker.add("second")
    publisher = KafkaPublisher(broker.make)
    with pytest.raises(KafkaConnectionError):
        await publisher.keep({"a": Pair(1, 0)})
    await publisher.keep({"a": Pair(1, 0)})
    assert broker.done[:3] == ["start first", "stop first", "start second"]
