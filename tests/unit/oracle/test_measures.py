"""The oracle's numbers, on cases worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.catalogue import Catalogue, Windows
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import PeriodKind
from tests.builders import DAY, MINUTE, ORIGIN, pseudonym, record
from tests.oracle.buckets import buckets
from tests.oracle.journeys import journeys
from tests.oracle.measures import Cell, Number, bucket_of, numbers, seconds_of
from tests.unit.schemas.test_catalogue import catalogue as one_service

SERVICE = "building-permit"
CATALOGUE: Catalogue = one_service(id=SERVICE, windows=Windows().model_dump(mode="json"))
SCORE = {
    "about": "journey",
    "instrument": "exit",
    "construct": "satisfaction",
    "scale": "1..5",
    "wording": "w1",
}
ASKED = (
    ("construct", "satisfaction"),
    ("instrument", "exit"),
    ("scale", "1..5"),
    ("wording", "w1"),
)


def event(who: int, when: timedelta, action: str, **changes: Any) -> TouchpointRecord:
    ordinary: dict[str, Any] = {
        "ident": f"{who} {action} {when.total_seconds()}",
        "subject": pseudonym(str(who)),
        "time": ORIGIN + when,
        "action": action,
    }
    return record(**(ordinary | changes))


def found(
    *events: TouchpointRecord, period: PeriodKind = PeriodKind.MONTH
) -> dict[tuple[str, date, tuple[tuple[str, str], ...]], Number]:
    cells = numbers(journeys(events, CATALOGUE), buckets(events, CATALOGUE), CATALOGUE, [period])
    assert {(c.service, c.period) for c in cells} == {(SERVICE, period)}
    # The intervals have tests of their own.
    return {
        (c.metric_id, c.start, c.dimensions): replace(number, interval=None)
        for c, number in cells.items()
    }


def of(metric_id: str, *events: TouchpointRecord) -> dict[date, Number]:
    return {
        start: number
        for (metric, start, _), number in found(*events).items()
        if metric == metric_id
    }


def finished(who: int, after: timedelta = 2 * DAY) -> Sequence[TouchpointRecord]:
    return [event(who, 0 * DAY, "started"), event(who, after, "completed")]


JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def test_seventy_of_a_hundred_who_start_complete() -> None:
    done = [e for who in range(7) for e in finished(who)]
    silent = [event(who, 0 * DAY, "started") for who in range(7, 10)]
    assert of("completion_rate.gds", *done, *silent) == {JANUARY: Number(10, 0.7, 7, 10)}


def test_the_live_rate_is_by_end_and_leaves_the_informed_out() -> None:
    events = [*finished(1), event(2, 0 * DAY, "started"), event(3, 0 * DAY, "visited")]
    assert of("completion_rate.live", *events) == {
        JANUARY: Number(1, 1.0, 1, 1),
        FEBRUARY: Number(1, 0.0, 0, 1),
    }


def test_what_completes_exactly_within_the_time_is_in_it() -> None:
    events = [*finished(1, 1 * DAY), *finished(2, 1 * DAY + MINUTE)]
    assert of("completion_within.1d", *events) == {JANUARY: Number(2, 0.5, 1, 2)}
    assert of("completion_within.1h", *events) == {JANUARY: Number(2, 0.0, 0, 2)}


def test_abandoned_and_expired_are_silence_and_undecided_is_not() -> None:
    events = [
        event(1, 0 * DAY, "started"),
        event(2, -60 * DAY, "saved"),
        event(3, -335 * DAY, "submitted"),
        event(4, 30 * DAY, "failed"),
    ]
    assert of("abandonment_rate", *events) == {FEBRUARY: Number(4, 0.5, 2, 4)}
    assert of("undecided_rate", *events) == {FEBRUARY: Number(4, 0.25, 1, 4)}


def test_a_month_is_that_of_the_services_time_zone() -> None:
    almost = ORIGIN.replace(month=1, day=31, hour=23, minute=30)
    done = event(1, 0 * DAY, "completed", time=almost)
    assert list(of("completion_rate.live", done)) == [FEBRUARY]


def test_days_are_days() -> None:
    cells = found(*finished(1), period=PeriodKind.DAY)
    assert cells["completion_rate.live", date(2026, 1, 7), ()] == Number(1, 1.0, 1, 1)


def test_the_latest_answer_wins_and_the_score_is_linear() -> None:
    events = [
        *finished(1),
        event(1, 3 * DAY, "answered", feedback=SCORE | {"answer": 1}),
        event(1, 4 * DAY, "answered", feedback=SCORE | {"answer": 4}),
    ]
    cells = found(*events)
    assert cells["satisfaction.linear", JANUARY, ASKED] == Number(1, 0.75, 4, 1, {"4": 1})
    assert cells["satisfaction.top2", JANUARY, ASKED] == Number(1, 1.0, 1, 1, {"4": 1})


def test_golden_distribution_scores_seventy_percent() -> None:
    answers = {1: 5, 2: 10, 3: 15, 4: 40, 5: 30}
    events = [
        event(1, 0 * DAY, "answered", identity_kind="once", count=n, feedback=SCORE | {"answer": a})
        for a, n in answers.items()
    ]
    events = [e.model_copy(update={"id": str(n)}) for n, e in enumerate(events)]
    cells = found(*events)
    linear = cells["satisfaction.linear", JANUARY, ASKED]
    top2 = cells["satisfaction.top2", JANUARY, ASKED]
    assert (linear.n, top2.value) == (100, 0.7)
    assert linear.value == pytest.approx(0.7)


def test_an_answer_about_a_touchpoint_is_scored_there() -> None:
    events = [
        event(
            1,
            0 * DAY,
            "answered",
            touchpoint="form",
            feedback=SCORE | {"about": "touchpoint", "answer": 5},
        )
    ]
    dimensions = (*ASKED[:3], ("touchpoint", "form"), ASKED[3])
    assert ("satisfaction.linear", JANUARY, dimensions) in found(*events)


@pytest.mark.parametrize("provenance", ["moderated", "estimated"])
def test_what_was_moderated_or_estimated_is_never_scored(provenance: str) -> None:
    answer = SCORE | {"answer": 5}
    linked = event(1, 0 * DAY, "answered", provenance=provenance, feedback=answer)
    once = event(
        2, 0 * DAY, "answered", provenance=provenance, feedback=answer, identity_kind="once"
    )
    assert of("satisfaction.linear", linked, once) == {}


def test_a_dismissal_is_no_answer() -> None:
    events = [event(1, 0 * DAY, "dismissed", feedback=SCORE)]
    assert of("satisfaction.linear", *events) == {}


def test_an_offer_is_answered_by_its_own_answer_or_by_a_later_one() -> None:
    asked = {"about": "journey", "instrument": "exit"}
    events = [
        event(1, 0 * DAY, "offered", feedback=asked | {"offer_id": "a"}),
        event(1, 1 * DAY, "offered", feedback=asked | {"offer_id": "b"}),
        event(1, 2 * DAY, "answered", feedback=SCORE | {"answer": 3, "offer_id": "b"}),
        event(2, 0 * DAY, "offered", feedback=asked),
        event(2, 1 * DAY, "answered", feedback=SCORE | {"answer": 3}),
        event(3, 0 * DAY, "offered", feedback=asked, identity_kind="once"),
    ]
    assert of("response_rate", *events) == {JANUARY: Number(4, 0.5, 2, 4)}


def test_a_drop_off_is_where_the_citizen_was_last_among_those_who_reached_it() -> None:
    events = [
        event(1, 0 * DAY, "started", touchpoint="form"),
        event(1, 1 * DAY, "saved", touchpoint="plans"),
        event(3, 80 * DAY, "started", touchpoint="form"),
        event(3, 91 * DAY, "completed", touchpoint="form"),
    ]
    april = date(2026, 4, 1)
    cells = found(*events)
    assert cells["step_dropoff", april, (("touchpoint", "plans"),)] == Number(
        1, 1.0, 1, 1, {"expired": 1}
    )
    assert cells["step_dropoff", april, (("touchpoint", "form"),)] == Number(2, 0.0, 0, 2, {})


def test_durations_are_null_below_ten_and_else_the_nearest_rank() -> None:
    nine = [e for who in range(9) for e in finished(who, (who + 1) * timedelta(hours=1))]
    ten = [*nine, *finished(9, timedelta(hours=10))]
    assert of("time_to_complete.completed.p50", *nine)[JANUARY].value is None
    hour5 = seconds_of(bucket_of(timedelta(hours=5)))
    assert of("time_to_complete.completed.p50", *ten)[JANUARY].value == hour5


def test_a_share_of_those_who_started_may_never_be_reached() -> None:
    events = [*finished(1, timedelta(hours=1)), event(2, 0 * DAY, "started")]
    assert of("time_to_complete.started.p50", *events)[JANUARY].value == seconds_of(
        bucket_of(timedelta(hours=1))
    )
    assert of("time_to_complete.started.p90", *events)[JANUARY].value is None


def test_the_time_to_a_decision_runs_from_the_first_submission() -> None:
    people = [
        event(who, day * DAY, action)
        for who in range(10)
        for day, action in ((0, "submitted"), (1, "submitted"), (9, "decided"))
    ]
    assert of("time_to_decision.p90", *people)[JANUARY].value == seconds_of(bucket_of(9 * DAY))


def test_ended_journeys_are_counted_by_outcome_the_informed_too() -> None:
    events = [*finished(1), event(2, -20 * DAY, "visited")]
    assert of("journeys_ended", *events) == {
        JANUARY: Number(2, 2, 2, distribution={"success": 1, "informed": 1})
    }
    assert of("journeys_started", *events) == {JANUARY: Number(1, 1, 1)}


def test_a_touchpoint_counts_journeys_by_their_first_visit_and_all_its_events() -> None:
    events = [
        event(1, 0 * DAY, "visited", touchpoint="guidance"),
        event(1, 1 * DAY, "visited", touchpoint="guidance"),
        event(2, 0 * DAY, "visited", touchpoint="guidance", identity_kind="once", count=5),
    ]
    assert of("touchpoint_journeys", *events) == {JANUARY: Number(1, 1, 1)}
    assert of("touchpoint_events", *events) == {JANUARY: Number(7, 7, 7)}


def test_what_may_be_a_bot_counts_only_as_that() -> None:
    bot = event(1, 0 * DAY, "visited", identity_kind="once", quality="bot_suspected")
    cells = numbers([], buckets([bot], CATALOGUE), CATALOGUE, [PeriodKind.MONTH])
    told = {cell.metric_id: number.value for cell, number in cells.items() if number.n}
    assert told == {"bot_share": 1.0, "unlinked_share": 0.0}


def test_a_bucket_stands_for_its_durations_within_two_percent() -> None:
    for seconds in (1, 59, 3600, 86_400, 31_536_000):
        stands_for = seconds_of(bucket_of(timedelta(seconds=seconds)))
        assert stands_for == pytest.approx(seconds, rel=0.0201)
    assert seconds_of(bucket_of(timedelta(0))) == 0.0


def test_cells_are_told_apart_by_service_and_period() -> None:
    cells = numbers(journeys(finished(1), CATALOGUE), {}, CATALOGUE, [PeriodKind.MONTH])
    assert Cell("journeys_ended", SERVICE, PeriodKind.MONTH, JANUARY) in cells
