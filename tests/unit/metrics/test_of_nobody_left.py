"""Labels that something seemed to fall under, until it was counted anew elsewhere, say nothing."""

import pytest

from services.metrics.domain.measures import FORMULAS
from services.metrics.domain.measures.family import Reading, Score

ENDED = {"website": {"success": 3}, "": {"success": 3}}


@pytest.mark.parametrize("metric_id", ["channel_mix", "coverage", "path_share"])
def test_a_share_of_all_journeys_is_not_told_of_what_nobody_is_left_in(metric_id: str) -> None:
    (formula,) = [f for f in FORMULAS if f.metric_id == metric_id]
    counts = {measure: {"success": 0, "offered": 0, "ended": 0} for measure in formula.reads}
    beside = dict.fromkeys(formula.beside, ENDED)
    assert formula.score(Reading(counts, beside=beside)) == Score(0)
