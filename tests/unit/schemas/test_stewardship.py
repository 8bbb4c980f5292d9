"""A contract as people read it."""

from datetime import date, timedelta

import pytest

from schemas.access import Access, Classification, PersonalData
from schemas.stewardship import DATA_SETS, OWNER, STEWARD, data_set, read_data_set
from schemas.topics import ERASURES, METRICS_INTERNAL, NAMES, TOUCHPOINTS

DAY = date(2026, 11, 29)


def test_every_topic_has_its_people_and_promises() -> None:
    assert tuple(one.name for one in DATA_SETS) == NAMES
    found = data_set(TOUCHPOINTS)
    assert (found.classification, found.kept, found.latency) == (
        Classification.PERSONAL,
        timedelta(days=27),
        timedelta(seconds=60),
    )
    assert found.available == pytest.approx(0.999)
    assert found.personal_data[0] is PersonalData.PSEUDONYMS
    assert (found.who(OWNER, DAY), found.who(STEWARD, DAY)) == (
        ("channel-owner",),
        ("ingest-steward",),
    )
    assert found.granted(Access.READ) == ("auditor", "journey", "steward")


def test_years_are_days_and_the_newest_of_each_key_has_no_end() -> None:
    assert data_set(ERASURES).kept == timedelta(days=2_557)
    assert data_set(METRICS_INTERNAL).kept is None


def test_a_member_without_a_last_day_stays() -> None:
    text = """
    schema: [{name: t.v1}]
    name: T
    version: 1.0.0
    description: {purpose: p, limitations: l}
    customProperties: [{property: classification, value: internal}]
    team: {members: [{username: ada, role: owner, dateIn: "2026-01-01"}]}
    slaProperties:
      - {property: retention, value: newest of each key}
      - {property: latency, value: 2, unit: min}
    """
    found = read_data_set(text)
    assert found.who(OWNER, date(2099, 1, 1)) == ("ada",)
    assert (found.latency, found.available, found.granted(Access.READ)) == (
        timedelta(minutes=2),
        None,
        (),
    )
