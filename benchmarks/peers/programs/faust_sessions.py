"""Sessions with stock Faust: Faust has no session windows, so a Table keeps each citizen's list."""

import os
import sys
from collections.abc import AsyncIterator
from typing import cast

import faust

from benchmarks.peers.programs.insertion import inserted

Arrivals = AsyncIterator[tuple[str, "Event"]]

app = faust.App(
    os.environ["PEER_NAME"],
    broker=f"kafka://{os.environ['PEER_BOOTSTRAP']}",
    datadir=os.environ["PEER_FOLDER"],
    store="memory://",
    topic_partitions=int(os.environ["PEER_PARTITIONS"]),
    topic_replication_factor=1,
    # So that a restart need not wait until the group has noticed the death.
    consumer_group_instance_id="one",
    web_enabled=False,
)


class Event(faust.Record, serializer="json"):
    """What a channel reports about a citizen."""

    id: str
    citizen: str
    time: int
    agency: str
    service: str
    touchpoint: str
    stage: str
    action: str
    channel: str
    initiator: str


events = app.topic(os.environ["PEER_EVENTS"], key_type=str, value_type=Event)
sessions = app.Table("sessions", key_type=str, default=list)


@app.agent(events)
async def sessionise(stream: faust.StreamT[Event]) -> None:
    """Keep the table, event by event."""
    async for citizen, event in cast(Arrivals, stream.items()):
        sessions[citizen] = inserted(sessions[citizen], event.time)
        if citizen.startswith("marker"):
            # Faust's worker makes a log line of what goes to sys.stdout.
            print(citizen, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    app.main()
