"""Sessions with Bytewax: its session windower, and SQLite snapshots for recovery.

It ends when it has read the topic to its end: only then are the last sessions closed.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from bytewax import operators  # type: ignore[import-not-found]
from bytewax.connectors.kafka import KafkaSinkMessage, KafkaSourceMessage  # type: ignore[import-not-found]
from bytewax.connectors.kafka import operators as kafka
from bytewax.dataflow import Dataflow  # type: ignore[import-not-found]
from bytewax.operators import windowing  # type: ignore[import-not-found]
from bytewax.recovery import RecoveryConfig, init_db_dir  # type: ignore[import-not-found]
from bytewax.run import cli_main  # type: ignore[import-not-found]

GAP = timedelta(minutes=30)
DISORDER = timedelta(seconds=60)
BROKERS = [os.environ["PEER_BOOTSTRAP"]]


class Event(msgspec.Struct):
    """What a channel reports about a citizen; time is in milliseconds since 1970."""

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


# First and last event in milliseconds since 1970, and how many.
Session = tuple[int, int, int]
_NOTHING: Session = (2**63, 0, 0)
_decoder = msgspec.json.Decoder(Event)


def keyed(message: KafkaSourceMessage) -> tuple[str, Event]:
    """Decode."""
    event = _decoder.decode(message.value)
    return event.citizen, event


def time_of(event: Event) -> datetime:
    """When it happened."""
    return datetime.fromtimestamp(event.time / 1000, UTC)


def folded(session: Session, event: Event) -> Session:
    """Take one more event in."""
    if event.citizen.startswith("marker"):
        print(event.citizen, flush=True)
    first, last, count = session
    return min(first, event.time), max(last, event.time), count + 1


def merged(one: Session, other: Session) -> Session:
    """Two sessions that an event has joined."""
    return min(one[0], other[0]), max(one[1], other[1]), one[2] + other[2]


def told(closed: tuple[str, tuple[int, Session]]) -> KafkaSinkMessage:
    """One record per session."""
    citizen, (_, (first, last, count)) = closed
    return KafkaSinkMessage(f"{citizen}@{first}@{last}".encode(), str(count).encode())


def sessions() -> Dataflow:
    """From events to closed sessions."""
    flow = Dataflow("sessions")
    read = kafka.input(
        "read", flow, brokers=BROKERS, topics=[os.environ["PEER_EVENTS"]], tail=False
    )
    citizens = operators.map("decode", read.oks, keyed)
    windows = windowing.fold_window(
        "fold",
        citizens,
        windowing.EventClock(time_of, wait_for_system_duration=DISORDER),
        windowing.SessionWindower(gap=GAP),
        lambda: _NOTHING,
        folded,
        merged,
        ordered=False,
    )
    messages = operators.map("tell", windows.down, told)
    kafka.output("write", messages, brokers=BROKERS, topic=os.environ["PEER_SESSIONS"])
    return flow


if __name__ == "__main__":
    snapshots = Path(os.environ["PEER_FOLDER"])
    if not any(snapshots.iterdir()):
        init_db_dir(snapshots, 1)
    cli_main(sessions(), recovery_config=RecoveryConfig(snapshots))
