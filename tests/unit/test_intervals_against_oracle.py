"""The intervals that are told with the numbers, against those a statistician's library has for the
numbers of the oracle.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import SCALE_RANGE, Action, Construct, PeriodKind, Scale
from tests.builders import pseudonym
from tests.folding import fold_log
from tests.oracle.buckets import buckets
from tests.oracle.intervals import MEANS, NETS, SHARES, interval
from tests.oracle.journeys import journeys
from tests.oracle.measures import numbers
from tests.unit.test_domain_against_oracle import CATALOGUE, RULES, last_tick
from tests.unit.test_measures_against_oracle import cell_of, messages, one

MONTH = PeriodKind.MONTH
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
    """One citizen who starts, ends somehow, and is asked everything."""
    done = rng.choice((Action.COMPLETED, Action.COMPLETED, Action.WITHDRAWN))
    told = [one(f"{who} start", who, Action.STARTED), one(f"{who} end", who + 9, done)]
    asked = {"about": "journey", "instrument": "exit"}
    told.append(one(f"{who} offer", who + 10, Action.OFFERED, feedback=asked))
    for number, (construct, scale) in enumerate(QUESTIONS if rng.random() < 0.8 else ()):
        low, high = SCALE_RANGE[scale]
        answer = max(low, min(high, round(rng.gauss(low + 0.7 * (high - low), high / 4))))
        side = {"driver": "ease", "polarity": rng.choice(("positive", "negative"))}
        said = asked | {
            "instrument": f"exit-{scale}",
            "construct": construct,
            "scale": scale,
            "answer": answer,
            "drivers": [side | {"chosen": rng.randint(0, 1)}],
        }
        told.append(one(f"{who} {number}", who + 11 + number, Action.ANSWERED, feedback=said))
    return (event.model_copy(update={"subject": pseudonym(str(who))}) for event in told)


@pytest.mark.parametrize("people", [1, 4, 60])
def test_every_interval_is_that_of_the_librarys_methods(people: int) -> None:
    rng = Random(people)
    records = [event for who in range(people) for event in life(who, rng)]
    records.sort(key=lambda event: (event.time, event.id))
    folded = fold_log([*records, last_tick(records)], RULES)
    told = list(messages([*folded.journeys, *folded.buckets], MONTH))
    truth = numbers(journeys(records, CATALOGUE), buckets(records, CATALOGUE), CATALOGUE, [MONTH])
    seen: Counter[str] = Counter()
    for message in told:
        name = message.metric_id
        if name in {*SHARES, *MEANS, *NETS} and message.value is not None:
            cell = cell_of(message)
            ends = interval(name, cell.dimensions, truth[cell])
            assert (message.ci_low, message.ci_high) == pytest.approx(ends, abs=1e-7), name
            seen[name] += 1
    assert set(MEANS) | set(NETS) <= set(seen)
    assert len(SHARES & set(seen)) >= 10
