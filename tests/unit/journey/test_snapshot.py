"""The snapshot's bytes are those of the contract."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import codec
from schemas import journey as contract
from schemas.journey import JourneySnapshot
from schemas.model import Contract
from schemas.touchpoint_event import DriverMention
from schemas.vocabulary import Action, RecordKind, Status
from services.journey.domain import wire
from services.journey.domain.partition import Output
from tests.builders import pseudonym, record
from tests.unit.journey.builders import DAY, World, day, snapshots
from tests.unit.journey.strategies import RULES, Moment, events, examples, on_time
from tests.unit.journey.test_properties import run

PAIRS = [
    (wire.MilestoneWire, contract.Milestone),
    (wire.ChoiceWire, contract.ChannelChoice),
    (wire.VisitWire, contract.TouchpointVisit),
    (wire.DriverWire, DriverMention),
    (wire.StepWire, contract.SurveyStep),
    (wire.ContactWire, contract.ContactMade),
    (wire.PredecessorWire, contract.Predecessor),
    (wire.SnapshotWire, contract.JourneySnapshot),
]


def written_by_pydantic(outputs: list[Output]) -> list[bytes]:
    return [codec.encode(snapshot) for snapshot in snapshots(outputs)]


def written(outputs: list[Output]) -> list[bytes]:
    return [output.value for output in outputs if output.kind == RecordKind.JOURNEY]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS)
def test_the_wire_form_has_the_contracts_fields_in_their_order(
    ours: type[wire.Wire], theirs: type[Contract]
) -> None:
    assert list(ours.__struct_fields__) == list(theirs.model_fields)


@examples
@given(st.data())
def test_the_wire_form_is_what_pydantic_writes(data: st.DataObject) -> None:
    moments: list[Moment] = data.draw(on_time(data.draw(events())))
    outputs = run(World(RULES, chunk=1), moments).outputs
    assert written(outputs) == written_by_pydantic(outputs)


def test_a_journey_with_everything_in_it_is_what_pydantic_writes() -> None:
    driver = {"driver": "ease", "polarity": "negative", "chosen": 1}
    said = {"about": "journey", "instrument": "exit", "construct": "ease", "scale": "1..5"}
    world = World(chunk=1)
    world.send(
        record("0", action="completed", time=day(0)),
        record("a", action="started", time=day(2), assisted=True, case=pseudonym("case")),
        record("b", action="saved", time=day(3)),
        record("c", action="resumed", time=day(4) + DAY / 7),
        record("d", action="contacted", time=day(5), contact={"reason": "chase", "reached": True}),
        record("e", action="contacted", time=day(6), contact={"avoidable": False}),
        record("f", action="submitted", time=day(7)),
        record("g", action="transferred", time=day(8), transferred_to="housing"),
        record("h", action="offered", time=day(9), feedback=said | {"offer_id": "o-1"}),
        record(
            "i",
            action="answered",
            time=day(10),
            feedback=said | {"answer": 3, "wording": "w1", "drivers": [driver]},
        ),
        record("j", action="decided", time=day(11), case=pseudonym("case")),
    )
    last = snapshots(world.outputs)[-1]
    unused = {"superseded_by", "closed", "transferred_to"}
    empty = {name for name, value in last.model_dump().items() if value is None}
    assert empty == unused
    assert written(world.outputs) == written_by_pydantic(world.outputs)


def test_a_snapshot_is_told_at_every_change_of_status() -> None:
    world = World()
    world.send(record("a", action="started", time=day(0)))
    for on in (30, 31, 60, 61, 120, 121):
        world.tick(day(on))
    assert [j.status for j in snapshots(world.outputs)] == list(Status)
    assert [j.version - 2**44 for j in snapshots(world.outputs)] == [0, 2, 4, 6]


def test_the_end_is_the_deadline_and_not_the_tick_that_noticed_it() -> None:
    world = World()
    world.send(record("a", action="started", time=day(0)))
    world.tick(day(45))
    assert (world.journey.ended, world.journey.closed) == (day(30), None)
    world.tick(day(99))
    assert (world.journey.ended, world.journey.closed) == (day(30), day(60))


def test_a_superseded_snapshot_says_so_and_little_else() -> None:
    world = World()
    world.send(record("a", time=day(0)), record("b", time=day(50)))
    told = snapshots(world.send(record("c", time=day(25))))
    [gone] = [j for j in told if j.superseded_by is not None]
    assert isinstance(gone, JourneySnapshot)
    assert (gone.entries, gone.touchpoints, gone.status) == (0, (), Status.OPEN)


def test_rules_may_be_replaced_field_by_field() -> None:
    assert replace(RULES, epoch=2).version(5) == 2 * 2**44 + 5


def test_the_channels_begin_with_the_citizens_first() -> None:
    world = World()
    world.send(
        record("a", action=Action.PROCESSED, initiator="agency", channel="post", time=day(0)),
        record("b", action=Action.CONTACTED, channel="phone", time=day(1)),
    )
    assert world.journey.first_channel == "phone"
