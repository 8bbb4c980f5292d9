"""Whose events can be joined, and what counts nowhere."""

from schemas.journey import Account, Bucket, JourneySnapshot
from services.metrics.domain.measures.quality import shares_of
from tests.unit.metrics.scoring import by_label, numbers, score
from tests.unit.metrics.snapshots import bucket, journey, visit

LINKED = journey("1", touchpoints=(visit(count=4), visit("desk", channel="in_person", count=2)))
PARTIAL = journey("2", identity="partial")
UNLINKED = bucket(actions={"visited": 2, "started": 1})
BOTS = bucket(quality="bot_suspected", actions={"visited": 8})
TESTS = bucket(quality="test", actions={"visited": 2})
ALL: list[JourneySnapshot | Bucket] = [LINKED, PARTIAL, UNLINKED, BOTS, TESTS]


def test_linked_are_the_events_of_people_who_can_be_recognised_among_the_valid() -> None:
    assert numbers(score("identity_linked_share", ALL)) == (6, 10, 0.6)
    found = by_label("identity_linked_share.by_channel", "channel", ALL)
    assert {channel: numbers(m) for channel, m in found.items()} == {
        "website": (4, 8, 0.5),
        "in_person": (2, 2, 1.0),
    }


def test_bots_and_unlinked_people_are_shares_of_all_that_was_accepted() -> None:
    assert numbers(score("bot_share", ALL)) == (8, 20, 0.4)
    assert numbers(score("unlinked_share", ALL)) == (3, 20, 0.15)


def test_what_came_late_twice_or_wrong_is_a_share_of_all_that_came() -> None:
    account = Account(applied=5, duplicate=2, late=2, rejected={"internal": 1})
    assert shares_of(account) == {
        "late_share": 0.2,
        "duplicate_share": 0.2,
        "rejected_share": 0.1,
    }


def test_of_nothing_there_is_no_share() -> None:
    assert set(shares_of(Account()).values()) == {None}
