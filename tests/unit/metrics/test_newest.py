"""Of several versions in one batch the newest is read, unless an earlier one says more."""

from typing import Any

import pytest

from schemas.model import Contract
from services.metrics.domain.newest import Newest
from services.metrics.domain.reading import read
from tests.builders import uid
from tests.unit.metrics.snapshots import START, bucket, ended, journey, progress, record


def needed(*bodies: Contract | bytes) -> list[int]:
    """Which of these records are read, by their numbers from 0."""
    newest, found = Newest(), []
    for number, body in reversed(list(enumerate(bodies))):
        _, _, kind, key, value = record(0, journey() if isinstance(body, bytes) else body)
        value = body if isinstance(body, bytes) else value
        if not newest.says_all(kind, key, value):
            newest.take(key, read(kind, key, value))
            found.append(number)
    return found[::-1]


def test_versions_before_the_newest_are_not_read() -> None:
    assert needed(journey(version=1), journey(version=2), ended(version=3)) == [2]


def test_other_journeys_and_all_that_is_no_snapshot_are_read_in_order() -> None:
    told = progress(START)
    assert needed(told, journey("1"), journey("2"), told, ended("1", version=2)) == [0, 2, 3, 4]


def test_a_bucket_is_counted_once_too() -> None:
    assert needed(bucket(version=1), bucket(version=2)) == [1]


def test_an_older_version_that_comes_late_does_not_hide_the_newer_one() -> None:
    assert needed(ended(version=5), journey(version=4)) == [0, 1]


def test_what_cannot_be_read_hides_nothing() -> None:
    assert needed(journey(version=1), b'{"version": 2}') == [0, 1]


@pytest.mark.parametrize("value", [b"{", b"\xff", b'{"version": "1"}', b'{"version": 9}', b"{}"])
def test_what_has_no_older_head_is_read(value: bytes) -> None:
    assert needed(value, ended(version=2)) == [0, 1]


@pytest.mark.parametrize("gone", [{"erased": True}, {"superseded_by": uid("2")}])
def test_what_a_journey_was_is_counted_before_it_is_no_more(gone: dict[str, Any]) -> None:
    assert needed(journey(), ended(version=2), ended(version=3, **gone)) == [1, 2]


@pytest.mark.parametrize("gone", [{"erased": True}, {"superseded_by": uid("2")}])
def test_why_a_journey_was_no_more_for_a_while_is_not_lost(gone: dict[str, Any]) -> None:
    assert needed(ended(version=2, **gone), ended(version=3)) == [0, 1]


def test_a_reason_that_the_newest_does_not_give_is_not_lost() -> None:
    late = ended(version=1, revision_reason="late_entry")
    assert needed(late, ended(version=2, status="final")) == [0, 1]


def test_a_reason_that_the_newest_gives_too_stands_for_both() -> None:
    late: dict[str, Any] = {"revision_reason": "late_entry"}
    assert needed(ended(version=1, **late), ended(version=2, **late)) == [1]
