"""Contacts: how many, why, and whether they were needless."""

from typing import Any

import pytest

from tests.unit.metrics.scoring import by_label, numbers, score
from tests.unit.metrics.snapshots import bucket, contact, ended, journey


def calling(ident: str = "1", *contacts: Any, **changes: Any) -> Any:
    return journey(ident, contacts=contacts, **changes)


def test_contacts_are_the_citizens_own_and_those_of_unlinked_people() -> None:
    mine = (contact(1), contact(2, channel="email"), contact(3, initiator="agency"))
    guessed = (contact(1, provenance="estimated"), contact(2, provenance="moderated"))
    others = bucket(channel="phone", contacts=({"count": 4},))
    found = by_label("contacts", "channel", [calling("1", *mine), calling("2", *guessed), others])
    assert {channel: m.value for channel, m in found.items()} == {"phone": 5, "email": 1}


@pytest.mark.parametrize("changes", [{"quality": "test"}, {"provenance": "moderated"}])
def test_what_may_not_enter_a_score_is_no_contact(changes: dict[str, Any]) -> None:
    assert by_label("contacts", "channel", [bucket(contacts=({"count": 4},), **changes)]) == {}


def test_a_reason_nobody_noted_is_none() -> None:
    made = (contact(1, reason="chase", avoidable=True), contact(2))
    found = by_label("contacts.by_reason", "reason", [calling("1", *made)])
    assert {reason: m.value for reason, m in found.items()} == {"chase": 1, "none": 1}
    assert found["chase"].distribution == {"yes": 1}
    assert found["none"].distribution == {"unknown": 1}


def test_the_avoidable_share_is_of_the_contacts_of_which_it_is_known() -> None:
    golden = [
        *(calling(f"one {n}", contact(1, avoidable=False)) for n in range(15)),
        *(
            calling(f"two {n}", contact(1, avoidable=False), contact(2, avoidable=True))
            for n in range(4)
        ),
        calling("five", contact(1, avoidable=False), *[contact(2, avoidable=True)] * 4),
        calling("unknown", contact(1)),
    ]
    found = score("avoidable_contact_share", golden)
    assert numbers(found) == (8, 28, 8 / 28)
    assert found is not None
    assert (found.ci_low, found.ci_high) == pytest.approx((0.0755, 0.4960), abs=5e-5)


def test_each_reason_has_its_avoidable_share_and_all_have_one() -> None:
    chase = contact(1, reason="chase", avoidable=True)
    need = contact(2, reason="new_need", avoidable=False)
    unlinked = bucket(contacts=({"reason": "chase", "avoidable": False, "count": 3},))
    made = [calling("1", chase, need), unlinked]
    found = by_label("avoidable_contact_share.by_reason", "reason", made)
    assert numbers(found["chase"]) == (1, 4, 0.25)
    assert numbers(found["new_need"]) == (0, 1, 0.0)
    assert numbers(score("avoidable_contact_share", made)) == (1, 5, 0.2)


def test_help_is_reachable_only_from_a_hundred_tries_on() -> None:
    tried = [ended(str(n), contacts=(contact(1, reached=n % 4 > 0),)) for n in range(100)]
    few, enough = score("help_reachability", tried[:99]), score("help_reachability", tried)
    assert few is not None
    assert (few.n, few.numerator, few.value, few.state) == (99, 74, None, "low_n")
    assert enough is not None
    assert (enough.n, enough.value, enough.state) == (100, 0.75, "ok")
    assert score("help_reachability", [calling("1", contact(1))]) is None
