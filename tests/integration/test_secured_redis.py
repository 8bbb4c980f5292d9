"""A Redis with TLS and users: ours does what metrics does and nothing else, and whoever is not let
in is told what to do.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError

from deploy.local.process import Processes
from services.metrics.adapters.redis_client import client_of, must_let_in
from services.metrics.adapters.redis_generations import RedisGenerations
from services.metrics.adapters.redis_keys import Place
from services.metrics.settings import Settings, StartRefused
from tests.integration import secured_redis
from tests.integration.secured_redis import SecuredRedis

pytestmark = pytest.mark.redis
PLACE = Place("a-cluster", 1)


@pytest.fixture(scope="module")
def server(
    processes: Processes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecuredRedis]:
    with secured_redis.running(tmp_path_factory.mktemp("redis-secured"), processes) as found:
        yield found


@asynccontextmanager
async def client(server: SecuredRedis, **changes: object) -> AsyncIterator[Redis]:
    known = {"redis_url": server.url, "redis_user_file": server.user, "redis_ca_file": server.ca}
    async with client_of(Settings.model_validate(known | changes)) as redis:
        yield redis


async def test_the_user_may_keep_generations_and_nothing_else(server: SecuredRedis) -> None:
    async with client(server) as redis:
        await must_let_in(redis)
        generations = RedisGenerations(redis, PLACE)
        assert await generations.hold("g1")
        assert await generations.switch("g1")
        assert await generations.current() == "g1"
        for command in ("FLUSHALL", "KEYS *", "CONFIG GET *", "ACL LIST", "EVAL return 0"):
            with pytest.raises(NoPermissionError):
                await redis.execute_command(*command.split())  # type: ignore[no-untyped-call]
        with pytest.raises(NoPermissionError, match="access one of the keys"):
            await redis.get("somebody-elses")


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        ("password", "does not know this user with this password; compare THROUGHLINE_REDIS_USER"),
        ("no user", "asks who we are; write user:password into a file"),
        (
            "authority",
            "certificate is not to be trusted .* name who signed it in THROUGHLINE_REDIS",
        ),
    ],
)
async def test_who_is_not_let_in_is_told_what_to_do(
    server: SecuredRedis, tmp_path: Path, wrong: str, advice: str
) -> None:
    (tmp_path / "guessed").write_text("metrics:guessed", encoding="utf-8")
    changes: dict[str, dict[str, object]] = {
        "password": {"redis_user_file": tmp_path / "guessed"},
        "no user": {"redis_user_file": None},
        "authority": {"redis_ca_file": None},
    }
    async with client(server, **changes[wrong]) as redis:
        with pytest.raises(StartRefused, match=advice):
            await must_let_in(redis)


async def test_one_that_is_away_is_waited_for() -> None:
    async with client_of(Settings(redis_url="redis://127.0.0.1:1/0")) as redis:
        await must_let_in(redis)
