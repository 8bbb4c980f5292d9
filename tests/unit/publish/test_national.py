"""The national profiles."""

from schemas.profiles import COST, PROFILES
from services.publish.domain.measures import BY_ID
from services.publish.domain.national import nationals
from tests.unit.publish.samples import SURVEY, message, rate
from tests.unit.publish.view_of import view_of


def test_every_measure_of_a_profile_is_one_we_tell() -> None:
    asked = {figure.metric_id for profile in PROFILES for figure in profile.figures}
    assert asked <= set(BY_ID)


def test_the_same_answers_have_the_name_that_each_country_gives_them() -> None:
    told = nationals(view_of(rate("satisfaction.top2", 30, 60, **SURVEY)))
    named = {
        profile.country: row.words
        for profile in told
        for row in profile.rows
        if row.figure.formula == "satisfaction.top2" and row.figure.value
    }
    assert named["GB"] == "User satisfaction, as the share who are satisfied"
    assert named["US"] == "Satisfaction (CSAT), as the share of 4 and 5"


def test_what_is_told_in_parts_has_a_row_for_each() -> None:
    drivers = [message("driver_balance", value=0.2, driver=name) for name in ("ease", "humanity")]
    rows = [row for profile in nationals(view_of(*drivers)) for row in profile.rows]
    assert [row.part for row in rows if row.figure.value == 0.2] == ["ease", "humanity"]


def test_what_nobody_told_is_no_number_and_what_is_not_known_here_is_named() -> None:
    told = nationals(view_of())
    assert {row.figure.value for profile in told for row in profile.rows} == {None}
    assert "Cost per transaction" in told[0].lacks


def test_what_stands_on_the_scorecard_is_not_called_unknown() -> None:
    assert "Cost per transaction" not in nationals(view_of(), known=(COST,))[0].lacks
