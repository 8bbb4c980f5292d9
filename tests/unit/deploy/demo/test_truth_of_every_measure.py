"""There is no measure whose numbers nobody has worked out otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy.demo.citizens import history
from deploy.demo.desks import desks
from deploy.demo.truth.numbers import CALENDAR, expected
from schemas.vocabulary import ROLLING, Level, PeriodKind
from services.metrics.domain.formulas import TOLD
from tests.unit.deploy.demo.admission import CATALOGUE

LONG = (PeriodKind.ROLLING_28D, PeriodKind.ROLLING_365D)
END = datetime(2026, 9, 14, tzinfo=UTC)
TOLD_OF = history(1, 1_000, (END - timedelta(days=120), END), desks(CATALOGUE))
TRUTH = expected(CATALOGUE, TOLD_OF.journeys, TOLD_OF.glimpses, END)


def test_the_stories_and_their_truth_cover_every_formula_at_every_level() -> None:
    covered = {(key.metric, key.level) for key in TRUTH if key.period in CALENDAR}
    assert covered == {(f.metric_id, f.level) for f in TOLD if f.periods.intersection(CALENDAR)}
    assert {level for _, level in covered} == set(Level)


@pytest.mark.parametrize("kind", sorted(ROLLING - {PeriodKind.ROLLING_1H}))
def test_windows_are_of_the_measures_that_are_told_of_them(kind: PeriodKind) -> None:
    covered = {key.metric for key in TRUTH if key.period is kind}
    told = {f.metric_id for f in TOLD if kind in f.periods}
    assert covered <= told
    # In a day not everything happens.
    assert len(covered) > (0.9 if kind in LONG else 0.5) * len(told)


def test_every_measure_has_a_value_somewhere() -> None:
    without = {key.metric for key in TRUTH}
    without -= {key.metric for key, number in TRUTH.items() if number.value is not None}
    # So few people leave these without: nine of ten never complete, and both groups need 30.
    assert without <= {"time_to_complete.started.p90", "touchpoint_impact"}
