"""The use case: a batch of records becomes counts, once, whatever is repeated."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.model import Contract
from schemas.rejection import Origin, Rejection
from schemas.vocabulary import Reason
from services.metrics.tally import Applied, Batch, Moved, Outcome, Replaced, Tally
from tests.builders import uid
from tests.unit.metrics.memory import Heard, MemoryStore
from tests.unit.metrics.snapshots import (
    APPENDED,
    START,
    bucket,
    ended,
    journey,
    progress,
    record,
    rules,
)


def batch(*bodies: Contract, at: int = 0) -> Batch:
    records = [record(at + n, body) for n, body in enumerate(bodies)]
    return Batch(0, at, at + len(records), records)


async def tallied(store: MemoryStore, *batches: Batch) -> list[Outcome]:
    tally = Tally(rules(), store, Heard())
    return [await tally.record(one) for one in batches]


def counts(store: MemoryStore) -> object:
    cells = {
        block: kept
        for block, sums in store.counts.items()
        if (kept := {cell: n for cell, n in sums.items() if n})
    }
    nets = {name: n - store.retracted.get(name, 0) for name, n in store.added.items()}
    return cells, {name: n for name, n in nets.items() if n}


async def test_a_batch_moves_the_offset_with_its_counts() -> None:
    store = MemoryStore({0: 0})
    assert await tallied(store, batch(journey(), ended())) == [Applied(2)]
    assert store.next == {0: 2}
    assert store.added["journeys_ended|town|permit|website|success|linked"] == 1


async def test_a_batch_that_was_counted_already_is_refused_and_told_where_to_go_on() -> None:
    store = MemoryStore({0: 0})
    first = batch(journey(), ended())
    assert await tallied(store, first, first) == [Applied(2), Moved(2)]


async def test_within_a_large_batch_others_get_their_turn() -> None:
    turns = 0

    async def heartbeat() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(heartbeat())
    many = batch(*(journey(id=uid(str(n))) for n in range(1_000)))
    assert await tallied(MemoryStore({0: 0}), many) == [Applied(1_000)]
    beside.cancel()
    assert turns >= 8  # four while it is read, four while it is counted


async def test_a_store_that_lost_its_offsets_is_another_store() -> None:
    assert await tallied(MemoryStore(), batch(journey())) == [Replaced()]


async def test_an_older_or_equal_version_changes_nothing() -> None:
    store = MemoryStore({0: 0})
    await tallied(store, batch(ended(version=5)))
    before = counts(store)
    again = batch(ended(version=5), journey(version=4), at=1)
    assert await tallied(store, again) == [Applied(3)]
    assert counts(store) == before


async def test_an_erased_journey_is_taken_back_and_leaves_a_trace_of_it() -> None:
    store = MemoryStore({0: 0})
    await tallied(store, batch(ended(version=1), ended(version=2, erased=True)))
    assert counts(store) == ({}, {})
    assert store.retracted["journeys_started|town|permit|website"] == 1


@pytest.mark.parametrize("status", ["open", "ended", "final"])
async def test_what_is_no_more_is_remembered_where_it_was(status: str) -> None:
    """So an older version that comes late finds that it is late, until its months are frozen."""
    store = MemoryStore({0: 0})
    gone = journey(version=3, status=status, superseded_by=uid("2"))
    await tallied(store, batch(ended(hours=24 * 40), gone, journey(version=1)))
    (last,) = store.last.values()
    assert (last.version, len(last.contribution.hours)) == (3, 2)
    assert counts(store) == ({}, {})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"erased": True}, "erased"),
        ({"superseded_by": uid("2")}, "relinked"),
        ({"outcome": "error", "revision_reason": "late_entry"}, "late_entry"),
        ({"outcome": "error"}, None),
    ],
)
async def test_every_change_knows_its_reason(changes: dict[str, Any], reason: str | None) -> None:
    store = MemoryStore({0: 0})
    await tallied(store, batch(ended(version=1), ended(version=2, **changes)))
    reasons = {
        groups for marks in (await store.sums([])).reasons.values() for groups in marks.values()
    }
    assert reasons == ({reason} if reason else set())


async def test_progress_is_kept_with_the_counts() -> None:
    store = MemoryStore({0: 0})
    told = progress(START + timedelta(days=1))
    await tallied(store, batch(told))
    assert store.progress == {"live/0": told}


@pytest.mark.parametrize(
    ("broken", "detail"),
    [
        ({"value": b"{"}, "Invalid JSON: "),
        ({"value": None}, "key or value: "),
        ({"kind": "other"}, "header kind: "),
        ({"kind": None}, "header kind: "),
        ({"value": record(0, journey(service="unheard-of")).value}, "service 'unheard-of' is not"),
    ],
)
async def test_what_cannot_be_read_is_kept_before_the_offset_moves(
    broken: dict[str, Any], detail: str
) -> None:
    store, heard = MemoryStore({0: 7}), Heard()
    unreadable = record(7, journey())._replace(**broken)
    outcome = await Tally(rules(), store, heard).record(Batch(0, 7, 8, [unreadable]))
    assert (outcome, store.counts) == (Applied(8), {})
    ((key, rejection),) = heard.rejections
    assert rejection == Rejection(
        reason=Reason.UNREADABLE_SNAPSHOT,
        detail=rejection.detail,
        source="journey",
        protocol="journeys.v1",
        at=APPENDED,
        origin=Origin(topic="journeys.v1", partition=0, offset=7),
    )
    assert (key, rejection.detail.startswith(detail)) == (unreadable.key, True)


async def test_the_rejection_says_nothing_of_the_person() -> None:
    heard = Heard()
    record_ = record(0, journey())._replace(value=b'{"pseudonym": "secret", "version": "x"}')
    await Tally(rules(), MemoryStore({0: 0}), heard).record(Batch(0, 0, 1, [record_]))
    assert "secret" not in heard.rejections[0][1].model_dump_json()


BODIES: Sequence[Contract] = (
    journey("1"),
    journey("2"),
    ended("1"),
    bucket(version=3),
    ended("2", outcome="abandoned"),
    bucket(version=4, actions={"visited": 5}),
    ended("1", version=3, erased=True),
    ended("2", version=3, status="final"),
)
LENGTH = len(BODIES)


@given(
    st.lists(st.tuples(st.integers(0, LENGTH - 1), st.integers(1, LENGTH)), max_size=20),
    st.lists(st.integers(0, LENGTH - 1), max_size=2 * LENGTH),
)
async def test_any_chunking_with_any_repetition_gives_the_same_counts(
    attempts: list[tuple[int, int]], replayed: list[int]
) -> None:
    records = [record(n, body) for n, body in enumerate(BODIES)]
    once, chunked = MemoryStore({0: 0}), MemoryStore({0: 0})
    await tallied(once, Batch(0, 0, LENGTH, records))
    for believed, length in attempts:
        beyond = min(believed + length, LENGTH)
        await tallied(chunked, Batch(0, believed, beyond, records[believed:beyond]))
    reached = chunked.next[0]
    await tallied(chunked, Batch(0, reached, LENGTH, records[reached:]))
    await tallied(chunked, Batch(0, LENGTH, LENGTH + 1, [records[n] for n in replayed]))
    assert counts(chunked) == counts(once)
