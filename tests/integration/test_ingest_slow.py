"""Slow clients are cut off, and hold nothing afterwards. Kafka is a fake here: HTTP is real."""

import asyncio

import pytest

from tests.integration.ingest_served import MAX_BODY_BYTES, served
from tests.unit.ingest.world import RecordingWorld, cloudevent, json

WEB = {"Authorization": "Bearer web-token"}
HEAD = b"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer web-token\r\n"
LONG = b"Content-Length: %d\r\n\r\n" % MAX_BODY_BYTES
PATIENCE = 0.3


async def answer(address: str, sent: bytes) -> bytes:
    """All that is told to who sends this and no more, until it is cut off."""
    port = int(address.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(20):
        told = await reader.readline()
    writer.close()
    return told


@pytest.mark.parametrize("sent", [b"", b"POST /v1", HEAD], ids=["nothing", "a word", "half a head"])
async def test_who_does_not_get_to_the_end_of_a_head_is_cut_off(sent: bytes) -> None:
    world = RecordingWorld()
    async with served(world, world, patience=PATIENCE) as running:
        assert await answer(running.public, sent) == b""


async def test_bodies_that_do_not_come_are_408_and_make_room_for_those_that_do() -> None:
    """As many as may be held at once, twice over."""
    world = RecordingWorld()
    slow = HEAD + LONG + b"[" + b" " * (MAX_BODY_BYTES - 2)
    async with served(world, world, patience=PATIENCE) as running:
        told = await asyncio.gather(*(answer(running.public, slow) for _ in range(8)))
        url = f"{running.public}/v1/events"
        async with running.client.post(url, data=json(cloudevent()), headers=WEB) as response:
            status = response.status
    assert {line.split()[1] for line in told} <= {b"408", b"503"}
    assert b"HTTP/1.1 408 Request Timeout\r\n" in told
    assert (status, len(world.messages)) == (200, 1)
