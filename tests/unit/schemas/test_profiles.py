"""The national profiles name measures that exist, each profile and figure once."""

import re

from schemas.profiles import PROFILES
from services.metrics.domain.measures import FORMULAS


def test_every_profile_is_named_once_and_has_figures() -> None:
    ids = [profile.id for profile in PROFILES]
    assert len(ids) == len(set(ids))
    assert all(profile.figures for profile in PROFILES)
    assert [p.country for p in PROFILES if not re.fullmatch("[A-Z]{2}", p.country)] == []


def test_every_figure_is_a_measure_of_ours_and_named_once_in_its_profile() -> None:
    known = {formula.metric_id for formula in FORMULAS}
    for profile in PROFILES:
        named = [figure.metric_id for figure in profile.figures]
        assert len(named) == len(set(named))
        assert set(named) - known == set()
        assert len({figure.words for figure in profile.figures}) == len(named)
