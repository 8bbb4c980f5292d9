"""What a user may really do: every operation on every topic and group, asked over one connection.

Each is what a client sends, and the answer is an error code: whether it is the one of access.
Nothing is written: what is sent is damaged, and that is looked at after who sent it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.protocol.commit import OffsetFetchRequest
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.protocol.group import HeartbeatRequest
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import DefaultRecordBatchBuilder

from schemas.kafka_access import KafkaAccess, client_options

Right = tuple[str, str]
_TOPIC_REFUSED, _GROUP_REFUSED = 29, 30
_NODE = 1


async def rights(access: KafkaAccess, topics: Sequence[str], groups: Sequence[str]) -> set[Right]:
    """Every (operation, topic or group) that was not refused."""
    async with _connected(access) as client:
        found = {("describe", name) for name in await _described(client, topics)}
        found |= {("read", name) for name in await _allowed(client, _fetch(topics))}
        found |= {("write", name) for name in await _allowed(client, _produce(topics))}
        for group in groups:
            asked = await client.send(_NODE, OffsetFetchRequest(group, None))
            found |= {("describe", group)} if asked.error_code != _GROUP_REFUSED else set()
            joined = await client.send(_NODE, HeartbeatRequest(group, 0, "nobody"))
            found |= {("read", group)} if joined.error_code != _GROUP_REFUSED else set()
    return found


@asynccontextmanager
async def _connected(access: KafkaAccess) -> AsyncIterator[AIOKafkaClient]:
    client = AIOKafkaClient(**client_options(access))
    await client.bootstrap()
    try:
        yield client
    finally:
        await client.close()


async def _described(client: AIOKafkaClient, topics: Sequence[str]) -> set[str]:
    answer = await client.send(
        _NODE, MetadataRequest(list(topics), allow_auto_topic_creation=False)
    )
    return {name for error, name, *_ in answer.topics if error != _TOPIC_REFUSED}


async def _allowed(client: AIOKafkaClient, request: Any) -> set[str]:
    answer = await client.send(_NODE, request)
    return {name for name, [(_partition, error, *_)] in answer.topics if error != _TOPIC_REFUSED}


def _fetch(topics: Sequence[str]) -> FetchRequest:
    return FetchRequest(0, 0, 2**20, 0, [(name, [(0, 0, 2**16)]) for name in topics])


def _produce(topics: Sequence[str]) -> ProduceRequest:
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 2**14)
    builder.append(0, 1_700_000_000_000, b"key", b"value", [])
    batch = bytes(builder.build())[:-1] + b"?"  # a wrong sum: who may write it is told so
    return ProduceRequest(None, -1, 10_000, [(name, [(0, batch)]) for name in topics])
