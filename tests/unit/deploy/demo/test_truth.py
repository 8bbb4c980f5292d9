"""Mini-stories whose numbers were worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.demo.facts import Call, Glimpse, JourneyTruth, Left, Offer, Opinion, Stay
from deploy.demo.truth.numbers import expected
from deploy.demo.truth.parts import duration_bucket
from deploy.demo.truth.scores import Number, seconds_at
from schemas.catalogue import Catalogue, load
from schemas.vocabulary import (
    About,
    Action,
    Channel,
    Construct,
    Identity,
    Outcome,
    PeriodKind,
    PublishState,
    Quality,
    Scale,
)

CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted(Path("deploy/catalogue").glob("*.yaml"))
)
PERMIT = "building-permit"
# Amsterdam is an hour ahead of UTC when March begins, and two when April does.
MARCH = datetime(2026, 2, 28, 23, tzinfo=UTC)
APRIL = datetime(2026, 3, 31, 22, tzinfo=UTC)
DAY = timedelta(days=1)
Simple = dict[tuple[str, tuple[tuple[str, str], ...], datetime], Number]


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 1, hour, tzinfo=UTC) + (day - 1) * DAY


def journey(
    outcome: Outcome, began: datetime | None, ended: datetime, **more: object
) -> JourneyTruth:
    facts: dict[str, object] = {
        "service": PERMIT,
        "identity": Identity.LINKED,
        "outcome": outcome,
        "began": began,
        "ended": ended,
        "opened": began or ended,
        "chosen": (Channel.WEBSITE,),
        **more,
    }
    return JourneyTruth(**facts)  # type: ignore[arg-type]


def numbers(
    *journeys: JourneyTruth, glimpses: tuple[Glimpse, ...] = (), catalogue: Catalogue = CATALOGUE
) -> Simple:
    """By measure, dimensions and month; how sure each is has tests of its own."""
    found = expected(catalogue, journeys, glimpses)
    return {
        (key.metric, key.dimensions, key.start): replace(
            number, interval=None, state=PublishState.OK
        )
        for key, number in found.items()
        if key.service is not None and key.period is PeriodKind.MONTH
    }


def metric(found: Simple, name: str, month: datetime = MARCH) -> Number:
    (number,) = [n for (metric, _, start), n in found.items() if (metric, start) == (name, month)]
    return number


def test_a_cohort_of_four_of_which_two_completed_is_half_complete() -> None:
    found = numbers(
        journey(Outcome.SUCCESS, at(2), at(3)),
        journey(Outcome.NEGATIVE_BUT_CORRECT, at(2), at(20)),
        journey(Outcome.ABANDONED, at(2), at(32)),
        journey(Outcome.ERROR, at(2), at(2, 13)),
    )
    assert metric(found, "completion_rate.gds") == Number(4, 0.5, 2, 4)
    assert metric(found, "journeys_started") == Number(4, 4, 4)
    assert metric(found, "completion_within.1h") == Number(4, 0.0, 0, 4)
    assert metric(found, "completion_within.1d") == Number(4, 0.25, 1, 4)
    assert metric(found, "completion_within.7d") == Number(4, 0.25, 1, 4)
    assert metric(found, "completion_within.28d") == Number(4, 0.5, 2, 4)


def test_endings_count_in_the_month_they_fall_in() -> None:
    found = numbers(
        journey(Outcome.SUCCESS, at(2), at(3)),
        journey(Outcome.EXPIRED, at(2), at(4)),
        journey(Outcome.UNDECIDED, at(2), at(5)),
        journey(Outcome.ABANDONED, at(20), at(50)),
    )
    assert metric(found, "completion_rate.live") == Number(3, 1 / 3, 1, 3)
    assert metric(found, "abandonment_rate") == Number(3, 1 / 3, 1, 3)
    assert metric(found, "undecided_rate") == Number(3, 1 / 3, 1, 3)
    assert metric(found, "abandonment_rate", APRIL) == Number(1, 1.0, 1, 1)
    ended = {"expired": 1, "success": 1, "undecided": 1}
    assert metric(found, "journeys_ended") == Number(3, 3, 3, None, ended)


def test_a_month_is_the_services_own_not_that_of_utc() -> None:
    evening = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 1 April, 00:30 in Amsterdam
    found = numbers(journey(Outcome.SUCCESS, evening, evening + timedelta(minutes=5)))
    assert {month for _, _, month in found} == {APRIL}


def test_who_was_only_informed_is_in_no_rate() -> None:
    found = numbers(journey(Outcome.INFORMED, None, at(9)))
    assert found["journeys_ended", (), MARCH] == Number(1, 1, 1, None, {"informed": 1})
    rates = ("completion_rate.live", "abandonment_rate", "undecided_rate", "completion_rate.gds")
    assert {name for name, _, _ in found}.isdisjoint(rates)


def test_people_are_lost_where_they_were_seen_last() -> None:
    places = {"application-start": Stay(at(2), at(2)), "guidance": Stay(at(1), at(1), 3)}
    left = Left("application-start", Channel.WEBSITE, at(2))
    call = Call(at(3), Channel.PHONE)
    found = numbers(
        journey(Outcome.ABANDONED, at(2), at(5), places=places, left=left, calls=(call,)),
        journey(Outcome.SUCCESS, at(2), at(5), places=places, left=left),
    )
    start, guidance = (("touchpoint", "application-start"),), (("touchpoint", "guidance"),)
    lost = Number(2, 0.5, 1, 2, {"abandoned": 1})
    assert found["step_dropoff", start, MARCH] == lost
    assert found["step_dropoff", guidance, MARCH] == Number(2, 0.0, 0, 2)
    assert found["help_sought", start, MARCH] == Number(1, 1.0, 1, 1)
    assert found["touchpoint_journeys", guidance, MARCH] == Number(2, 2, 2)
    assert found["touchpoint_events", guidance, MARCH] == Number(6, 6, 6)


def test_satisfaction_is_the_mean_on_a_line_from_0_to_1() -> None:
    said = [Opinion(at(4), "permit-journey", "w", answer) for answer in (5, 4, 3, 1)]
    found = numbers(*(journey(Outcome.SUCCESS, at(2), at(3), opinions=(one,)) for one in said))
    answers = {"5": 1, "4": 1, "3": 1, "1": 1}
    # (5 + 4 + 3 + 1) / 4 = 3.25, and (3.25 - 1) / 4 = 0.5625
    assert metric(found, "satisfaction.linear") == Number(4, 0.5625, 13, 4, answers)
    assert metric(found, "satisfaction.top2") == Number(4, 0.5, 2, 4, answers)


def test_offers_count_when_they_were_made() -> None:
    answered = Offer(at(3), "permit-journey", answered=True)
    left = Offer(at(4), "permit-journey")
    found = numbers(
        journey(Outcome.SUCCESS, at(2), at(3), offers=(answered,)),
        journey(Outcome.SUCCESS, at(2), at(3), offers=(left,)),
    )
    assert metric(found, "response_rate") == Number(2, 0.5, 1, 2)


def glimpse(action: Action, **more: object) -> Glimpse:
    facts: dict[str, object] = {"instrument": "permit-page", **more}
    return Glimpse(PERMIT, "guidance", at(3), action, **facts)  # type: ignore[arg-type]


def test_people_without_a_name_count_at_the_place_and_in_its_opinion() -> None:
    rated = Opinion(at(3), "permit-page", "w", 2, about=About.TOUCHPOINT, place="guidance")
    glimpses = (
        glimpse(Action.OFFERED),
        glimpse(Action.ANSWERED, opinion=rated),
        glimpse(Action.DISMISSED),
        Glimpse(PERMIT, "guidance", at(3), quality=Quality.BOT_SUSPECTED),
    )
    found = numbers(glimpses=glimpses)
    assert metric(found, "touchpoint_events") == Number(3, 3, 3)
    assert metric(found, "response_rate") == Number(1, 1.0, 1, 1)
    assert metric(found, "satisfaction.linear") == Number(1, 0.25, 2, 1, {"2": 1})
    assert metric(found, "bot_share") == Number(4, 0.25, 1, 4, {"unlinked": 3, "bot_suspected": 1})


def test_too_few_completed_journeys_have_no_typical_time() -> None:
    nine = [journey(Outcome.SUCCESS, at(2), at(3)) for _ in range(9)]
    assert metric(numbers(*nine), "time_to_complete.completed.p50").value is None
    ten = metric(numbers(*nine, nine[0]), "time_to_complete.completed.p50")
    assert ten.value == pytest.approx(86_400, rel=0.02)


def test_the_time_by_which_half_completed_is_not_reached_when_most_did_not() -> None:
    found = numbers(
        journey(Outcome.SUCCESS, at(2), at(3)),
        journey(Outcome.ABANDONED, at(2), at(30)),
        journey(Outcome.ABANDONED, at(2), at(30)),
    )
    half = metric(found, "time_to_complete.started.p50")
    assert half == Number(3, None, 1, 3, {duration_bucket(DAY): 1})


def test_a_decision_is_timed_from_the_submission_in_the_month_of_the_decision() -> None:
    story = journey(Outcome.SUCCESS, at(2), at(35), submitted=at(3), decided=at(35))
    decided = metric(numbers(story), "time_to_decision.p90", APRIL)
    assert decided.value == pytest.approx(32 * 86_400, rel=0.02)
    assert decided.n == 1


@pytest.mark.parametrize(("seconds", "bucket"), [(0, "zero"), (1, "0"), (2, "18"), (86_400, "285")])
def test_durations_fall_into_buckets_of_2_percent(seconds: int, bucket: str) -> None:
    # log(2) / log(1.02 / 0.98) = 17.33; log(86400) / log(1.02 / 0.98) = 284.10
    assert duration_bucket(timedelta(seconds=seconds)) == bucket


def test_the_nearest_rank_skips_what_is_shorter() -> None:
    counts = {"zero": 2, "18": 1, "285": 1}
    assert seconds_at(counts, 2) == 0
    assert seconds_at(counts, 3) == pytest.approx(2, rel=0.04)
    assert seconds_at(counts, 4) == pytest.approx(86_400, rel=0.02)
    assert seconds_at(counts, 5) is None


def answers(construct: Construct, scale: Scale, *given: int) -> tuple[JourneyTruth, ...]:
    said = (Opinion(at(4), "exit", "w", answer, construct, scale) for answer in given)
    return tuple(journey(Outcome.SUCCESS, at(2), at(3), opinions=(one,)) for one in said)


@pytest.mark.parametrize(
    ("name", "construct", "scale", "given", "value"),
    [
        # promoters 9 and 10, detractors 0 and 6, of five: (2 - 2) / 5
        ("nps", "recommend", "0..10", (10, 9, 8, 6, 0), 0.0),
        ("nps", "recommend", "0..10", (10, 9, 9, 6), 50.0),
        ("recommend_intent", "recommend", "1..10", (10, 9, 8, 1), 0.5),
        ("trust.positive", "trust", "thumbs", (1, 1, 0), 2 / 3),
        ("trust.positive", "trust", "1..5", (4, 5, 3, 1), 0.5),
        ("trust.change_net", "trust_change", "1..5", (5, 4, 3, 1), 0.25),
        ("trust.level", "trust_level", "0..10", (6, 5, 10, 0), 0.5),
        ("task_success.gc", "task_success", "yes_no", (1, 0, 0, 1), 0.5),
        ("ease", "ease", "1..7", (7, 6, 2, 1), 4.0),
        ("ease.top2", "ease", "1..7", (7, 6, 5, 1), 0.5),
        ("reuse_intent", "reuse_intent", "1..10", (9, 8), 0.5),
        ("satisfaction.net", "satisfaction", "1..5", (5, 4, 3, 1), 0.25),
        # marks 10, 5 and 0 for three smileys
        ("satisfaction.fr10", "satisfaction", "smileys", (3, 2, 1, 3), 6.25),
        ("comprehension.fr10", "comprehension", "1..5", (5, 3), 7.5),
    ],
)
def test_each_figure_reads_the_answers_its_own_way(
    name: str, construct: str, scale: str, given: tuple[int, ...], value: float
) -> None:
    found = metric(numbers(*answers(Construct(construct), Scale(scale), *given)), name)
    assert found.n == len(given)
    assert found.value == pytest.approx(value)
