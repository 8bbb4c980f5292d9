"""Of several versions in one batch the newest is counted, unless an earlier one says more."""

from typing import Any

import pytest

from schemas.journey import Bucket, JourneySnapshot
from services.metrics.domain.newest import newest_of
from services.metrics.domain.reading import Read, Snapshot, Unreadable
from tests.builders import uid
from tests.unit.metrics.snapshots import START, bucket, ended, journey, progress


def read(*bodies: JourneySnapshot | Bucket) -> list[Read]:
    return [Snapshot(_key(body), body, b"") for body in bodies]


def _key(body: JourneySnapshot | Bucket) -> str:
    return str(body.id) if isinstance(body, JourneySnapshot) else body.touchpoint


def test_versions_before_the_newest_are_left_out() -> None:
    first, second, third = read(journey(version=1), journey(version=2), ended(version=3))
    assert newest_of([first, second, third]) == [third]


def test_other_journeys_and_all_that_is_no_snapshot_stay_in_order() -> None:
    told, broken = progress(START), Unreadable("why")
    old, other, new = read(journey("1"), journey("2"), ended("1", version=2))
    assert newest_of([told, old, broken, other, new]) == [told, broken, other, new]


def test_a_bucket_is_counted_once_too() -> None:
    old, new = read(bucket(version=1), bucket(version=2))
    assert newest_of([old, new]) == [new]


def test_an_older_version_that_comes_late_does_not_hide_the_newer_one() -> None:
    new, late = read(ended(version=5), journey(version=4))
    assert newest_of([new, late]) == [new, late]


@pytest.mark.parametrize("gone", [{"erased": True}, {"superseded_by": uid("2")}])
def test_what_a_journey_was_is_counted_before_it_is_no_more(gone: dict[str, Any]) -> None:
    first, second, third = read(journey(), ended(version=2), ended(version=3, **gone))
    assert newest_of([first, second, third]) == [second, third]


def test_a_reason_that_the_newest_does_not_give_is_not_lost() -> None:
    late, plain = read(
        ended(version=1, revision_reason="late_entry"), ended(version=2, status="final")
    )
    assert newest_of([late, plain]) == [late, plain]


def test_a_reason_that_the_newest_gives_too_stands_for_both() -> None:
    late, same = read(
        ended(version=1, revision_reason="late_entry"),
        ended(version=2, revision_reason="late_entry"),
    )
    assert newest_of([late, same]) == [same]
