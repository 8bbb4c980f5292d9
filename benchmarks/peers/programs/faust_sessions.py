"""Sessions with stock Faust: Faust has no session windows, so a Table keeps each citizen's list."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from typing import cast

import faust

GAP = 30 * 60 * 1000

# [first, last, count] of each session of a citizen; times are milliseconds since 1970.
Sessions = Sequence[Sequence[int]]

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


def inserted(known: Sessions, time: int) -> Sessions:
    """Put an event into the session it is near, which may join two."""
    near = [one for one in known if one[0] - GAP <= time <= one[1] + GAP]
    apart = [one for one in known if one not in near]
    first = min([time, *(one[0] for one in near)])
    last = max([time, *(one[1] for one in near)])
    return [*apart, [first, last, 1 + sum(one[2] for one in near)]]


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
