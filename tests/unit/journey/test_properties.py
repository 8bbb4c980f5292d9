"""What holds for every sequence of events: order, repeats, chunks and restarts do not matter."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from schemas.journey import JourneySnapshot
from schemas.touchpoint_event import TouchpointRecord
from services.journey.domain import entries as entry_set
from services.journey.domain import state
from services.journey.domain.belonging import fold
from services.journey.domain.citizen import insert
from services.journey.domain.entries import Entry, entry_of, pack, unpack
from services.journey.domain.journey import Journey
from services.journey.domain.looking import Cause, Changes, Citizen, entries_of, look
from services.journey.domain.partition import PartitionState, SourceRecord
from services.journey.domain.rules import BEGINNING
from tests.unit.journey.builders import HOUR, SHORT, ZERO, World, progress, snapshots
from tests.unit.journey.strategies import RULES, Moment, entries, events, examples, on_time

LONG_AFTER = ZERO + 20_000 * HOUR


def run(world: World, moments: Sequence[Moment]) -> World:
    """A log, its end long after everything."""
    log = [m for one in moments for m in _records(world, one)]
    world.apply([*log, world.tick_record(LONG_AFTER)])
    return world


def _records(world: World, moment: Moment) -> list[SourceRecord]:
    if isinstance(moment, TouchpointRecord):
        return world.records(moment)
    return [world.tick_record(ZERO + moment * HOUR)]


def final(world: World) -> list[Mapping[str, Any]]:
    """The final journeys without what arrival may change: ids, versions, revisions."""
    alive = {j.id: j for j in world.journeys.values() if j.superseded_by is None}
    assert {j.status.value for j in alive.values()} <= {"final"}
    return sorted((_plain(j, alive) for j in alive.values()), key=repr)


def _plain(journey: JourneySnapshot, alive: Mapping[UUID, JourneySnapshot]) -> dict[str, Any]:
    told = journey.model_dump(exclude={"id", "version", "revision", "revision_reason"})
    if journey.predecessor is not None:
        before = alive[journey.predecessor.id]
        told["predecessor"]["id"] = (before.opened, before.touchpoints, before.entries)
    return told


@examples
@given(st.data())
def test_any_arrival_on_time_gives_the_same_final_journeys(data: st.DataObject) -> None:
    happened = data.draw(events())
    in_order = sorted(happened, key=lambda e: entry_of(e).order)
    arrived = run(World(RULES), data.draw(on_time(happened)))
    assert final(arrived) == final(run(World(RULES), in_order))
    assert progress(arrived.outputs)[-1].account.late == 0


@examples
@given(st.data())
def test_any_chunking_tells_the_same_in_the_end_under_the_same_ids(data: st.DataObject) -> None:
    moments = data.draw(on_time(data.draw(events())))
    whole = run(World(RULES), moments)
    cut = run(World(RULES, chunk=data.draw(st.integers(1, 4))), moments)
    ignored = {"revision_reason"}
    assert [j.model_dump(exclude=ignored) for j in whole.journeys.values()] == [
        cut.journeys[name].model_dump(exclude=ignored) for name in whole.journeys
    ]


@examples
@given(st.data())
def test_every_snapshot_of_one_version_says_the_same(data: st.DataObject) -> None:
    moments = data.draw(on_time(data.draw(events())))
    told: dict[tuple[object, int], dict[str, Any]] = {}
    for chunk in (1, 2, 1_000):
        for journey in snapshots(run(World(RULES, chunk=chunk), moments).outputs):
            body = journey.model_dump(exclude={"revision_reason"})
            assert told.setdefault((journey.id, journey.version), body) == body


@examples
@given(st.data())
def test_a_replay_of_the_whole_log_changes_no_journey(data: st.DataObject) -> None:
    happened = data.draw(events())
    world = World(RULES)
    world.send(*happened)
    before = world.journeys
    world.send(*data.draw(st.permutations(happened)))
    assert world.journeys == before


@examples
@given(st.data())
def test_restored_from_its_rows_a_partition_goes_on_the_same(data: st.DataObject) -> None:
    moments = data.draw(on_time(data.draw(events())))
    cut = data.draw(st.integers(0, len(moments)))
    straight, restarted = World(RULES, chunk=1), World(RULES, chunk=1)
    for world in (straight, restarted):
        world.apply([r for m in moments[:cut] for r in _records(world, m)])
    restarted.state = PartitionState.restore(0, restarted.state.rows())
    assert run(restarted, moments[cut:]).outputs == run(straight, moments[cut:]).outputs


@examples
@given(st.data())
def test_folding_changes_nothing_until_the_step_is_taken(data: st.DataObject) -> None:
    world = World(RULES)
    world.send(*data.draw(events()))
    rows, position = dict(world.state.rows()), world.state.position
    records = [*world.records(*data.draw(events())), world.tick_record(LONG_AFTER)]
    first = world.state.fold(records, RULES)
    tick = world.state.fold(records[-1:], RULES)
    assert (world.state.rows(), world.state.position) == (rows, position)
    assert world.state.fold(records, RULES) == first
    assert world.state.fold(records[-1:], RULES) == tick


@examples
@given(st.data())
def test_nothing_changes_before_something_is_due(data: st.DataObject) -> None:
    citizen, changes = Citizen("s", "live", None, "a", "linked"), Changes()
    for entry in data.draw(entries()):
        insert(citizen, entry, _cause(1), changes)
    watermark = ZERO + data.draw(st.integers(0, 90)) * HOUR
    look(citizen, _cause(2, watermark), None, changes)
    if citizen.due is not None:
        quiet = Changes()
        look(citizen, _cause(3, citizen.due), None, quiet)
        assert quiet == Changes()


@examples
@given(st.data())
def test_taking_one_entry_more_is_the_fold_of_all(data: st.DataObject) -> None:
    citizen = Citizen("s", "live", None, "a", "linked")
    taken = data.draw(entries())
    for entry in data.draw(st.permutations(taken)):
        insert(citizen, entry, _cause(1), Changes())
    journeys, _ = fold(taken, (), SHORT)
    assert _nameless(citizen.journeys) == _nameless(journeys)
    assert entries_of(citizen) == taken


@examples
@given(st.data())
def test_taking_a_journeys_entries_away_leaves_the_others_as_they_are(
    data: st.DataObject,
) -> None:
    taken = data.draw(entries(14))
    journeys, members = fold(taken, (), SHORT)
    gone = data.draw(st.integers(0, len(members) - 1))
    rest, kept = fold([e for e in taken if e not in members[gone]], (), SHORT)
    assert kept == members[:gone] + members[gone + 1 :]
    assert _lonely(rest) == _lonely(journeys[:gone] + journeys[gone + 1 :])


@examples
@given(st.data())
def test_a_union_and_its_removal_leave_what_was_there(data: st.DataObject) -> None:
    own = data.draw(entries(6))
    shared = data.draw(st.lists(st.sampled_from(own), unique_by=lambda e: e.id))
    lower = [_of("visitor", e) for e in data.draw(entries(6))] + [_of("visitor", e) for e in shared]
    united = entry_set.union(own, data.draw(st.permutations(lower)))
    assert entry_set.union(united, lower) == united
    assert entry_set.without(united, "visitor") == own


@examples
@given(entries())
def test_packed_entries_come_back_as_they_were(taken: list[Entry]) -> None:
    assert unpack(pack(taken), len(taken)) == taken


@examples
@given(st.data())
def test_a_persons_row_comes_back_as_it_was(data: st.DataObject) -> None:
    person = [Citizen("s", clock, ZERO, "a", "linked") for clock in ("live", "import")]
    for citizen in person:
        for entry in data.draw(entries()):
            insert(citizen, entry, _cause(1), Changes())
    row = state.encode_person(person)
    assert state.decode_person(row) == person
    assert row is not None
    assert state.decode_dues(row) == {one.clock: one.due for one in person}


def _cause(offset: int, watermark: Any = BEGINNING) -> Cause:
    return Cause(offset, offset, watermark, SHORT, 2_000)


def _of(origin: str, entry: Entry) -> Entry:
    values = {name: getattr(entry, name) for name in Entry.__struct_fields__}
    return Entry(**(values | {"origin": origin}))


def _nameless(journeys: list[Journey]) -> list[Any]:
    """Journeys without ids, which depend on what was published before."""
    return [_with(j, id=None, previous=j.previous and j.previous.ended) for j in journeys]


def _lonely(journeys: list[Journey]) -> list[Any]:
    """Journeys without what they know of those before them."""
    return [
        _with(j, previous=None, alone=None, calls=None, contacts=len(j.contacts)) for j in journeys
    ]


def _with(journey: Journey, **changes: Any) -> dict[str, Any]:
    return {name: getattr(journey, name) for name in Journey.__struct_fields__} | changes
