"""What every use case of ingest sends, and the port it goes through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.audit import DecisionRecord
from schemas.codec import encode
from schemas.topics import AUDIT


class PublishFailed(Exception):
    """Not acknowledged in time, or too much is on its way already. It may still arrive: whoever
    tries again makes a duplicate, which the journey service finds.
    """


class TopicMissing(PublishFailed):
    """A topic does not exist: only whoever provisions can mend that."""


@dataclass(frozen=True, slots=True)
class Message:
    """One record for Kafka; without a partition the key decides."""

    topic: str
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()
    partition: int | None = None

    @property
    def size(self) -> int:
        """Bytes of key and value."""
        return len(self.key or b"") + len(self.value)


def on_audit(record: DecisionRecord) -> Message:
    """What puts a decision on record."""
    return Message(AUDIT, record.id.encode(), encode(record))


class Publisher(Protocol):
    """Sends to Kafka."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when every message is acknowledged; raises PublishFailed."""

    async def partitions(self, topic: str) -> Sequence[int]:
        """The partitions of a topic; raises PublishFailed when they cannot be learnt."""


class Way(Protocol):
    """What can be told of the way to Kafka before anything is sent."""

    @property
    def is_closed(self) -> bool:
        """Whether another publish would be refused at once, however small."""

    @property
    def fullness(self) -> float:
        """How much of what may be on its way is, from 0 to 1, or how long Kafka has been silent."""
