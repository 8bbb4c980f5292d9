"""Who comes back, and by which channel."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.journey import JourneySnapshot
from tests.builders import uid
from tests.unit.metrics.scoring import books, numbers, score, told
from tests.unit.metrics.snapshots import START, bucket, ended, journey, step


def after(
    ident: str, days: float = 30, left_by: str | None = "website", **changes: Any
) -> JourneySnapshot:
    """An open journey some days after the end of one that had come to a channel."""
    before = {
        "id": uid(f"before {ident}"),
        "ended": START - timedelta(days=days),
        "last_citizen_channel": left_by,
    }
    return journey(ident, predecessor=before, **changes)


def test_reuse_is_coming_by_the_channel_one_had_left_by() -> None:
    same = [after(f"s{n}") for n in range(3)]
    other = [after("o", left_by="phone")]
    assert numbers(score("reuse_observed", [*same, *other, journey("new")])) == (3, 4, 0.75)


def test_reuse_is_told_by_the_channel_left_by() -> None:
    snapshots = [after("1"), after("2", first_channel="paper"), after("3", left_by="phone")]
    found = {
        message.dimensions.channel: numbers(message)
        for message in told(books(snapshots))
        if message.metric_id == "reuse_observed.by_channel"
    }
    assert found == {"website": (1, 2, 0.5), "phone": (0, 1, 0.0)}


@pytest.mark.parametrize(("days", "returned"), [(365, 1), (365.01, None)])
def test_a_year_is_as_long_as_a_return_may_take(days: float, returned: int | None) -> None:
    found = score("return_rate", [after("1", days), ended("2")])
    assert found is not None
    assert (found.numerator or None, found.denominator) == (returned, 1)


@pytest.mark.parametrize("unknown", [{"left_by": None}, {"first_channel": None}])
def test_who_took_no_channel_returned_and_reused_none(unknown: dict[str, Any]) -> None:
    snapshots = [after("1", **unknown), ended("2")]
    assert score("reuse_observed", snapshots) is None
    assert numbers(score("return_rate", snapshots)) == (1, 1, 1.0)


def test_the_return_rate_is_against_linked_journeys_that_ended() -> None:
    over = [ended(f"e{n}") for n in range(4)]
    partial = [ended("p", identity="partial"), after("q", identity="partial")]
    found = score("return_rate", [after("1"), *over, *partial])
    assert numbers(found) == (1, 4, 0.25)
    assert numbers(score("reuse_observed", [after("1"), *partial])) == (1, 1, 1.0)


def test_an_open_journey_has_not_ended() -> None:
    assert score("return_rate", [journey()]) is None


def intent(snapshots: list[Any]) -> dict[str | None, tuple[float | None, ...]]:
    return {
        message.dimensions.channel: numbers(message)
        for message in told(books(snapshots))
        if message.metric_id == "reuse_intent.by_channel"
    }


def test_the_intent_is_told_by_first_channel_and_unlinked_by_that_of_the_answer() -> None:
    said = {"construct": "reuse_intent", "about": "service"}
    answer = {**said, "scale": "1..5", "wording": "w1", "instrument": "exit", "answer": 5}
    snapshots = [
        journey("1", survey=(step(answer=5, **said),), identity="partial"),
        journey("2", survey=(step(answer=3, channel="phone", **said),)),
        journey("3", survey=(step(answer=4, **said),), first_channel=None),
        bucket(answers=({**answer, "count": 2},), channel="phone"),
    ]
    assert intent(snapshots) == {"website": (1, 2, 0.5), "none": (1, 1, 1.0), "phone": (2, 2, 1.0)}


@pytest.mark.parametrize("changes", [{"construct": "ease"}, {"about": "touchpoint"}])
def test_other_answers_are_no_intent(changes: dict[str, Any]) -> None:
    said = {"construct": "reuse_intent"} | changes
    assert intent([journey(survey=(step(answer=5, **said),))]) == {}
