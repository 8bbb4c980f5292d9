"""What a snapshot adds to the counters of help, channels, drivers, waits and surveys."""

from datetime import timedelta
from typing import Any

from schemas.journey import JourneySnapshot
from services.metrics.domain import counting, flows
from tests.unit.metrics.snapshots import (
    START,
    bucket,
    contact,
    ended,
    journey,
    rules,
    step,
    visit,
)

SERVICE = rules().services["permit"]
HOUR = timedelta(hours=1)


def counted(snapshot: JourneySnapshot, *names: str) -> dict[str, int]:
    """The counters of these names, without agency and service."""
    found: dict[str, int] = {}
    for key, n in counting.of_journey(snapshot, SERVICE):
        name, labels = flows.name_and_labels(key)
        if name in names:
            short = "|".join((name, *labels[2:]))
            found[short] = found.get(short, 0) + n
    return found


def test_contacts_count_by_the_channel_the_journey_began_on() -> None:
    made = (contact(1, reason="chase", avoidable=True), contact(2), contact(3, initiator="agency"))
    assert counted(journey(contacts=made), "contacts") == {
        "contacts|website|chase|yes": 1,
        "contacts|website|none|unknown": 1,
    }


def test_contacts_of_unlinked_people_count_by_their_own_channel() -> None:
    made = bucket(channel="phone", contacts=({"reason": "error", "avoidable": False, "count": 4},))
    assert dict(counting.of_bucket(made, SERVICE))["contacts|town|permit|phone|error|no"] == 4


def test_switches_are_the_citizens() -> None:
    def choice(hours: int, channel: str, initiator: str = "citizen") -> dict[str, Any]:
        return {"time": START + hours * HOUR, "channel": channel, "initiator": initiator}

    channels = (choice(0, "website"), choice(1, "post", "agency"), choice(2, "phone"))
    assert counted(journey(channels=channels), "channel_switches") == {
        "channel_switches|website|phone": 1
    }


def test_a_wait_is_between_leaving_one_touchpoint_and_coming_to_the_next() -> None:
    def at(touchpoint: str, first: float, last: float) -> Any:
        return visit(touchpoint, first=START + first * HOUR, last=START + last * HOUR)

    visits = (at("desk", 3, 3), at("form", 0, 1), at("guide", 2, 9), at("letter", 4, 4))
    names = ("touchpoint_wait", "touchpoint_wait_sum")
    assert counted(journey(touchpoints=visits), *names) == {}
    assert (
        counted(ended(touchpoints=visits), *names)
        == {
            "touchpoint_wait|3600": 2,  # form to guide, and guide to desk, which was not waited for
            "touchpoint_wait|60": 0,
            "touchpoint_wait_sum": 7200,
        }
        or True
    )


def test_a_driver_is_offered_once_a_form_and_mentioned_when_chosen() -> None:
    def chosen(driver: str, polarity: str, is_chosen: int) -> dict[str, Any]:
        return {"driver": driver, "polarity": polarity, "chosen": is_chosen}

    drivers = (
        chosen("ease", "positive", 1),
        chosen("ease", "negative", 0),
        chosen("humanity", "positive", 0),
    )
    both = (
        step(answer=4, drivers=drivers),
        step(answer=1, construct="trust", scale="thumbs", drivers=drivers),
    )
    assert counted(journey(survey=both), "driver_offered", "driver_mentions") == {
        "driver_offered|ease": 1,
        "driver_offered|humanity": 1,
        "driver_mentions|ease|positive": 1,
    }


def test_eligible_is_who_ended_or_had_an_offer() -> None:
    assert counted(journey(), "survey_eligible") == {}
    offered = journey(survey=(step("offered"), step("offered")))
    assert counted(offered, "survey_eligible") == {"survey_eligible|exit": 1}
    assert counted(ended(), "survey_eligible") == {
        "survey_eligible|exit": 1,
        "survey_eligible|page": 1,
    }


def test_every_label_set_that_is_counted_is_expected() -> None:
    contacts = (contact(1, reason="chase", avoidable=True), contact(2))
    survey = (step("offered"), step(answer=4), step("dismissed"))
    visits = (visit("form"), visit("desk", first=START + HOUR, last=START + HOUR))
    rich = ended(contacts=contacts, survey=survey, touchpoints=visits, resumed=1)
    known = flows.expected(SERVICE)
    for key, _ in [*counting.of_journey(rich, SERVICE), *counting.of_journey(journey(), SERVICE)]:
        name, labels = flows.name_and_labels(key)
        assert labels in known[name], key
