"""What the outside has heard from us, read back from the topics it was told on."""

from schemas.codec import SchemaViolation, decode
from schemas.metric import MetricMessage
from services.metrics.adapters.booking import BOOKED, booked_in
from services.metrics.adapters.kafka_log import KafkaLog
from services.metrics.adapters.kafka_publisher import COUNTER, PROGRESS, KafkaPublisher, pair_in
from services.metrics.domain.blocks import Block
from services.metrics.domain.pairs import Pair, Pairs


class KafkaMemory:
    """tallies.v1 and metrics.internal.v1."""

    def __init__(self, tallies: KafkaLog, messages: KafkaLog, publisher: KafkaPublisher) -> None:
        self._tallies = tallies
        self._messages = messages
        self._publisher = publisher

    async def pairs(self) -> dict[str, Pair]:
        """The running pairs that were acknowledged. Of a counter the largest there is: a process
        that was frozen may have written an older one last.
        """
        prefix, found = COUNTER.encode(), dict[str, Pair]()
        async for _, records in self._tallies.read(*await self._tallies.span()):
            for record in records:
                if record.key and record.value and record.key.startswith(prefix):
                    name = record.key.removeprefix(prefix).decode()
                    found[name] = pair_in(record.value).at_least(found.get(name, Pair()))
        return found

    async def booked(self) -> dict[Block, dict[str, int]]:
        """The sums of all months that were frozen and booked."""
        newest, prefix = await self._tallies.newest(), BOOKED.encode()
        return booked_in((k, v) for k, v in newest.items() if v and k.startswith(prefix))

    async def messages(self) -> list[MetricMessage]:
        """The newest message of every key; one of an older contract is as if it were not there."""
        found = []
        for key, value in (await self._messages.newest()).items():
            if value is not None and not key.startswith(PROGRESS.encode()):
                try:
                    found.append(decode(MetricMessage, value))
                except SchemaViolation:
                    continue
        return found

    async def keep(self, pairs: Pairs) -> None:
        """Write running pairs; returns when the broker has them."""
        await self._publisher.keep(pairs)
