"""Completion, abandonment, starts, and who was informed."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.journey import JourneySnapshot
from services.metrics.domain.measures.family import share
from tests.builders import uid
from tests.unit.metrics.scoring import books, numbers, score, told
from tests.unit.metrics.snapshots import START, bucket, contact, ended, journey, step

OF_QUALITY = {
    "identity_linked_share",
    "identity_linked_share.by_channel",
    "bot_share",
    "unlinked_share",
}
FINAL: dict[str, Any] = {"status": "final"}


def many(outcome: str, times: int, **changes: Any) -> list[JourneySnapshot]:
    return [ended(f"{outcome} {n}", outcome=outcome, **(FINAL | changes)) for n in range(times)]


def test_one_run_that_was_saved_and_resumed_is_one_start_and_one_completion() -> None:
    run = ended(**FINAL, saved=True, resumed=1, visits=2)
    assert numbers(score("completion_rate.gds", [run])) == (1, 1, 1.0)


def test_paper_that_begins_with_submitted_is_started_too() -> None:
    online = many("success", 60) + many("abandoned", 40)
    paper = [ended(f"paper {n}", **FINAL, first_channel="paper") for n in range(50)]
    assert numbers(score("completion_rate.gds", online + paper)) == (110, 150, 110 / 150)


def test_who_is_not_eligible_was_served() -> None:
    assert numbers(score("completion_rate.gds", many("negative_but_correct", 2))) == (2, 2, 1.0)


def test_a_young_cohort_has_no_rate_but_bounds() -> None:
    cohort = [ended(str(n)) for n in range(70)] + [journey(str(n)) for n in range(70, 100)]
    found = score("completion_rate.gds", cohort, watermark=START + timedelta(days=7))
    assert found is not None
    assert (found.value, found.ci_low, found.ci_high, found.ci_method) == (None, 0.7, 1.0, "bounds")
    assert found.flags == ("provisional",)


def test_the_same_cohort_has_a_rate_within_a_day() -> None:
    cohort = [ended(str(n)) for n in range(70)] + [journey(str(n)) for n in range(70, 100)]
    found = score("completion_within.1d", cohort, watermark=START + timedelta(days=7))
    assert numbers(found) == (70, 100, 0.7)


def test_a_closed_cohort_has_a_rate_with_its_wilson_interval() -> None:
    found = score("completion_rate.gds", many("success", 70) + many("abandoned", 30))
    assert found is not None
    assert (found.value, found.ci_method, found.flags) == (0.7, "wilson", ())
    assert (round(found.ci_low or 0, 4), round(found.ci_high or 0, 4)) == (0.6042, 0.7811)


@pytest.mark.parametrize(("horizon", "met"), [("1h", 1), ("1d", 2), ("7d", 3), ("28d", 4)])
def test_completion_within_counts_up_to_and_with_its_horizon(horizon: str, met: int) -> None:
    cohort = [ended(str(hours), hours, **FINAL) for hours in (1, 24, 7 * 24, 28 * 24, 28 * 24 + 1)]
    assert numbers(score(f"completion_within.{horizon}", cohort)) == (met, 5, met / 5)


def test_informed_is_outside_every_rate_but_counted_as_ended() -> None:
    asked = many("informed", 3, started=None, last_touchpoint=None)
    done = many("success", 1)
    assert numbers(score("completion_rate.live", asked + done)) == (1, 1, 1.0)
    assert numbers(score("abandonment_rate", asked + done)) == (0, 1, 0.0)
    total = score("journeys_ended", asked + done)
    assert total is not None
    assert (total.value, total.n, total.distribution) == (4, 4, {"informed": 3, "success": 1})


def test_giving_up_is_abandoned_or_expired_and_undecided_is_apart() -> None:
    mixed = many("abandoned", 1) + many("expired", 2) + many("undecided", 3) + many("withdrawn", 4)
    assert numbers(score("abandonment_rate", mixed)) == (3, 10, 0.3)
    assert numbers(score("undecided_rate", mixed)) == (3, 10, 0.3)


def test_an_open_journey_is_started_and_not_ended() -> None:
    assert numbers(score("journeys_started", [journey()])) == (1, None, 1)
    assert score("journeys_ended", [journey()]) is None


def wanting(ident: str, **changes: Any) -> JourneySnapshot:
    """An informed journey that began with a need."""
    sought = {"stage": "need", "time": START}
    nothing = {"outcome": "informed", "started": None, "last_touchpoint": None}
    return ended(ident, **(FINAL | nothing | {"milestones": (sought,)} | changes))


def test_the_start_rate_is_of_those_who_had_a_need_or_looked_for_information() -> None:
    began = wanting("began", outcome="success", started=START)
    at_once = ended("at once", **FINAL)
    assert numbers(score("start_rate", [wanting("not"), began, at_once])) == (1, 2, 0.5)
    assert score("start_rate", [at_once]) is None


def told_whether(answer: int, ident: str = "1", **changes: Any) -> JourneySnapshot:
    said = step(answer=answer, construct="task_success", scale="yes_no")
    return wanting(ident, **({"survey": (said,)} | changes))


def test_who_said_yes_and_stayed_away_was_informed() -> None:
    week = timedelta(days=7) / timedelta(hours=1)
    yes = told_whether(1, "yes")
    no = told_whether(0, "no")
    called = told_whether(1, "called", contacts=(contact(1 + week),))
    later = told_whether(1, "later", contacts=(contact(2 + week),))
    at_once = told_whether(1, "at once", contacts=(contact(1),))
    assert numbers(score("information_success", [yes, no, called])) == (1, 3, 1 / 3)
    assert numbers(score("information_success", [later, at_once])) == (2, 2, 1.0)


def test_who_started_or_said_nothing_is_no_matter_of_information() -> None:
    began = told_whether(1, outcome="success", started=START)
    assert score("information_success", [began, wanting("silent")]) is None


@pytest.mark.parametrize("quality", ["bot_suspected", "test"])
def test_what_is_not_valid_is_in_no_measure_but_those_of_quality(quality: str) -> None:
    found = told(books([bucket(quality=quality)]))
    assert {m.metric_id for m in found} == OF_QUALITY


@pytest.mark.parametrize("changes", [{"erased": True}, {"superseded_by": uid("other")}])
def test_a_journey_that_is_no_more_counts_nowhere(changes: dict[str, Any]) -> None:
    assert told(books([ended(**changes)])) == []


def test_a_share_of_nothing_is_no_number() -> None:
    assert numbers_of(share(0, 0)) == (0, 0, None, None)


def test_a_share_never_exceeds_one() -> None:
    assert numbers_of(share(3, 2))[:3] == (3, 2, 1.0)


def numbers_of(found: Any) -> tuple[Any, ...]:
    return found.numerator, found.denominator, found.value, found.low
