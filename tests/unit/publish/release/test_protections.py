"""What each protection is for: the attack without it succeeds, with it fails."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from schemas.metric import Sums
from services.publish.domain.release import scores
from services.publish.domain.release.asked import latest
from services.publish.domain.release.count import rest
from services.publish.domain.release.exposure import exposed
from services.publish.domain.release.people import People
from services.publish.domain.release.policy import Policy
from services.publish.domain.release.suppression import Why, sensitive
from services.publish.domain.release.tables import tables
from tests.unit.publish.release.attack import suppressed
from tests.unit.publish.release.town import Town, message, released

PLACE = {"service": "permits"}
SIZES = {"success": 500, "error": 4, "abandoned": 200, "informed": 90}


def test_who_knows_all_but_one_learns_the_last_one_without_rounding() -> None:
    of_twelve, known = 12, 11
    assert Policy(base=1).rounded(of_twelve) - known == 1
    assert Policy().rounded(known) == Policy().rounded(of_twelve) == 10


def test_an_exact_value_gives_the_counts_away_and_a_rounded_one_does_not() -> None:
    assert Fraction(9 / 13).limit_denominator(20) == Fraction(9, 13)
    value = scores.share(Policy().rounded(9), Policy().rounded(13)).value or 0
    assert Fraction(value).limit_denominator(20) == Fraction(2, 3)


def test_a_small_complement_is_hidden_like_a_small_number() -> None:
    built = tables([message("completion_rate.live", 100, 97, place=PLACE)])
    (proportion,) = built.proportions
    assert sensitive(built, Policy()) == {proportion.left: Why.SMALL_COMPLEMENT}
    assert proportion.left.name == rest("decided", "complete")


def test_all_of_few_says_something_of_everyone() -> None:
    of_few = tables([message("completion_rate.live", 29, 29, place=PLACE)])
    assert set(sensitive(of_few, Policy()).values()) == {Why.SAYS_ALL}
    assert not sensitive(tables([message("completion_rate.live", 30, 30, place=PLACE)]), Policy())


def test_journeys_of_one_person_are_one_person() -> None:
    built = tables([message("journeys_started", 12, None, place=PLACE, citizens=Sums(n=1))])
    assert set(sensitive(built, Policy()).values()) == {Why.FEW_PEOPLE}


def test_ten_citizens_are_enough_however_often_others_came() -> None:
    shown = tables([message("journeys_started", 10, None, place=PLACE)])
    again = tables([message("journeys_started", 200, None, place=PLACE, citizens=Sums(n=10))])
    few = tables([message("journeys_started", 200, None, place=PLACE, citizens=Sums(n=9))])
    assert not sensitive(shown, Policy())
    assert not sensitive(again, Policy())
    assert sensitive(few, Policy())


def test_a_part_and_the_rest_are_counted_in_citizens_each() -> None:
    """Three people began thirty journeys that were completed."""
    once = Sums(n=43, numerator=3)
    built = tables([message("completion_rate.live", 70, 30, place=PLACE, citizens=once)])
    assert {count.name for count in sensitive(built, Policy())} == {"complete"}


def test_visitors_are_counted_from_thirty_on_where_citizens_are_too_few() -> None:
    def hidden(n: int, citizens: int, unnamed: int) -> bool:
        sums: dict[str, Any] = {"citizens": Sums(n=citizens), "unnamed": Sums(n=unnamed)}
        told = message("journeys_started", n, None, place=PLACE, **sums)
        return bool(sensitive(tables([told]), Policy()))

    assert hidden(29, 5, 24)
    assert not hidden(30, 5, 25)
    assert hidden(30, 9, 1)  # known to be few: 20 of theirs are no reason to show them
    assert not hidden(12, 10, 2)
    assert hidden(40, 1, 8)  # one citizen came 32 times


@pytest.mark.parametrize(("n", "is_hidden"), [(29, True), (30, False)])
def test_answers_of_unlinked_people_need_thirty(n: int, *, is_hidden: bool) -> None:
    question = {"construct": "satisfaction", "scale": "1..5", "instrument": "exit"}
    sums: dict[str, Any] = {
        "citizens": Sums(n=n - 1, distribution={"5": n - 1}),
        "unnamed": Sums(n=1, distribution={"5": 1}),
    }
    told = message(
        "satisfaction.linear", n, None, place=PLACE, distribution={"5": n}, **sums, **question
    )
    assert bool(sensitive(tables([told]), Policy())) is is_hidden


def test_all_of_few_citizens_says_something_of_everyone() -> None:
    often = Sums(n=29, numerator=29)
    built = tables([message("completion_rate.live", 90, 90, place=PLACE, citizens=often)])
    assert set(sensitive(built, Policy()).values()) == {Why.SAYS_ALL}


def test_a_revision_must_be_of_enough_people_whoever_came_again() -> None:
    assert Policy().has_moved(112, 100, People(112))
    assert not Policy().has_moved(112, 100, People(111))
    assert not Policy().has_moved(131, 100, People(131 - 50, 50))
    assert Policy().has_moved(132, 100, People(132 - 50, 50))
    assert not Policy().has_moved(131, 100, None)


def test_who_has_gone_may_have_been_one_person_whoever_is_left() -> None:
    """One citizen of 20 had 14 of 33 journeys."""
    assert not Policy().has_moved(19, 35, People(19))
    assert Policy().has_moved(68, 100, People(68))
    assert not Policy().has_moved(69, 100, People(69))


def test_where_nobody_counts_people_thirty_are_needed() -> None:
    few = tables([message("journeys_started", 29, None, place=PLACE, citizens=None)])
    enough = tables([message("journeys_started", 30, None, place=PLACE, citizens=None)])
    assert sensitive(few, Policy())
    assert not sensitive(enough, Policy())


def test_what_was_hidden_once_stays_hidden_and_would_not_otherwise() -> None:
    small, grown = _town(4), _town(400)
    first = released(small, ("2026-09",))
    again = released(grown, ("2026-09",), first)
    hidden = {one.model_dump_json() for one in suppressed(first)}
    assert hidden
    assert hidden <= {one.model_dump_json() for one in latest(again).values()}
    assert len(suppressed(released(grown, ("2026-09",)))) < len(hidden)


@pytest.mark.parametrize(
    ("more", "today", "revised"),
    [
        (1, date(2027, 1, 15), False),
        (90, date(2027, 1, 15), True),
        (90, date(2027, 1, 21), True),
        (90, date(2027, 1, 14), False),
        (90, date(2027, 1, 22), False),
    ],
)
def test_a_revision_needs_its_day_and_enough_people(
    more: int, today: date, *, revised: bool
) -> None:
    first = released(_town(417), ("2026-09",))
    again = released(_town(417 + more), ("2026-09",), first, today)
    assert Policy().rounded(417) != Policy().rounded(418)  # one person would be seen
    assert (len(again) > len(first)) is revised


def test_who_did_not_start_is_who_was_informed() -> None:
    """Beside all who ended and those who succeeded it tells who did neither."""
    sizes = {"success": 500, "error": 4, "informed": 90}
    ended = message("journeys_ended", 594, None, place=PLACE, distribution=sizes)
    built = tables([ended, message("start_rate", 390, 300, place=PLACE)])
    hidden = {count for count in built.counts if count.name == "error"}
    told = [s for s in built.statistics.values() if s.cell.part in {None, ("outcome", "success")}]
    assert hidden == set(exposed(built, {count for one in told for count in one.tells}, hidden, 10))


def test_k_has_a_floor() -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        Policy(k=4)


def _town(errors: int) -> Town:
    return {("2026-09", "permits", o, "website"): n for o, n in {**SIZES, "error": errors}.items()}
