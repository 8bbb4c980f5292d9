"""The intervals that are told with the numbers, against those that statisticians' libraries have
for the numbers of the oracle.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import SCALE_RANGE, Action, Construct, ContactReason, PeriodKind, Scale
from services.metrics.domain.intervals import Method
from tests.builders import pseudonym
from tests.folding import fold_log
from tests.oracle.buckets import buckets
from tests.oracle.journeys import journeys
from tests.oracle.measures import numbers
from tests.told_numbers import compared, named
from tests.unit.test_domain_against_oracle import CATALOGUE, RULES, last_tick
from tests.unit.test_measures_against_oracle import messages, one

MONTH = PeriodKind.MONTH
EVERY_METHOD = {m.value for m in Method} - {Method.NONE, Method.BOUNDS}
QUESTIONS = (
    (Construct.SATISFACTION, Scale.ONE_TO_FIVE),
    (Construct.SATISFACTION, Scale.SMILEYS),
    (Construct.TRUST, Scale.THUMBS),
    (Construct.TRUST_CHANGE, Scale.ONE_TO_FIVE),
    (Construct.TRUST_LEVEL, Scale.ZERO_TO_TEN),
    (Construct.TASK_SUCCESS, Scale.YES_NO),
    (Construct.EASE, Scale.ONE_TO_SEVEN),
    (Construct.RECOMMEND, Scale.ZERO_TO_TEN),
    (Construct.RECOMMEND, Scale.ONE_TO_TEN),
    (Construct.REUSE_INTENT, Scale.ONE_TO_TEN),
    (Construct.COMPREHENSION, Scale.ONE_TO_FIVE),
    (Construct.HELP_QUALITY, Scale.ONE_TO_FIVE),
)


def life(who: int, rng: Random) -> Iterator[TouchpointRecord]:
    """One citizen who starts, may call and visit a desk, ends somehow, and is asked everything."""
    done = rng.choice((Action.COMPLETED, Action.COMPLETED, Action.WITHDRAWN))
    told = [one(f"{who} start", who, Action.STARTED), *calls(who, rng)]
    if rng.random() < 0.5:
        told.append(one(f"{who} visit", who + 8, Action.VISITED, touchpoint="desk"))
    told.append(one(f"{who} end", who + rng.randint(9, 99), done))
    asked = {"about": "journey", "instrument": "exit"}
    told.append(one(f"{who} offer", who + 100, Action.OFFERED, feedback=asked))
    for number, (construct, scale) in enumerate(QUESTIONS if rng.random() < 0.8 else ()):
        said = {**asked, "construct": construct, **answer(scale, rng)}
        told.append(one(f"{who} {number}", who + 101 + number, Action.ANSWERED, feedback=said))
    there = {**asked, "about": "touchpoint", "construct": Construct.SATISFACTION}
    there |= answer(Scale.ONE_TO_FIVE, rng)
    told.append(one(f"{who} there", who + 120, Action.ANSWERED, feedback=there))
    return (event.model_copy(update={"subject": pseudonym(str(who))}) for event in told)


def calls(who: int, rng: Random) -> Iterator[TouchpointRecord]:
    """Up to four, of which some were avoidable."""
    for number in range(rng.randint(0, 4)):
        why = rng.choice((ContactReason.CHASE, ContactReason.CLARIFY))
        noted = {"reason": why, "avoidable": rng.random() < 0.4, "reached": True}
        yield one(f"{who} call {number}", who + 1 + number, Action.CONTACTED, contact=noted)


def answer(scale: Scale, rng: Random) -> dict[str, Any]:
    """What one says on a scale, and of a driver."""
    low, high = SCALE_RANGE[scale]
    given = max(low, min(high, round(rng.gauss(low + 0.7 * (high - low), high / 4))))
    side = {"driver": "ease", "polarity": rng.choice(("positive", "negative"))}
    drivers = [side | {"chosen": rng.randint(0, 1)}]
    return {"instrument": f"exit-{scale}", "scale": scale, "answer": given, "drivers": drivers}


@pytest.mark.parametrize("people", [1, 4, 100])
def test_every_interval_is_that_of_the_librarys_methods(people: int) -> None:
    rng = Random(people)
    records = [event for who in range(people) for event in life(who, rng)]
    records.sort(key=lambda event: (event.time, event.id))
    folded = fold_log([*records, last_tick(records)], RULES)
    told = named(messages([*folded.journeys, *folded.buckets], MONTH), CATALOGUE, [MONTH])
    every = numbers(journeys(records, CATALOGUE), buckets(records, CATALOGUE), CATALOGUE, [MONTH])
    truth = {cell: number for cell, number in every.items() if number.n > 0}
    assert compared(truth, told) == truth
    methods = {message.ci_method for message in told.values()} - {None}
    assert methods == EVERY_METHOD if people == 100 else methods < EVERY_METHOD
