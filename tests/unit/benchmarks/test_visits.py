import json
from datetime import UTC, datetime

from benchmarks.peers.visits import MARKER, Visits

VISITS = Visits(1_000, 20, datetime(2026, 1, 5, tzinfo=UTC), rounds=10)


def test_the_same_seed_gives_the_same_records() -> None:
    assert list(VISITS.records()) == list(VISITS.records())


def test_the_records_are_the_times_and_a_marker_in_every_partition_after_each_round() -> None:
    records = list(VISITS.records())
    markers = [one for one in records if one.key.startswith(MARKER.encode())]
    events = [json.loads(one.value) for one in records if one not in markers]
    assert [(event["citizen"], event["time"]) for event in events] == list(VISITS.times())
    assert len(markers) == 10 * VISITS.partitions


def test_the_last_record_of_every_partition_is_its_last_marker() -> None:
    last = {one.partition: one.key.decode() for one in VISITS.records()}
    assert frozenset(last.values()) == VISITS.last_markers()


def test_a_citizen_is_always_in_the_same_partition() -> None:
    places = {(one.key, one.partition) for one in VISITS.records()}
    assert len(places) == len({key for key, _ in places})


def test_an_event_is_about_270_bytes() -> None:
    assert all(255 < len(one.value) < 285 for one in VISITS.records())


def test_a_share_keeps_the_events_of_a_citizen_as_many() -> None:
    share = VISITS.share(0.1)
    assert (share.events, share.citizens) == (100, 2)
