"""Say which touchpoint got worse: falling_touchpoint.py BOOTSTRAP TOPIC.

A touchpoint got worse when more people leave at it, or fewer are satisfied with it, than in the
window before, and the two intervals do not even touch. Windows are whole days that are over.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer

Message = dict[str, Any]
# What is watched, and whether more of it is worse.
MORE_IS_WORSE = {"step_dropoff": True, "satisfaction.linear": False}
WINDOW = "day"


class Touchpoints:
    """The days of every touchpoint that can be compared."""

    def __init__(self) -> None:
        self.days: dict[str, dict[datetime, Message]] = {}
        self.told: set[str] = set()

    def take(self, key: str, told: Message | None) -> Iterator[str]:
        """Take one record; what got worse, once for each day, as a sentence."""
        if key.split("/", 1)[0] not in MORE_IS_WORSE or f"/{WINDOW}/" not in key:
            return
        series, start = key.rsplit("/", 1)
        days = self.days.setdefault(series, {})
        days.pop(datetime.fromisoformat(start), None)
        if told is None or not can_be_compared(told):
            return
        days[datetime.fromisoformat(start)] = told
        yesterday = [
            day for day in days.values() if same_time(day["period_end"], told["period_start"])
        ]
        for before in yesterday:
            if got_worse(before, told) and key not in self.told:
                self.told.add(key)
                yield sentence(before, told)


def can_be_compared(told: Message) -> bool:
    """Whether a day of a touchpoint is over, and has an interval of enough people."""
    is_over = moment(told.get("watermark", told["period_start"])) >= moment(told["period_end"])
    return "touchpoint" in told["dimensions"] and told["state"] == "ok" and is_over


def got_worse(before: Message, now: Message) -> bool:
    """Whether the worse end of before is better than the better end of now."""
    if MORE_IS_WORSE[now["metric_id"]]:
        return bool(now["ci_low"] > before["ci_high"])
    return bool(now["ci_high"] < before["ci_low"])


def sentence(before: Message, now: Message) -> str:
    """What happened, for somebody who is woken by it."""
    of = now["dimensions"]
    return (
        f"{of['service']}, {of['touchpoint']}: {now['metric_id']} went from {before['value']:.0%} "
        f"({before['ci_low']:.0%} to {before['ci_high']:.0%}) to {now['value']:.0%} "
        f"({now['ci_low']:.0%} to {now['ci_high']:.0%}), n={now['n']}"
    )


def moment(text: str) -> datetime:
    """The instant a text names."""
    return datetime.fromisoformat(text)


def same_time(one: str, other: str) -> bool:
    """Whether two texts name the same instant: one topic may write it in two ways."""
    return moment(one) == moment(other)


async def main(bootstrap: str, topic: str) -> None:
    """Read the topic from its beginning, and go on."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    touchpoints = Touchpoints()
    await consumer.start()
    try:
        async for record in consumer:
            told = json.loads(record.value) if record.value else None
            for worse in touchpoints.take(record.key.decode(), told):
                print(worse, flush=True)
    finally:
        await consumer.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
