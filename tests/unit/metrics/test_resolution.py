"""Repeated contacts, contacts per resolved journey, and the first contact that was enough."""

from datetime import timedelta
from typing import Any

from schemas.journey import JourneySnapshot
from tests.unit.metrics.scoring import numbers, score
from tests.unit.metrics.snapshots import contact, ended, journey

ENDED = 2  # hours after the start
MONTH = timedelta(days=28) / timedelta(hours=1)


def test_a_contact_is_repeated_when_another_came_before_it() -> None:
    first = contact(1)
    soon = contact(2, repeat_7d=True, repeat_28d=True)
    later = contact(3, repeat_28d=True)
    made = [journey("1", contacts=(first, soon, later)), journey("2", contacts=(first,))]
    assert numbers(score("repeat_contact_rate.7d", made)) == (1, 4, 0.25)
    assert numbers(score("repeat_contact_rate.28d", made)) == (2, 4, 0.5)


def test_of_people_who_are_not_linked_nobody_knows_what_they_repeat() -> None:
    partly = journey(identity="partial", contacts=(contact(1, repeat_7d=True, repeat_28d=True),))
    assert score("repeat_contact_rate.7d", [partly]) is None


def test_contacts_per_resolved_has_the_contacts_of_the_unresolved_too() -> None:
    served = [ended("1", contacts=(contact(1), contact(1.5))), ended("2")]
    lost = ended("3", outcome="abandoned", contacts=(contact(1), contact(1, initiator="agency")))
    going_on = journey("4", contacts=(contact(1),))
    found = score("contacts_per_resolved", [*served, lost, going_on])
    assert numbers(found) == (3, 2, 1.5)
    assert found is not None
    assert found.ci_high is not None
    assert found.ci_high > 1.5


def test_who_resolved_nothing_has_no_contacts_per_resolved() -> None:
    lost = ended(outcome="abandoned", contacts=(contact(1),))
    assert numbers(score("contacts_per_resolved", [lost])) == (1, 0, None)


def first(ident: str, *hours: float, **changes: Any) -> JourneySnapshot:
    return ended(ident, ENDED, contacts=tuple(contact(h) for h in hours), **changes)


def test_one_contact_before_the_end_and_none_after_it_resolved_the_journey() -> None:
    made = [
        first("once", 1),
        first("informed", 1, outcome="informed", started=None),
        first("long after", 1, ENDED + MONTH + 1),
        first("twice", 1, 1.5),
        first("soon after", 1, ENDED + MONTH),
        first("only after", ENDED + 1),
        first("lost", 1, outcome="abandoned"),
        first("never"),
        first("much later only", ENDED + MONTH + 1),
    ]
    assert numbers(score("first_contact_resolution", made)) == (3, 7, 3 / 7)
