"""A number whose inputs are the same need not be computed: equal digests mean equal numbers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from schemas.vocabulary import Level
from services.metrics.domain.formulas import BY_SERIES, formulas_of
from services.metrics.domain.inputs import Inputs
from services.metrics.domain.messages import Books, Series, message_of, series_of
from services.metrics.domain.periods import Watermarks
from services.metrics.domain.revisions import Telling
from tests.builders import at
from tests.unit.metrics.scoring import books
from tests.unit.metrics.snapshots import ended, journey, step, visit

MONTH_END = at("2026-03-31 22:00")
PEOPLE = [
    ended("1", survey=(step("offered"), step(answer=4))),
    ended("2", outcome="error", touchpoints=(visit(), visit("desk"))),
    journey("3"),
]
MORE: dict[str, list[Any]] = {
    "nobody": [],
    "an end": [ended("4")],
    "an answer": [ended("5", survey=(step("offered"), step(answer=2)))],
    "a start": [journey("6")],
    "another clock": [ended("7", clock="import-1")],
    "a visit": [journey("8", touchpoints=(visit("desk"),))],
}
TIMES = {
    "before": MONTH_END - timedelta(days=1),
    "end": MONTH_END,
    "later": MONTH_END + timedelta(days=40),
}


def digests(found: Books) -> dict[Series, str]:
    formulas = formulas_of(found.scope.levels, found.period.kind)
    inputs = Inputs(found)
    return {
        series: inputs.of(series, BY_SERIES[series.metric_id, series.level])
        for series in series_of(found, formulas)
    }


def at_time(found: Books, name: str) -> Books:
    return replace(found, watermarks=Watermarks(dict.fromkeys(found.cells, TIMES[name])))


WORLDS = {
    (more, time): at_time(books([*PEOPLE, *people]), time)
    for more, people in MORE.items()
    for time in TIMES
}


def test_equal_digests_mean_equal_numbers() -> None:
    """In every pair of worlds, for every number: one that depends on more is found here."""
    seen: dict[tuple[Series, str], Any] = {}
    for world in WORLDS.values():
        for series, digest in digests(world).items():
            made = message_of(series, BY_SERIES[series.metric_id, series.level], world)
            said = made.model_dump(exclude={"watermark"}) if made else None
            assert seen.setdefault((series, digest), said) == said
    assert len(seen) > 150


def test_a_world_with_one_more_answer_is_another_for_some_numbers_only() -> None:
    before, after = (digests(WORLDS[more, "end"]) for more in ("an end", "an answer"))
    same = {series for series, digest in before.items() if after.get(series) == digest}
    assert Series("journeys_ended", Level.SERVICE, "") in same
    assert not any(series.metric_id.startswith("satisfaction") for series in same)


@pytest.mark.parametrize("time", TIMES)
def test_what_is_the_same_is_not_told_again_and_the_rest_is(time: str) -> None:
    world, other = WORLDS["nobody", time], WORLDS["an answer", time]
    formulas = formulas_of(world.scope.levels, world.period.kind)
    memory = {name: sent for _, name, sent in Telling(world, {}, {}).all(formulas)}
    assert list(Telling(world, memory, {}).all(formulas)) == []
    told = {name for _, name, _ in Telling(other, memory, {}).all(formulas)}
    assert 5 < len(told) < len(memory)


def test_what_was_read_back_is_computed_again() -> None:
    """Messages tell nothing of what they were made from."""
    world = WORLDS["nobody", "end"]
    formulas = formulas_of(world.scope.levels, world.period.kind)
    memory = {
        name: replace(sent, inputs="") for _, name, sent in Telling(world, {}, {}).all(formulas)
    }
    assert len(list(Telling(world, memory, {}).all(formulas))) == len(memory)
