"""One process at a time shows the counters: on a real Redis and on the one the unit tests use."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis

from services.metrics.adapters.lease import Lease
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.adapters.redis_lock import RedisLock

Make = Callable[[float], Lease]


@pytest.fixture
def place(redis_prefix: str) -> Place:
    return Place("cluster", 1, redis_prefix)


@pytest.fixture(params=["fakeredis", "redis"])
async def redis(request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    if request.param == "fakeredis":
        async with FakeAsyncRedis() as fake:
            yield fake
    else:
        async with Redis.from_url(request.getfixturevalue("redis_url")) as client:
            yield client


@pytest.fixture
def make(redis: Redis, place: Place) -> Make:
    return lambda seconds: Lease(RedisLock(redis, place.showing, seconds))


async def test_the_next_takes_it_when_the_first_has_been_silent_for_as_long(make: Make) -> None:
    first, second = make(0.2), make(60)
    assert await first.take()
    assert await first.renew()
    assert not await second.take()
    async with asyncio.timeout(10):
        while not await second.take():
            assert not second.is_held
            await asyncio.sleep(0.01)
    assert not first.is_held
    assert not await first.renew()


async def test_who_slept_longer_than_it_lasts_begins_anew(redis: Redis, place: Place) -> None:
    """Though nobody took it: somebody may have, and have given it back."""
    now = [0.0]
    lease = Lease(RedisLock(redis, place.showing, 60), lambda: now[0])
    assert await lease.take()
    now[0] = 59
    assert await lease.renew()
    now[0] = 119
    assert not lease.is_held
    assert not await lease.renew()
    assert await lease.take()


async def test_the_next_takes_it_at_once_when_it_is_given_back(make: Make) -> None:
    first, second, third = make(60), make(60), make(60)
    assert await first.take()
    await first.give_back()
    assert not first.is_held
    assert await second.take()
    await first.give_back()
    assert not await third.take()


async def test_it_outlives_a_generation(make: Make, redis: Redis, place: Place) -> None:
    first, second = make(60), make(60)
    generations = RedisGenerations(redis, place)
    assert await first.take()
    assert await generations.hold("g1")
    assert await generations.switch("g1")
    assert not await second.take()


async def test_a_redis_that_was_emptied_has_nobody_hold_it(
    make: Make, redis: Redis, place: Place
) -> None:
    first, second = make(60), make(60)
    assert await first.take()
    await redis.delete(place.showing)
    assert not await first.renew()
    assert not first.is_held
    assert await second.take()


async def test_to_take_it_twice_is_to_hold_it(redis: Redis, place: Place) -> None:
    """The client asks again when an answer is lost."""
    lock = RedisLock(redis, place.showing, 60)
    assert await lock.hold("a")
    assert await lock.hold("a")
    assert not await lock.hold("b")
