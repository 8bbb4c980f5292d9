"""What a snapshot's amounts depend on: equal numbers must mean equal amounts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import encode
from schemas.journey import JourneySnapshot
from services.metrics.domain.contribution import Counted, contribution
from services.metrics.domain.essence import basis_of, essence_of
from services.metrics.domain.rules import Rules
from services.metrics.tally import Batch, Tally
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import START, ended, journey, record, rules, step, visit

BASIS = basis_of(rules())
CONTACT = {
    "time": START,
    "touchpoint": "desk",
    "channel": "phone",
    "initiator": "citizen",
    "provenance": "observed",
}
AS_IT_WAS = ended()
OTHERWISE: dict[str, dict[str, Any]] = {
    "outcome": {"outcome": "error"},
    "end": {"ended": START + timedelta(hours=3)},
    "touchpoint": {"touchpoints": (visit(), visit("desk"))},
    "answer": {"survey": (step(answer=4),)},
    "contact": {"contacts": (CONTACT,)},
    "identity": {"identity": "partial"},
    "channel": {"first_channel": "paper"},
    "clock": {"clock": "other"},
}
SAME: dict[str, dict[str, Any]] = {
    "version": {"version": 2**52},
    "revision": {"revision": 3, "revision_reason": "reopened"},
    "closed": {"status": "closed", "closed": START + timedelta(days=30)},
    "final": {"status": "final", "closed": START + timedelta(days=30)},
}


def essence(snapshot: JourneySnapshot) -> int:
    return essence_of(encode(snapshot), BASIS)


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_how_it_stands_says_nothing_new(changes: dict[str, Any]) -> None:
    assert essence(ended(**changes)) == essence(AS_IT_WAS)


@pytest.mark.parametrize("changes", OTHERWISE.values(), ids=OTHERWISE)
def test_what_amounts_are_made_of_says_something_new(changes: dict[str, Any]) -> None:
    assert essence(ended(**changes)) != essence(AS_IT_WAS)


def test_open_and_ended_are_two_things() -> None:
    assert essence(journey(status="open")) != essence(journey(status="ended"))


def test_another_catalogue_makes_other_amounts() -> None:
    permit = rules().services["permit"]
    other = Rules({"permit": replace(permit, instruments=frozenset({"exit"}))})
    assert basis_of(other) != BASIS


standings = st.builds(
    lambda base, **changes: ended(**(base | changes)),
    st.sampled_from([{}, *OTHERWISE.values()]),
    status=st.sampled_from(["ended", "closed", "final"]),
    version=st.integers(1, 2**53 - 1),
    revision=st.integers(0, 9),
    revision_reason=st.sampled_from([None, "late_entry", "decided"]),
    closed=st.sampled_from([None, START + timedelta(days=30)]),
)


@settings(max_examples=200)
@given(standings, standings)
def test_equal_numbers_mean_equal_amounts(one: JourneySnapshot, other: JourneySnapshot) -> None:
    """Whatever measures there will be: one that looks at what is left out here is found here."""
    if essence(one) == essence(other):
        made = contribution(one, rules()), contribution(other, rules())
        assert made[0] == made[1].standing(is_open=made[0].is_open)


async def test_a_final_version_counts_what_was_counted_and_closes_it() -> None:
    store = MemoryStore({0: 0})
    bodies = [ended(), ended(version=3, status="final", closed=START + timedelta(days=30))]
    for n, body in enumerate(bodies):
        await Tally(rules(), store, Heard()).record(Batch(0, n, n + 1, [record(n, body)]))
    (last,) = store.last.values()
    assert last == Counted(3, contribution(bodies[1], rules()), essence(bodies[0]))
