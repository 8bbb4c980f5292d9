"""Metrics on servers of its own beside a real Prometheus, and what may befall it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from redis import Redis

from deploy.local.kafka import LocalKafka
from deploy.local.redis import LocalRedis
from tests.integration.metrics_under_test import Metrics
from tests.integration.prometheus_server import RealPrometheus
from tests.system.journeys_traffic import Traffic
from tests.system.remembered import Remembered, Series, judged, remembered

_STARTED = "sum(throughline_journeys_started_total)"
_PATIENCE_SECONDS = 180  # on a machine that others use; a rebuild took a minute there


@dataclass
class Mistreated:
    """Two processes at most; Prometheus knows both addresses. What befalls it ends with the
    service at work again: Prometheus has scraped more than before.
    """

    kafka: LocalKafka
    redis: LocalRedis
    server: RealPrometheus
    one: Metrics
    other: Metrics

    def start(self) -> None:
        """One process; returns when the zeros that it begins with were scraped."""
        self.one.start()
        self.until(lambda: self.server.ask(_STARTED))

    def kill_owners_of_two(self, times: int) -> None:
        """End whoever shows the counters while another counts too; then that one leaves."""
        self.other.start()
        for _ in range(times):
            self._until_both_ready()
            owner = self._owner()
            owner.kill()
            self.until_grown()
            owner.start()
        self._until_both_ready()
        assert self.other.stop() == 0
        self.until_grown()

    def kill_the_only_one(self) -> None:
        """End it as a crash would, and start it again."""
        self.one.kill()
        self.one.start()
        self.until_grown()

    def empty_redis(self) -> None:
        """Lose all that is in our own Redis."""
        with Redis.from_url(self.redis.url) as client:
            client.flushall()
            self.until(lambda: _counts(client))
        self.until_grown()

    def rebuild_by_hand(self) -> None:
        """`metrics rebuild`, beside the service."""
        one = self.one
        child = Metrics(one.processes, one.folder, one.settings, "rebuild").start("rebuild")
        self.until(lambda: child.exit_code is not None)
        assert child.exit_code == 0, child.account()
        one.processes.forget(child)
        self.until_grown()

    def start_all_again(self, traffic: Traffic) -> None:
        """Both processes and the servers end at once and begin; Redis has forgotten all."""
        self.other.start()
        with traffic.paused():
            self.one.kill()
            self.other.kill()
            self.redis.kill()
            self.kafka.kill()
            self.kafka.resume()
            self.redis.resume()
            self.one.start()
            self.other.start()
        self.until_grown()

    def until_grown(self) -> None:
        """Until Prometheus has scraped more than it had when this was called."""
        before = self._started()
        self.until(lambda: self._started() > before)

    def until(self, holds: Callable[[], object]) -> None:
        """Ask until it holds; a process that ends by itself is told with its last words."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            for child in [p.child for p in (self.one, self.other) if p.child is not None]:
                assert child.exit_code in (None, -9, 0), child.account()
                assert time.monotonic() < deadline, child.account()
            time.sleep(0.2)

    def seen(self, since: float) -> Remembered:
        """What Prometheus remembers since an instant of the monotonic clock."""
        return remembered(self.server, _seconds(since))

    def judged(self, since: float, function: str) -> dict[Series, float]:
        """What a function of Prometheus says of each series."""
        return judged(self.server, _seconds(since), function)

    def _until_both_ready(self) -> None:
        both = (self.one, self.other)
        self.until(lambda: all(process.get("/readyz")[0] == 200 for process in both))

    def _owner(self) -> Metrics:
        self.until(lambda: self.one.samples() or self.other.samples())
        return self.one if self.one.samples() else self.other

    def _started(self) -> float:
        return sum((float(s["value"][1]) for s in self.server.ask(_STARTED)), 0.0)


def _seconds(since: float) -> int:
    return int(time.monotonic() - since) + 1


def _counts(client: Redis) -> bool:
    """Whether a generation counts, and does not stand still for another."""
    named = [client.get(key) for key in client.keys("*:generation")]
    return any(isinstance(name, bytes) and not name.startswith(b"paused") for name in named)
