"""How far everything is."""

from datetime import timedelta

from schemas.journey import Account
from schemas.metric import ClockProgress
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.standing import Standing, clock_progress
from tests.unit.metrics.snapshots import START, progress

LATER = START + timedelta(hours=1)


def test_the_slowest_partition_tells_the_time() -> None:
    standing = Standing([progress(LATER), progress(START, partition=1)], partitions=2)
    assert standing.watermarks == Watermarks({"live": START})


def test_a_clock_that_some_partition_has_not_heard_of_has_no_time() -> None:
    standing = Standing([progress(LATER, last=True)], partitions=2)
    assert standing.watermarks == Watermarks({"live": None})


def test_a_clock_has_ended_when_it_has_in_every_partition() -> None:
    last, other = progress(LATER, last=True), progress(LATER, partition=1)
    assert Standing([last, other], 2).watermarks.ended == frozenset()
    both = Standing([last, other.model_copy(update={"last": True})], 2)
    assert both.watermarks.ended == frozenset({"live"})


def test_accounts_are_added_over_partitions() -> None:
    one = Account(applied=1, duplicate=2, late=3, rejected={"internal": 1})
    other = Account(applied=10, rejected={"internal": 1, "contract_broken": 2})
    standing = Standing(
        [progress(START, account=one), progress(START, partition=1, account=other)], 2
    )
    assert clock_progress(standing, 1, LATER) == [
        ClockProgress(
            clock="live",
            watermark=START,
            last=False,
            account=Account(
                applied=11, duplicate=2, late=3, rejected={"internal": 2, "contract_broken": 2}
            ),
            shares={"late_share": 0.15, "duplicate_share": 0.1, "rejected_share": 0.2},
            partitions=2,
            partitions_caught_up=1,
            sent_at=LATER,
        )
    ]
