"""Mini-stories whose numbers were worked out by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.demo.story import Glimpse, JourneyTruth, Offer, Opinion, Stay
from deploy.demo.truth import Number, duration_bucket, expected, seconds_at
from schemas.catalogue import Catalogue, load
from schemas.vocabulary import Action, Channel, Identity, Outcome, Quality

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
        "first_channel": Channel.WEBSITE,
        **more,
    }
    return JourneyTruth(**facts)  # type: ignore[arg-type]


def numbers(
    *journeys: JourneyTruth, glimpses: tuple[Glimpse, ...] = (), catalogue: Catalogue = CATALOGUE
) -> Simple:
    found = expected(catalogue, journeys, glimpses)
    return {(metric, rest, month): n for (metric, _, rest, month), n in found.items()}


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
    assert found == {("journeys_ended", (), MARCH): Number(1, 1, 1, None, {"informed": 1})}


def test_people_are_lost_where_they_were_seen_last() -> None:
    places = {"application-start": Stay(at(2)), "guidance": Stay(at(1), 3)}
    found = numbers(
        journey(Outcome.ABANDONED, at(2), at(5), places=places, left_at="application-start"),
        journey(Outcome.SUCCESS, at(2), at(5), places=places, left_at="application-start"),
    )
    start, guidance = (("touchpoint", "application-start"),), (("touchpoint", "guidance"),)
    lost = Number(2, 0.5, 1, 2, {"abandoned": 1})
    assert found["step_dropoff", start, MARCH] == lost
    assert found["step_dropoff", guidance, MARCH] == Number(2, 0.0, 0, 2)
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


def test_people_without_a_name_count_at_the_place_and_in_its_opinion() -> None:
    rated = Opinion(at(3), "permit-page", "w", 2, place="guidance")
    glimpses = (
        Glimpse(PERMIT, "guidance", at(3), Action.OFFERED, "permit-page"),
        Glimpse(PERMIT, "guidance", at(3), Action.ANSWERED, "permit-page", rated),
        Glimpse(PERMIT, "guidance", at(3), Action.DISMISSED, "permit-page"),
        Glimpse(PERMIT, "guidance", at(3), quality=Quality.BOT_SUSPECTED),
    )
    found = numbers(glimpses=glimpses)
    assert metric(found, "touchpoint_events") == Number(3, 3, 3)
    assert metric(found, "response_rate") == Number(1, 1.0, 1, 1)
    assert metric(found, "satisfaction.linear") == Number(1, 0.25, 2, 1, {"2": 1})
    assert len(found) == 4


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
