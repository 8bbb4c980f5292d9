"""The rules come from the catalogue."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from schemas.catalogue import load
from services.journey.domain.rules import BEGINNING, FOREVER, rules_from

YAML = """
agency: municipality
contact: permits@example.org
services:
  - id: permit
    name: Permit
    owner: Permits
    time_zone: Europe/Amsterdam
    windows: {journey_gap: P10D, grace: P70D}
    touchpoints: [{id: form, name: Form, stage: transaction, channels: [website]}]
"""


def test_a_service_has_the_windows_and_the_zone_of_the_catalogue() -> None:
    rules = rules_from(load([("one.yaml", YAML)]), epoch=2).of("permit")
    assert (rules.journey_gap, rules.grace) == (timedelta(days=10), timedelta(days=70))
    assert rules.follow_up == timedelta(days=30)
    assert rules.zone == ZoneInfo("Europe/Amsterdam")


def test_a_service_that_is_not_listed_has_the_default_windows_in_utc() -> None:
    rules = rules_from(load([("one.yaml", YAML)]), epoch=2).of("unheard-of")
    assert (rules.journey_gap, rules.zone) == (timedelta(days=30), UTC)


def test_a_version_begins_with_the_epoch() -> None:
    assert rules_from(load([("one.yaml", YAML)]), epoch=2).version(3) == 2 * 2**44 + 3


def test_the_ends_of_time_leave_room_for_the_windows() -> None:
    rules = rules_from(load([("one.yaml", YAML)]), epoch=1).of("permit")
    assert BEGINNING - rules.grace < BEGINNING < FOREVER < FOREVER + rules.max_duration
