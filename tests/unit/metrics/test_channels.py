"""Channels: first, changed, last, and digital or not."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.journey import ChannelChoice
from tests.unit.metrics.scoring import books, by_label, numbers, score, told
from tests.unit.metrics.snapshots import START, ended, journey, visit


def chosen(*channels: str) -> tuple[ChannelChoice, ...]:
    """Channels half an hour apart; `agency:post` is the agency's."""
    return tuple(
        ChannelChoice.model_validate(
            {
                "time": START + timedelta(hours=n / 2),
                "channel": name.rpartition(":")[2],
                "initiator": name.rpartition(":")[0] or "citizen",
            }
        )
        for n, name in enumerate(channels)
    )


def test_a_switch_is_the_citizens_and_what_the_agency_sends_between_is_none() -> None:
    letter = ended("1", channels=chosen("website", "agency:post", "website"))
    called = ended("2", channels=chosen("website", "agency:post", "phone", "website"))
    going_on = journey("3", channels=chosen("website", "phone"))
    assert numbers(score("channel_switch_rate", [letter, called, going_on])) == (1, 2, 0.5)
    found = [m for m in told(books([letter, called])) if m.metric_id == "channel_switches"]
    assert {(m.dimensions.from_channel, m.dimensions.to_channel): m.value for m in found} == {
        ("website", "phone"): 1,
        ("phone", "website"): 1,
    }


def test_the_informed_are_among_those_who_could_have_switched() -> None:
    asked = ended("1", outcome="informed", started=None, channels=chosen("website"))
    called = ended("2", channels=chosen("website", "phone"))
    assert numbers(score("channel_switch_rate", [asked, called])) == (1, 2, 0.5)


def test_the_mix_is_of_all_ended_journeys_by_the_first_channel() -> None:
    web, paper = ended("1"), ended("2", first_channel="paper")
    nobody = ended("3", first_channel=None, outcome="informed", started=None)
    found = by_label("channel_mix", "channel", [web, paper, nobody, journey("4")])
    assert {channel: numbers(m) for channel, m in found.items()} == {
        "website": (1, 3, 1 / 3),
        "paper": (1, 3, 1 / 3),
        "none": (1, 3, 1 / 3),
    }


def test_loyal_is_who_began_digitally_and_ended_so() -> None:
    stayed = ended("1", channels=chosen("website", "phone", "mobile_app"))
    left = ended("2", channels=chosen("website", "phone"))
    paper = ended("3", first_channel="paper", channels=chosen("paper"))
    going_on = journey("4", channels=chosen("website", "phone"))
    found = score("channel_loyalty", [stayed, left, paper, going_on])
    assert numbers(found) == (1, 2, 0.5)


def test_a_call_after_the_end_or_a_letter_is_no_defection() -> None:
    channels = chosen("website", "agency:sms", "website", "agency:post", "phone")
    assert numbers(score("channel_loyalty", [ended(hours=1.75, channels=channels)])) == (1, 1, 1.0)


@pytest.mark.parametrize(
    ("how", "incl", "excl"),
    [
        ({"channel": "website"}, 1, 1),
        ({"channel": "website", "assisted": True}, 1, 0),
        ({"channel": "paper"}, 0, 0),
    ],
)
def test_taken_up_digitally_is_where_the_citizen_was_last_with_help_or_without(
    how: dict[str, Any], incl: int, excl: int
) -> None:
    seen = (visit(channel=how["channel"]),)
    served = ended("1", touchpoints=seen, assisted=how.get("assisted", False))
    lost = ended("2", outcome="abandoned")
    assert numbers(score("digital_takeup.incl", [served, lost])) == (incl, 1, incl)
    assert numbers(score("digital_takeup.excl", [served, lost])) == (excl, 1, excl)


def test_who_was_never_in_the_transaction_is_no_digital_one() -> None:
    told_only: Any = ended(touchpoints=(), last_touchpoint=None)
    assert numbers(score("digital_takeup.incl", [told_only])) == (0, 1, 0.0)
