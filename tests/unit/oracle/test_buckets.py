"""The count of unlinked events, on cases worked out by hand."""

from collections import Counter
from typing import Any

from schemas.catalogue import Catalogue
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Channel, ContactReason, Provenance, Quality
from tests.builders import at, record
from tests.oracle.buckets import Counts, Place, buckets
from tests.unit.schemas.test_catalogue import catalogue as one_service

FEEDBACK = {"about": "touchpoint", "instrument": "page", "construct": "ease", "scale": "1..5"}


def catalogue(zone: str = "Europe/Amsterdam") -> Catalogue:
    return one_service(id="building-permit", time_zone=zone)


def once(ident: str, time: str, **changes: Any) -> TouchpointRecord:
    return record(ident, time=at(time), identity_kind="once", **changes)


def place(hour: str, touchpoint: str = "visited") -> Place:
    return Place(
        clock="live",
        agency="municipality",
        service="building-permit",
        touchpoint=touchpoint,
        channel=Channel.WEBSITE,
        quality=Quality.VALID,
        provenance=Provenance.OBSERVED,
        hour=at(hour),
    )


def test_events_of_one_hour_are_counted_together_and_of_the_next_apart() -> None:
    events = [
        once("1", "2026-01-05 09:00:00"),
        once("2", "2026-01-05 09:59:59"),
        once("3", "2026-01-05 10:00:00"),
    ]
    assert buckets(events, catalogue()) == {
        place("2026-01-05 09:00"): Counts(actions=Counter({Action.VISITED: 2})),
        place("2026-01-05 10:00"): Counts(actions=Counter({Action.VISITED: 1})),
    }


def test_the_hour_is_that_of_the_services_time_zone() -> None:
    found = buckets([once("1", "2026-01-05 09:10")], catalogue("Asia/Kolkata"))
    assert list(found) == [place("2026-01-05 08:30")]


def test_the_hour_that_comes_twice_in_autumn_is_two() -> None:
    events = [once("1", "2026-10-25 00:30"), once("2", "2026-10-25 01:30")]
    hours = [p.hour for p in buckets(events, catalogue())]
    assert hours == [at("2026-10-25 00:00"), at("2026-10-25 01:00")]


def test_a_twin_counts_once_and_a_tally_counts_its_people() -> None:
    events = [once("1", "2026-01-05 09:00"), once("1", "2026-01-05 09:00")]
    tally = once("2", "2026-01-05 09:00", count=40)
    assert buckets([*events, tally], catalogue()) == {
        place("2026-01-05 09:00"): Counts(actions=Counter({Action.VISITED: 41}))
    }


def test_the_chain_and_the_answers_are_counted_by_instrument() -> None:
    events = [
        once("1", "2026-01-05 09:00", action="offered", touchpoint="page", feedback=FEEDBACK),
        once(
            "2",
            "2026-01-05 09:01",
            action="answered",
            touchpoint="page",
            feedback=FEEDBACK | {"answer": 5},
        ),
    ]
    assert buckets(events, catalogue()) == {
        place("2026-01-05 09:00", "page"): Counts(
            actions=Counter({Action.OFFERED: 1, Action.ANSWERED: 1}),
            chain=Counter({("page", Action.OFFERED): 1, ("page", Action.ANSWERED): 1}),
            answers=Counter({("touchpoint", "ease", "1..5", None, "page", 5): 1}),
        )
    }


def test_contacts_are_counted_by_reason() -> None:
    told = {"reason": "chase", "avoidable": True}
    events = [
        once("1", "2026-01-05 09:00", action="contacted", contact=told),
        once("2", "2026-01-05 09:00", action="contacted"),
    ]
    [counts] = buckets(events, catalogue()).values()
    assert counts.contacts == Counter({(ContactReason.CHASE, True): 1, (None, None): 1})


def test_linked_events_are_in_no_bucket() -> None:
    assert buckets([record("1")], catalogue()) == {}
