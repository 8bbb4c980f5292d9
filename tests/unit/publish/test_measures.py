"""The names of the measures are those of the measures that are told."""

import pytest

from schemas.vocabulary import Level
from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import Formula
from services.publish.domain.measures import BY_ID, MEASURES
from services.publish.domain.numbers import PARTS


def of(formula: Formula) -> str:
    return f"{formula.metric_id}-{formula.level}"


def test_every_id_is_named_once() -> None:
    assert len(BY_ID) == len(MEASURES)


@pytest.mark.parametrize("formula", FORMULAS, ids=of)
def test_a_measure_that_metrics_tells_is_known_here_with_its_unit_spans_and_level(
    formula: Formula,
) -> None:
    known = BY_ID[formula.metric_id]
    assert known.unit.value == formula.unit.value
    assert known.spans == formula.periods
    assert formula.level in known.levels


@pytest.mark.parametrize("formula", FORMULAS, ids=of)
def test_a_measure_that_is_told_in_parts_is_known_to_be(formula: Formula) -> None:
    cut = [label for label in formula.labels if label in PARTS]
    assert bool(BY_ID[formula.metric_id].cut_by) == bool(cut)
    assert BY_ID[formula.metric_id].cut_by in {"", *cut}


def test_there_is_a_measure_for_touchpoints_and_for_services() -> None:
    assert {level for measure in MEASURES for level in measure.levels} == {
        Level.SERVICE,
        Level.TOUCHPOINT,
    }
