"""Snapshots on a real broker become counters, messages and progress."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.local.process import Processes
from deploy.local.redis import LocalRedis
from tests.integration.metrics_under_test import (
    PARTITIONS,
    Metrics,
    heard,
    send,
    sending,
    total,
)
from tests.real import MakeKafka
from tests.unit.metrics.snapshots import START, bucket, ended, journey, progress

END = START + timedelta(days=40)


@pytest.fixture
async def metrics(
    private_kafka: MakeKafka, private_redis: LocalRedis, processes: Processes, tmp_path: Path
) -> AsyncIterator[Metrics]:
    """A service that was sent 40 journeys, 30 of them complete, and three unlinked visits."""
    bootstrap = private_kafka().bootstrap
    settings = {"KAFKA_BOOTSTRAP": bootstrap, "REDIS_URL": private_redis.url}
    started = Metrics(processes, tmp_path, settings)
    started.start()
    async with sending(bootstrap) as producer:
        await send(producer, [journey(str(n)) for n in range(40)])
        await send(producer, [ended(str(n), status="final") for n in range(30)])
        await send(producer, [bucket(final=True)])
        await send(producer, [progress(END, partition=p) for p in range(PARTITIONS)])
    yield started
    assert started.stop() == 0


async def test_snapshots_become_counters(metrics: Metrics) -> None:
    samples = metrics.until(lambda found: total(found) == 30)
    assert total(samples, "throughline_journeys_started") == 40
    assert total(samples, "throughline_touchpoint_events") == 43


async def test_snapshots_become_messages_up_to_the_progress(metrics: Metrics) -> None:
    bootstrap = metrics.settings["KAFKA_BOOTSTRAP"]
    messages, progress = await heard(
        bootstrap, lambda found: "live" in found and found["live"].watermark == END
    )
    assert progress["live"].partitions == PARTITIONS
    months = {m.metric_id: m for m in messages.values() if m.period == "month"}
    rate, gds = months["completion_within.1d"], months["completion_rate.gds"]
    assert (rate.numerator, rate.denominator, rate.value, rate.flags) == (30, 40, 0.75, ())
    assert (gds.value, gds.ci_low, gds.ci_high, gds.ci_method) == (None, 0.75, 1.0, "bounds")
