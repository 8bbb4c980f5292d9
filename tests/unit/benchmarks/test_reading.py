import json

from benchmarks.peers.ours import lives, told
from benchmarks.peers.reading import tabled, upserted


def test_the_last_count_of_a_session_stands_and_a_tombstone_takes_it_back() -> None:
    pairs = [
        (b"a@1@2", b"2"),
        (b"a@1@2", None),
        (b"a@1@5", b"3"),
        (b"a@1@5", b"4"),
        (b"marker-7-0@1@1", b"1"),
    ]
    assert upserted(pairs) == {("a", 1, 5): 4}


def test_a_table_is_its_last_value_of_each_key_without_markers() -> None:
    pairs = [
        (b'"a"', b"[[1, 2, 2]]"),
        (b'"a"', b"[[1, 2, 2], [9, 9, 1]]"),
        (b'"b"', b"[[3, 3, 1]]"),
        (b'"b"', None),
        (b'"marker-7-0"', b"[[1, 1, 1]]"),
    ]
    assert tabled(pairs) == {("a", 1, 2): 2, ("a", 9, 9): 1}


def _journey(entries: int, first: str, last: str, superseded_by: str | None = None) -> bytes:
    visits = [{"first": f"2026-01-05T{first}Z", "last": f"2026-01-05T{last}Z"}]
    journey = {
        "pseudonym": "a",
        "entries": entries,
        "touchpoints": visits,
        "superseded_by": superseded_by,
    }
    return json.dumps(journey).encode()


def test_our_journeys_of_a_citizen_come_to_his_events_as_they_arrived() -> None:
    events = [(b"a", f'{{"time": "2026-01-05T{at}Z"}}'.encode()) for at in ("08:00", "07:00")]
    snapshots = [
        (b"1", _journey(1, "07:00", "07:00")),
        (b"2", _journey(1, "08:00", "08:00")),
        (b"3", _journey(9, "06:00", "09:00", superseded_by="1")),
        (b"4", b'{"clock": "live"}'),
    ]
    assert told(snapshots) == lives(events)
