"""Who was asked, who answered, and who could have been asked."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from schemas.journey import Bucket, JourneySnapshot
from schemas.metric import MetricMessage
from tests.unit.metrics.scoring import books, numbers, score, told
from tests.unit.metrics.snapshots import START, bucket, ended, journey, step

HOUR = timedelta(hours=1)


OFFER = step("offered", offer_id="o1")


@pytest.mark.parametrize(
    ("survey", "answered"),
    [
        ((OFFER,), 0),
        ((OFFER, step("dismissed", offer_id="o1")), 0),
        ((OFFER, step(answer=5, offer_id="o1")), 1),
        ((OFFER, step(answer=5, offer_id="o2")), 0),
        ((OFFER, step(answer=5, offer_id="o1", time=START)), 1),
        ((step("offered"), step(answer=5, time=START)), 0),
        ((step("offered"), step(answer=5)), 1),
        ((step("offered"), step(answer=5, instrument="page")), 0),
    ],
)
def test_an_offer_is_answered_by_its_id_or_else_by_time(
    survey: tuple[Any, ...], answered: int
) -> None:
    found = score("response_rate", [journey(survey=survey)])
    assert numbers(found) == (answered, 1, answered)
    assert found is not None
    assert found.dimensions.instrument == "exit"


CHAIN = {"instrument": "page", "offered": 4, "answered": 3, "dismissed": 1}


def test_unlinked_people_are_in_the_chain_by_their_hour() -> None:
    unlinked = [bucket(chain=(CHAIN,))]
    assert numbers(score("response_rate", unlinked)) == (3, 4, 0.75)
    assert numbers(score("survey_offered", unlinked)) == (4, None, 4)
    assert numbers(score("survey_answered", unlinked)) == (3, None, 3)
    assert numbers(score("survey_dismissed", unlinked)) == (1, None, 1)
    assert score("coverage", unlinked) is None


@pytest.mark.parametrize("changes", [{"provenance": "moderated"}, {"quality": "bot_suspected"}])
def test_what_was_moderated_or_is_not_valid_is_in_no_chain(changes: dict[str, Any]) -> None:
    found = told(books([bucket(chain=(CHAIN,), **changes)]))
    assert [message.metric_id for message in found if "survey" in message.metric_id] == []


def by(
    label: str, metric_id: str, snapshots: Iterable[JourneySnapshot | Bucket]
) -> dict[str, tuple[float | None, ...]]:
    return {
        getattr(message.dimensions, label): numbers(message)
        for message in told(books(snapshots))
        if message.metric_id == metric_id
    }


def test_response_is_told_by_how_the_journey_ended() -> None:
    served = [ended(f"s{n}", survey=(OFFER, step(answer=5, offer_id="o1"))) for n in range(3)]
    failed = [ended(f"f{n}", outcome="abandoned", survey=(OFFER,)) for n in range(2)]
    found = by("outcome", "response_rate.by_outcome", served + failed)
    assert found == {"success": (3, 3, 1.0), "abandoned": (0, 2, 0.0)}


def test_response_is_told_by_the_channel_of_the_offer() -> None:
    called = step("offered", offer_id="o1", channel="phone", instrument="page")
    found = by(
        "channel",
        "response_rate.by_channel",
        [journey(survey=(called,)), bucket(chain=(CHAIN,))],
    )
    assert found == {"phone": (0, 1, 0.0), "website": (3, 4, 0.75)}


def test_the_questions_of_one_survey_are_one_answered_survey() -> None:
    asked = (step(answer=5), step(answer=1, construct="ease", time=START + 2 * HOUR))
    assert numbers(score("survey_answered", [journey(survey=asked)])) == (1, None, 1)


def test_a_survey_is_answered_when_its_last_answer_came_whichever_question_that_was() -> None:
    month = timedelta(days=31)
    asked = (step(answer=5), step(answer=1, construct="ease", time=START + HOUR))
    again = step(answer=4, time=START + month)
    months = {
        message.period_start
        for message in told(books([journey(survey=(*asked, again))]))
        if message.metric_id == "survey_answered"
    }
    without = told(books([journey(survey=asked)]))
    assert months.isdisjoint(m.period_start for m in without if m.metric_id == "survey_answered")


def test_a_dismissal_counts_as_one_and_answers_nothing() -> None:
    dismissed = [journey(survey=(OFFER, step("dismissed", offer_id="o1")))]
    assert numbers(score("survey_dismissed", dismissed)) == (1, None, 1)
    assert score("survey_answered", dismissed) is None


def coverage(snapshots: list[JourneySnapshot]) -> MetricMessage | None:
    return score("coverage", snapshots)


def test_coverage_is_of_journeys_that_were_offered_it_or_ended_without() -> None:
    offered = [ended(f"o{n}", survey=(OFFER, OFFER)) for n in range(3)]
    open_ = [journey("open", survey=(OFFER,)), journey("not yet")]
    without = [ended(f"w{n}", outcome="abandoned") for n in range(4)]
    assert numbers(coverage(offered + open_ + without)) == (4, 8, 0.5)


def test_a_journey_is_covered_where_its_first_offer_was() -> None:
    february = step("offered", offer_id="o0", time=START - timedelta(days=20))
    before = ended("before", opened=START - timedelta(days=30), survey=(february, OFFER))
    here = ended("here", survey=(OFFER,))
    assert numbers(coverage([before, here])) == (1, 1, 1.0)


def test_coverage_is_by_instrument_and_the_others_are_not_covered() -> None:
    page = step("offered", instrument="page")
    both = [ended("1", survey=(OFFER,)), ended("2", survey=(OFFER, page))]
    found = by("instrument", "coverage", both)
    assert found == {"exit": (2, 2, 1.0), "page": (1, 2, 0.5)}
