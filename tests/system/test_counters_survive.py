"""No counter falls and none grows for nothing, as a real Prometheus sees it with our own scrape
configuration: processes are killed, Redis is emptied, everything is started again.
"""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from redis import Redis

from deploy.local.ports import LOOPBACK
from deploy.local.process import Processes
from deploy.local.redis import LocalRedis
from tests.integration.metrics_under_test import Metrics
from tests.integration.prometheus_server import RealPrometheus
from tests.real import MakeKafka
from tests.system.journeys_traffic import Traffic, pairs, snapshots
from tests.system.mistreated import Mistreated
from tests.system.remembered import nets

_SOME_TAKEN_BACK = "sum(throughline_journeys_ended_retracted_total) > 20"
pytestmark = [
    pytest.mark.kafka,
    pytest.mark.redis,
    pytest.mark.prometheus,
    pytest.mark.timeout(600),
]


@pytest.fixture
def world(
    private_kafka: MakeKafka,
    private_redis: LocalRedis,
    processes: Processes,
    prometheus_program: str,
    tmp_path: Path,
) -> Iterator[Mistreated]:
    kafka = private_kafka()
    settings = {"KAFKA_BOOTSTRAP": kafka.bootstrap, "REDIS_URL": private_redis.url}
    one, other = (Metrics(processes, tmp_path, settings, name) for name in ("one", "other"))
    addresses = {"metrics": ",".join(f"{LOOPBACK}:{process.port}" for process in (one, other))}
    folder = tmp_path / "server"
    with RealPrometheus.running(prometheus_program, folder, processes, addresses) as server:
        yield Mistreated(kafka, private_redis, server, one, other)
    for process in (one, other):
        if process.child is not None and process.child.exit_code is None:
            process.stop()


def test_no_counter_falls_or_grows_for_nothing_whatever_dies(world: Mistreated) -> None:
    began = time.monotonic()
    world.start()
    with Traffic(world.kafka.bootstrap) as traffic:
        world.kill_owners_of_two(2)
        world.kill_the_only_one()
        world.empty_redis()
        world.rebuild_by_hand()
        world.start_all_again(traffic)
    must = pairs(snapshots(world.kafka.bootstrap))
    world.until(lambda: world.seen(began).grown() == nets(must))
    seen = world.seen(began)
    assert {values[0] for values in seen.samples.values()} == {0}
    assert seen.falls() == []
    assert seen.beyond(must) == []
    assert [s for s, n in world.judged(began, "resets").items() if n] == []
    increased = world.judged(began, "increase")
    assert [s for s, n in increased.items() if n > seen.most_increase(s)] == []
    assert sum(pair.retracted for pair in must.values()) > 1000, "nothing was ever taken back"


def fell(world: Mistreated, since: float) -> list[str]:
    """Where, if anywhere, a counter did since then."""
    return world.seen(since).falls()


def test_a_fall_is_seen_where_pairs_are_not_kept_or_not_gone_on_from(world: Mistreated) -> None:
    """The control: the same service, but for what makes its counters go on."""
    for name in ("unkept", "plain"):
        began = time.monotonic()
        world.one.program = ("tests.system.metrics_stand_in", name)
        world.one.start()
        with Traffic(world.kafka.bootstrap):
            world.until(lambda: world.server.ask(_SOME_TAKEN_BACK))
        world.one.kill()
        with Redis.from_url(world.redis.url) as client:
            client.flushall()
        world.one.start()
        world.until(partial(fell, world, began))
        assert any(world.judged(began, "resets").values()), name
        world.one.kill()
