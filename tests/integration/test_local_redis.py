"""The Redis of a stack: real, and the stand-in that a demo falls back to."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from deploy.local.process import Processes
from deploy.local.redis import LocalRedis, RedisServer

STAND_IN = RedisServer(
    [sys.executable, "-m", "deploy.local.fake_redis"], "a stand-in", is_real=False
)


@pytest.fixture
def stand_in(tmp_path: Path, processes: Processes) -> Iterator[LocalRedis]:
    with LocalRedis.start(tmp_path, server=STAND_IN, processes=processes) as server:
        yield server


async def test_the_stand_in_goes_on_after_an_error(stand_in: LocalRedis) -> None:
    async with Redis.from_url(stand_in.url, single_connection_client=True) as client:
        await client.set("h", "text")
        with pytest.raises(ResponseError):
            await client.hget("h", "n")  # a string is no hash
        assert await client.ping()


async def test_the_stand_in_learns_a_script_it_does_not_know(stand_in: LocalRedis) -> None:
    async with Redis.from_url(stand_in.url) as client:
        script = client.register_script("return redis.call('HINCRBY', KEYS[1], ARGV[1], 2)")
        assert [await script(keys=["h"], args=["n"]) for _ in range(2)] == [2, 4]


def test_a_real_redis_that_keeps_remembers_after_a_kill(
    tmp_path: Path, processes: Processes, redis_server: LocalRedis
) -> None:
    real = redis_server.server
    with LocalRedis.start(tmp_path, keeps=True, server=real, processes=processes) as server:
        _set(server, b"7")
        server.kill()
        server.resume()
        assert _get(server) == b"7"


def test_a_redis_forgets_when_it_is_stopped(private_redis: LocalRedis) -> None:
    _set(private_redis, b"7")
    private_redis.stop()
    private_redis.resume()
    assert _get(private_redis) is None


def _set(server: LocalRedis, value: bytes) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.set("counter", value)


def _get(server: LocalRedis) -> object:
    with redis.Redis.from_url(server.url) as client:
        return client.get("counter")
