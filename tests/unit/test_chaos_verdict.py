"""The check of a chaos run, on a stream small enough to read: what is wrong is told, and where."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiokafka import ConsumerRecord

from schemas.codec import encode
from schemas.control import Tick
from schemas.journey import Account
from schemas.metric import ClockProgress
from schemas.touchpoint_event import TouchpointRecord
from tests.builders import DAY, ORIGIN, record
from tests.chaos.line.found import Found
from tests.chaos.line.truth import Truth, stream_of, truth_of
from tests.chaos.line.verdict import differences, is_behind
from tests.journey_worker.memory_kafka import consumer_record
from tests.unit.test_domain_against_oracle import CATALOGUE, CLOCK

STARTED = record("a", action="started", clock=CLOCK)
DONE = record("b", action="completed", time=ORIGIN + timedelta(hours=1), clock=CLOCK)
TOO_OLD = record("c", time=ORIGIN - 9 * DAY, clock=CLOCK)
TICK = Tick(clock=CLOCK, time=ORIGIN)


def log_of(*written: TouchpointRecord | Tick) -> list[ConsumerRecord[Any, Any]]:
    return [
        consumer_record(
            offset,
            value=encode(one),
            headers=[("kind", b"tick")] if isinstance(one, Tick) else [],
        )
        for offset, one in enumerate(written)
    ]


STREAM = stream_of(log_of(STARTED, TICK, DONE, DONE, TOO_OLD), CATALOGUE)
TRUTH = truth_of(STREAM, CATALOGUE, ORIGIN + 900 * DAY)
PERSON = CLOCK, "building-permit", STARTED.subject


def progress(**account: int) -> ClockProgress:
    return ClockProgress(
        clock=CLOCK,
        last=True,
        account=Account(**account),
        partitions=1,
        partitions_caught_up=1,
        sent_at=ORIGIN,
    )


def as_it_must_be(truth: Truth) -> Found:
    """All but the numbers, which no message of the test says."""
    return Found(
        journeys=truth.journeys,
        unfinished=(),
        buckets={},
        applied={0: 4},
        refused={"late": 1},
        messages={},
        progress={CLOCK: progress(applied=2, duplicate=1, late=1)},
        shown=[truth.nets],
    )


NO_NUMBERS = replace(TRUTH, numbers={})
RIGHT = as_it_must_be(NO_NUMBERS)


def test_a_line_that_says_the_truth_differs_in_nothing() -> None:
    assert differences(STREAM, NO_NUMBERS, RIGHT) == []


def test_a_repeat_and_a_late_event_are_accounted_for_and_join_nothing() -> None:
    assert TRUTH.accounts == {CLOCK: (2, 1, 1)}
    assert [told["entries"] for told in TRUTH.journeys[PERSON]] == [2]


def test_a_wrong_journey_is_told_with_the_events_of_its_person() -> None:
    (told,) = NO_NUMBERS.journeys[PERSON]
    wrong = replace(RIGHT, journeys={PERSON: [{**told, "entries": 3}]})
    count, account = differences(STREAM, NO_NUMBERS, wrong)
    assert count == "1 of 1 people have wrong journeys; the first of them:"
    assert account.splitlines() == [
        f"{PERSON}: 1 journeys, 1 were found",
        "  journey 0: entries is 3, must be 2",
        "  0/0 2026-01-05 09:00:00+00:00 started at started /web/permits a",
        "  0/2 2026-01-05 10:00:00+00:00 completed at completed /web/permits b",
        "  0/3 2026-01-05 10:00:00+00:00 completed at completed /web/permits b",
        "  0/4 2025-12-27 09:00:00+00:00 visited at visited /web/permits c (late)",
    ]


def test_an_account_that_counts_twice_is_a_difference() -> None:
    twice = replace(RIGHT, progress={CLOCK: progress(applied=2, duplicate=2, late=1)})
    assert differences(STREAM, NO_NUMBERS, twice) == [
        f"account (applied, duplicate, late) of {CLOCK}: (2, 2, 1), must be (2, 1, 1)"
    ]


def test_what_is_not_read_to_the_end_is_behind_and_may_be_right_later() -> None:
    wrong = differences(STREAM, NO_NUMBERS, replace(RIGHT, applied={0: 3}))
    assert wrong == ["behind: partition 0 is at 3, its log ends at 4"]
    assert is_behind(wrong)


def test_a_number_that_nobody_says_is_a_difference() -> None:
    assert f"{len(TRUTH.numbers)} of {len(TRUTH.numbers)} differ: number" in differences(
        STREAM, TRUTH, RIGHT
    )


def test_counters_shown_by_two_processes_are_a_difference() -> None:
    wrong = differences(STREAM, NO_NUMBERS, replace(RIGHT, shown=[TRUTH.nets, TRUTH.nets]))
    assert wrong == ["2 processes show counters, one must"]
