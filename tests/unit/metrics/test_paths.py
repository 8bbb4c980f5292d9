"""Paths, coming back, and being sent elsewhere."""

from datetime import timedelta
from typing import Any

from schemas.journey import JourneySnapshot, TouchpointVisit
from services.metrics.domain.measures.paths import come_back_to, path_of
from tests.unit.metrics.scoring import by_label, numbers, score
from tests.unit.metrics.snapshots import START, contact, ended, journey, step, visit


def at(touchpoint: str, first: float, last: float | None = None, **changes: Any) -> TouchpointVisit:
    """A touchpoint visited first and last some minutes after the start."""
    minute = timedelta(minutes=1)
    until = first if last is None else last
    return visit(touchpoint, first=START + first * minute, last=START + until * minute, **changes)


def walked(ident: str, *visits: TouchpointVisit, **changes: Any) -> JourneySnapshot:
    return ended(ident, touchpoints=visits, **changes)


GUIDE_FORM = (at("guide", 0, stage="information"), at("form", 1))


def test_a_path_is_the_touchpoints_by_first_visit_with_those_come_back_to_marked() -> None:
    visits = (at("form", 1, 5), at("guide", 0), at("desk", 3), at("guide", 4))
    assert path_of(visits, come_back_to(visits)) == "guide > form* > desk"


def test_a_long_path_ends_after_eight() -> None:
    visits = tuple(at(f"t{n}", n) for n in range(9))
    assert path_of(visits[:8], frozenset()) == " > ".join(f"t{n}" for n in range(8))
    assert path_of(visits, frozenset()) == " > ".join(f"t{n}" for n in range(8)) + " > …"


def test_back_is_who_left_for_another_touchpoint_in_between() -> None:
    assert come_back_to((at("form", 0, 5), at("desk", 3))) == {"form"}
    assert come_back_to((at("guide", 0, 3), at("form", 1, 5))) == {"guide", "form"}
    assert come_back_to((at("form", 0, 5), at("desk", 5), at("letter", 9))) == set()


def test_a_contact_between_two_of_the_same_place_shows_that_it_was_left() -> None:
    visits = (at("desk", 0, 9), at("letter", 3, 6))
    calls = (contact(5 / 60, touchpoint="desk"),)
    assert come_back_to(visits) == {"desk"}
    assert come_back_to(visits, calls) == {"desk", "letter"}
    assert come_back_to((at("desk", 0, 9),), calls) == set()


def test_a_contact_on_the_way_is_a_detour_though_there_were_some_before_and_after() -> None:
    visits = (at("desk", -9, 90, stage="information"), at("form", 0), at("sent", 20))
    submitted = START + timedelta(minutes=20)
    calls = (contact(10 / 60, touchpoint="desk"), contact(90 / 60, touchpoint="desk"))
    way = walked("1", *visits, submitted=submitted, contacts=calls)
    before = walked("2", *visits, submitted=submitted, contacts=calls[1:])
    at_the_form = (contact(10 / 60, touchpoint="form"),)
    own = walked("3", *visits, submitted=submitted, contacts=at_the_form)
    assert numbers(score("detour_share", [way, before, own])) == (1, 3, 1 / 3)


def test_paths_have_their_share_their_completion_and_their_outcomes() -> None:
    short = [walked(f"short {n}", at("form", 0)) for n in range(2)]
    lost = walked("lost", at("form", 0), outcome="abandoned")
    asked = walked("asked", *GUIDE_FORM, outcome="informed", started=None)
    long = walked("long", *GUIDE_FORM)
    everybody = [*short, lost, asked, long, journey("open")]
    shares = by_label("path_share", "path", everybody)
    completed = by_label("path_completion", "path", everybody)
    assert numbers(shares["form"]) == (3, 5, 0.6)
    assert shares["form"].distribution == {"abandoned": 1, "success": 2}
    assert numbers(completed["form"]) == (2, 3, 2 / 3)
    assert numbers(completed["guide > form"]) == (1, 1, 1.0)


def test_only_twenty_paths_are_told_and_the_rest_as_other() -> None:
    often = [walked(f"{p} {n}", at(f"t{p}", 0)) for p in range(20) for n in range(2)]
    seldom = [walked(f"seldom {p}", at(f"u{p}", 0)) for p in range(30)]
    shares = by_label("path_share", "path", often + seldom)
    assert len(shares) == 21
    assert numbers(shares["other"]) == (30, 70, 30 / 70)
    assert numbers(shares["t7"]) == (2, 70, 2 / 70)


def test_a_path_has_the_satisfaction_of_its_journeys_in_five_steps() -> None:
    answers = [1] * 5 + [2] * 10 + [3] * 15 + [4] * 40 + [5] * 30
    golden = [
        walked(f"{n}", at("form", 0), survey=(step(answer=answer),))
        for n, answer in enumerate(answers)
    ]
    about_a_page = step(answer=1, about="touchpoint")
    smiley = step(answer=1, scale="smileys", instrument="other")
    others = [
        walked("page", at("form", 0), survey=(about_a_page,)),
        walked("smiley", at("form", 0), survey=(smiley,)),
        walked("trust", at("form", 0), survey=(step(answer=1, construct="trust"),)),
    ]
    found = by_label("path_satisfaction", "path", golden + others)["form"]
    assert (found.n, found.value, found.state) == (100, 0.7, "ok")
    assert (round(found.ci_low or 0, 4), round(found.ci_high or 0, 4)) == (0.6391, 0.7492)


def test_too_few_answers_on_a_path_are_suppressed() -> None:
    four = [walked(f"{n}", at("form", 0), survey=(step(answer=5),)) for n in range(4)]
    assert by_label("path_satisfaction", "path", four)["form"].state == "suppressed"


def test_the_loop_share_is_of_all_ended_journeys_that_were_there() -> None:
    back = walked("back", at("form", 0, 5), at("desk", 3))
    once = walked("once", at("form", 0), at("desk", 3))
    asked = walked("asked", at("form", 0, 2), outcome="informed", started=None)
    everybody = [back, once, asked, journey("open")]
    assert numbers(score("loop_share", everybody, "form")) == (1, 3, 1 / 3)
    assert numbers(score("loop_share", everybody, "desk")) == (0, 2, 0.0)


def test_a_detour_is_a_visit_outside_the_transaction_on_the_way() -> None:
    line: dict[str, Any] = {"stage": "information"}
    detour = walked("1", at("form", 0), at("line", 10, **line))
    before = walked("2", at("line", -10, **line), at("form", 0))
    sent = START + timedelta(minutes=5)
    after = walked("3", at("form", 0), at("line", 10, **line), submitted=sent)
    straight = walked("4", at("form", 0), at("desk", 10))
    again = walked("5", at("line", -10, 1, **line), at("form", 0))
    asked = walked("6", at("line", 10, **line), outcome="informed", started=None)
    found = score("detour_share", [detour, before, after, straight, again, asked])
    assert numbers(found) == (2, 5, 0.4)
