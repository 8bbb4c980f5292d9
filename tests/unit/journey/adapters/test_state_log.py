"""What the records of a state log come to."""

import struct
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from services.journey.adapters.state_log import Replay
from tests.journey_worker.memory_kafka import consumer_record


def _record(key: bytes, value: bytes | None, upto: int) -> ConsumerRecord[Any, Any]:
    return consumer_record(upto, key=key, value=value, headers=[("upto", struct.pack(">q", upto))])


def test_a_foreign_record_in_the_midst_of_others_changes_nothing_but_is_remembered() -> None:
    replay = Replay({}, -1)
    replay.read([_record(b"a", b"1", 5), _record(b"a", b"0", 3), _record(b"b", b"2", 5)])
    assert (replay.rows, replay.foreign, replay.records) == ({b"a": b"1", b"b": b"2"}, {b"a"}, 3)


def test_what_was_read_before_decides_what_is_foreign() -> None:
    replay = Replay({b"a": b"1"}, 7)
    replay.read([_record(b"a", b"0", 6)])
    replay.read([_record(b"b", b"2", 8)])
    replay.read([_record(b"a", None, 7)])
    assert (replay.rows, replay.foreign) == ({b"a": b"1", b"b": b"2"}, {b"a"})


def test_a_record_that_does_not_say_of_which_step_it_is_stops_recovery() -> None:
    with pytest.raises(ValueError, match="the record at offset 0 has no header upto"):
        Replay({}, -1).read([consumer_record(0)])
