"""The programs of docs/subscribe.md read a real topic, each as a subscriber runs it."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from deploy.local.kafka import LocalKafka
from deploy.local.process import ROOT, Processes, Program
from schemas.codec import encode
from schemas.journey import Account
from schemas.metric import ClockProgress, Dimensions, MetricMessage, key_of
from schemas.topics import METRICS_INTERNAL
from schemas.vocabulary import Level, PeriodKind, PublishState
from tests.real import MakeTopic

pytestmark = pytest.mark.kafka
EXAMPLES = ROOT / "docs" / "examples"
MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
DAY = timedelta(days=1)
APPLY = Dimensions(agency="town", service="permit", touchpoint="apply")
Record = tuple[str, bytes | None]


def message(
    day: datetime, value: float | None, half: float, of: Dimensions = APPLY, **changes: Any
) -> Record:
    """A day's number with its interval."""
    told = {
        "metric_id": "step_dropoff",
        "period": PeriodKind.DAY,
        "period_start": day,
        "period_end": day + DAY,
        "time_zone": "UTC",
        "watermark": day + DAY,
        "level": Level.TOUCHPOINT,
        "dimensions": of,
        "n": 400,
        "value": value,
        "ci_low": None if value is None else value - half,
        "ci_high": None if value is None else value + half,
        "ci_method": "wilson",
        "state": PublishState.OK,
        "clocks": ("live",),
    }
    made = MetricMessage(**(told | changes))
    return key_of(made), encode(made)


def progress() -> Record:
    account = Account(applied=1, duplicate=0, late=0, rejected={})
    told = ClockProgress(
        clock="live",
        watermark=MONDAY + 3 * DAY,
        last=False,
        account=account,
        partitions=4,
        partitions_caught_up=4,
        sent_at=MONDAY + 3 * DAY,
    )
    return "progress/live", encode(told)


def write(bootstrap: str, topic: str, records: Sequence[Record]) -> None:
    asyncio.run(_write(bootstrap, topic, records))


async def _write(bootstrap: str, topic: str, records: Sequence[Record]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        for key, value in records:
            await producer.send_and_wait(topic, value, key.encode())
    finally:
        await producer.stop()


def lines(processes: Processes, script: str, arguments: Sequence[str], last: str) -> list[str]:
    """What a program says up to its line with `last`; then it is ended."""
    command = [sys.executable, str(EXAMPLES / script), *arguments]
    child = processes.start(Program(script, command, folder=ROOT))
    assert child.wait_for(last, 30), child.account()
    child.stop()
    processes.forget(child)
    return child.log.read_text(encoding="utf-8").splitlines()


def test_the_quick_start_prints_the_numbers_of_one_service_and_how_far_they_are(
    kafka: LocalKafka, make_topic: MakeTopic, processes: Processes
) -> None:
    topic = make_topic(METRICS_INTERNAL)
    other = Dimensions(agency="town", service="parking", touchpoint="pay")
    hidden = message(MONDAY + DAY, 0.5, 0.1, state=PublishState.SUPPRESSED)
    nobody = message(MONDAY, None, 0, n=0, metric_id="ease")
    shown, gone = message(MONDAY, 0.25, 0.05), (message(MONDAY - DAY, 0.3, 0.1)[0], None)
    records = [shown, message(MONDAY, 0.9, 0.01, other), hidden, nobody, gone, progress()]
    write(kafka.bootstrap, topic, records)
    arguments = [kafka.bootstrap, topic, "permit"]
    assert lines(processes, "newest_numbers.py", arguments, "as of") == [
        f"{shown[0]} 0.25 (0.2 to 0.3, n=400, ok)",
        f"{nobody[0]} None (None to None, n=0, ok)",
        f"no longer told: {gone[0]}",
        "as of 2026-10-08T00:00:00Z on clock live",
    ]


def test_the_example_says_which_touchpoint_got_worse_once_and_no_other(
    kafka: LocalKafka, make_topic: MakeTopic, processes: Processes
) -> None:
    topic = make_topic(METRICS_INTERNAL)
    tuesday = MONDAY + DAY
    steady, better, few, running, answers, last = (
        Dimensions(agency="town", service="permit", touchpoint=name)
        for name in ("steady", "better", "few", "running", "answers", "last")
    )
    opinion = {"metric_id": "satisfaction.linear"}
    records = [
        message(MONDAY, 0.10, 0.02),
        message(MONDAY, 0.10, 0.02, steady),
        message(MONDAY, 0.30, 0.02, better),
        message(MONDAY, 0.10, 0.02, few),
        message(MONDAY, 0.10, 0.02, running),
        message(MONDAY, 0.80, 0.02, answers, **opinion),
        message(tuesday, 0.18, 0.02),
        message(tuesday, 0.18, 0.02),  # at least once: it is told once
        message(tuesday, 0.13, 0.02, steady),
        message(tuesday, 0.10, 0.02, better),
        message(tuesday, 0.50, 0.02, few, state=PublishState.LOW_N),
        message(tuesday, 0.50, 0.02, running, watermark=tuesday + DAY / 2),
        message(tuesday, 0.70, 0.02, answers, n=9, **opinion),
        message(tuesday + 5 * DAY, 0.90, 0.02),  # not the day after
        message(MONDAY, 0.10, 0.02, last),
        message(tuesday, 0.90, 0.02, last),
    ]
    write(kafka.bootstrap, topic, records)
    said = lines(processes, "falling_touchpoint.py", [kafka.bootstrap, topic], "permit, last")
    assert said == [
        "permit, apply: step_dropoff went from 10% (8% to 12%) to 18% (16% to 20%), n=400",
        "permit, answers: satisfaction.linear went from 80% (78% to 82%) to 70% (68% to 72%), n=9",
        "permit, last: step_dropoff went from 10% (8% to 12%) to 90% (88% to 92%), n=400",
    ]


def test_kcat_prints_key_and_message(
    kafka: LocalKafka, make_topic: MakeTopic, kcat_program: str
) -> None:
    topic = make_topic(METRICS_INTERNAL)
    key, value = message(MONDAY, 0.25, 0.05)
    write(kafka.bootstrap, topic, [(key, value)])
    page = Path("docs/subscribe.md").read_text(encoding="utf-8")
    [command] = re.findall(r"```sh\nkcat (.*?)\n```", page)
    shown = command.replace("127.0.0.1:9092", kafka.bootstrap).replace(METRICS_INTERNAL, topic)
    arguments = [each.strip("'") for each in re.findall(r"'[^']*'|\S+", shown)]
    done = subprocess.run([kcat_program, *arguments], capture_output=True, timeout=60, check=True)
    assert done.stdout == f"{key} ".encode() + (value or b"") + b"\n"
