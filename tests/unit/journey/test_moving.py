"""A rotation of keys, seen by journey: one person in two partitions, under two names."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from schemas.codec import encode
from schemas.control import KEY_ROTATION, Link
from schemas.journey import JourneySnapshot
from schemas.topics import TOUCHPOINTS
from schemas.vocabulary import IdentityKind, Reason, RecordKind
from services.journey.domain import moves
from services.journey.domain.partition import Output, PartitionState, SourceRecord, UnknownControl
from services.journey.domain.rules import Rules
from tests.builders import pseudonym, record
from tests.unit.journey.builders import ZERO, World, buckets, day, progress, rejections, snapshots
from tests.unit.journey.test_erasing import erase

OLD, NEW = pseudonym("ann, by the former key"), pseudonym("ann, by the key of now")
FILE, FILE_NOW = pseudonym("file, by the former key"), pseudonym("file, by the key of now")


def link(upper: str = NEW, lower: str = OLD, **changes: Any) -> Link:
    """What ingest says when somebody comes whose key was changed."""
    kind = IdentityKind.CITIZEN
    values = {"lower": lower, "lower_kind": kind, "upper": upper, "upper_kind": kind}
    return Link.model_validate(values | {"rule": KEY_ROTATION, "time": ZERO} | changes)


def put(world: World, kind: RecordKind, value: bytes, at: datetime = ZERO) -> list[Output]:
    """A control record at the end of a partition."""
    world.next += 1
    return world.apply([SourceRecord(world.next - 1, at, None, value, kind.value)])


@dataclass
class Both:
    """The partition of the former name, and that of the name of now."""

    former: World = field(default_factory=World)
    now: World = field(default_factory=lambda: World(partition=1))

    def link(self, **changes: Any) -> list[bytes]:
        """A link comes, and what it makes the former partition say is on its way."""
        return handovers(put(self.former, RecordKind.LINK, encode(link(**changes))))

    def arrive(self, under_way: Sequence[bytes]) -> list[JourneySnapshot]:
        """It arrives; what is told of it."""
        told = [put(self.now, RecordKind.HANDOVER, value) for value in under_way]
        return snapshots(one for outputs in told for one in outputs)

    @property
    def journeys(self) -> list[JourneySnapshot]:
        """Those that are, in both partitions."""
        newest = self.former.journeys | self.now.journeys
        return [j for j in newest.values() if not (j.erased or j.superseded_by)]


def handovers(outputs: Sequence[Output]) -> list[bytes]:
    """What was sent on."""
    found = [one for one in outputs if one.topic == TOUCHPOINTS]
    assert {one.kind for one in found} <= {RecordKind.HANDOVER.value}
    return [one.value for one in found]


def test_a_journey_goes_on_under_the_new_name() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD), record("b", subject=OLD, time=day(5)))
    both.now.send(record("c", subject=NEW, time=day(6)))
    both.arrive(both.link())
    [one] = both.journeys
    assert (one.pseudonym, one.entries, one.opened) == (NEW, 3, record("a").time)


@pytest.mark.parametrize("is_handover_first", [True, False])
def test_it_does_not_matter_which_comes_first(*, is_handover_first: bool) -> None:
    both = Both()
    both.former.send(record("a", subject=OLD))
    under_way = both.link()
    later = record("b", subject=NEW, time=day(6))
    if is_handover_first:
        both.arrive(under_way)
    both.now.send(later)
    if not is_handover_first:
        both.arrive(under_way)
    both.now.send(record("c", subject=NEW, time=day(7)))
    [one] = both.journeys
    assert (one.pseudonym, one.entries) == (NEW, 3)


def test_the_former_id_is_superseded_by_one_that_is_told() -> None:
    both = Both()
    [before] = snapshots(both.former.send(record("a", subject=OLD)))
    under_way = both.link()
    [last] = [j for j in snapshots(both.former.outputs) if j.superseded_by]
    [after] = both.arrive(under_way)
    assert (last.id, last.superseded_by) == (before.id, after.id)
    assert (last.revision_reason, after.revision_reason) == ("relinked", "relinked")
    assert OLD.encode() not in both.former.outputs[-2].value
    assert OLD not in {last.pseudonym, after.pseudonym}


def test_where_there_is_a_journey_already_both_become_one_and_each_id_leads_to_it() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD))
    [there] = snapshots(both.now.send(record("b", subject=NEW, time=day(6))))
    under_way = both.link()
    [last] = [j for j in snapshots(both.former.outputs) if j.superseded_by]
    told = both.arrive(under_way)
    assert {j.id: j.superseded_by for j in told} == {there.id: None, last.superseded_by: there.id}


def test_twice_equals_once() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD), record("z", subject=OLD, time=day(1)))
    under_way = both.link()
    both.arrive(under_way)
    rows = both.now.state.rows()
    assert both.arrive(under_way) == []
    assert {k: v for k, v in both.now.state.rows().items() if k[0]} == {
        k: v for k, v in rows.items() if k[0]
    }
    assert both.link() == []


def test_nothing_is_held_under_the_former_name_but_whither_it_moved() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD))
    both.link()
    assert [k for k in both.former.state.rows() if OLD.encode() in k] == [
        b"\0moved/" + OLD.encode()
    ]
    both.former.tick(day(59))
    assert both.former.state.live_citizens == 0
    both.former.tick(day(61))
    assert not [k for k in both.former.state.rows() if OLD.encode() in k]


def test_what_comes_under_the_former_name_is_sent_on_and_counted_here() -> None:
    both = Both()
    both.arrive(both.link())
    both.former.state = PartitionState.restore(0, both.former.state.rows())
    both.now.send(record("a", subject=NEW))
    told = both.former.send(record("b", subject=OLD, time=day(1)))
    assert snapshots(told) == []
    both.arrive(handovers(told))
    [one] = both.journeys
    assert (one.pseudonym, one.entries) == (NEW, 2)
    [said] = progress(both.former.tick(day(2)))
    assert said.account.applied == 1


def test_what_comes_too_late_under_the_former_name_is_refused_here() -> None:
    both = Both()
    both.link()
    both.former.tick(day(59))
    told = both.former.send(record("a", subject=OLD, time=day(-2)), at=day(59))
    assert handovers(told) == []
    assert [one.reason for one in rejections(told)] == [Reason.LATE]


def test_an_event_sent_again_under_the_new_name_counts_once() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD))
    both.arrive(both.link())
    told = both.now.send(record("a", subject=NEW))
    assert snapshots(told) == []
    [said] = progress(both.now.tick(day(1)))
    assert said.account.duplicate == 1


def test_a_case_is_the_same_case() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD, action="submitted", case=FILE))
    both.arrive(both.link())
    both.now.send(record("b", subject=NEW, time=day(100), action="decided", case=FILE_NOW))
    assert len(both.journeys) == 2
    both.arrive(both.link(former_case=FILE, case=FILE_NOW))
    [one] = both.journeys
    assert (one.case, one.entries, one.outcome) == (FILE_NOW, 2, "success")


def test_what_comes_under_the_former_name_of_a_case_finds_it() -> None:
    both = Both()
    both.arrive(both.link(former_case=FILE, case=FILE_NOW))
    both.now.send(record("a", subject=NEW, action="submitted", case=FILE_NOW))
    both.arrive(handovers(both.former.send(record("b", subject=OLD, time=day(9), case=FILE))))
    [one] = both.journeys
    assert (one.case, one.entries) == (FILE_NOW, 2)


def test_of_cases_that_are_called_otherwise_now_the_newest_are_known() -> None:
    both = Both(former=World(Rules({}, most_entries=2)))
    for number in range(3):
        names = (pseudonym(f"{number} by the key {key}") for key in ("before", "now"))
        both.link(**dict(zip(("former_case", "case"), names, strict=True)))
    move = moves.decode(both.former.state.rows()[moves.key_of(OLD.encode())])
    expected = [pseudonym(f"{number} by the key before") for number in (1, 2)]
    assert list(move.cases) == expected


def test_a_journey_knows_the_one_before_it_across_the_rotation() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD, action="completed"))
    both.former.tick(day(100))
    [ended] = both.former.journeys.values()
    both.arrive(both.link())
    both.now.send(record("b", subject=NEW, time=day(101)))
    [now] = both.now.journeys.values()
    assert now.predecessor is not None
    assert now.predecessor.id == ended.id


def test_two_rotations_in_a_row_lead_to_the_last_name() -> None:
    both, last = Both(), pseudonym("ann, by the key after that")
    both.former.send(record("a", subject=OLD, case=FILE))
    under_way = both.link(former_case=FILE, case=FILE_NOW)
    file_last = pseudonym("file, by the key after that")
    on = link(upper=last, lower=NEW, former_case=FILE_NOW, case=file_last)
    put(both.now, RecordKind.LINK, encode(on))
    third = Both(former=both.now, now=World(partition=2))
    for value in under_way:
        third.arrive(handovers(put(both.now, RecordKind.HANDOVER, value)))
    [one] = third.journeys
    assert (one.pseudonym, one.entries, one.case) == (last, 1, file_last)


def test_a_large_person_is_handed_over_in_parts() -> None:
    both = Both()
    texts = {"touchpoint": "t" * 64, "transferred_to": "x" * 64, "case": FILE}
    both.former.send(
        *(
            record(str(n), subject=OLD, time=day(n / 100), action="transferred", **texts)
            for n in range(1900)
        )
    )
    under_way = both.link()
    assert len(under_way) > 1
    assert max(map(len, under_way)) < 1_000_000
    both.arrive(under_way)
    assert sum(j.entries for j in both.journeys) == 1900


def test_a_rule_we_cannot_follow_stops_the_worker() -> None:
    with pytest.raises(UnknownControl):
        put(World(), RecordKind.LINK, encode(link(rule="case")))
    with pytest.raises(UnknownControl):
        put(World(), RecordKind.LINK, encode(link(revoked=True)))


def test_nobody_is_linked_to_themselves() -> None:
    with pytest.raises(ValueError, match="a link is between two names"):
        link(upper=OLD)


@pytest.mark.parametrize("kind", [RecordKind.LINK, RecordKind.HANDOVER])
def test_one_that_cannot_be_read_is_told_and_kept(kind: RecordKind) -> None:
    world = World()
    unreadable = SourceRecord(0, ZERO, None, b"{}", kind.value)
    step = world.state.fold([unreadable], world.rules)
    assert [alarm.happening for alarm in step.alarms] == [f"{kind}.unreadable"]
    assert [one.reason for one in rejections(list(step.outputs))] == [Reason.CONTRACT_BROKEN]


def test_somebody_erased_does_not_come_back_under_the_new_name() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD, time=ZERO))
    erase(both.former, OLD, day(1))
    both.arrive(both.link())
    told = both.now.send(
        record("a", subject=NEW, time=ZERO), record("b", subject=NEW, time=day(0.5))
    )
    assert snapshots(told) == []
    for world, name in ((both.former, OLD), (both.now, NEW)):
        kept = [key for key in world.state.rows() if name.encode() in key]
        assert kept == [b"\0erased/" + name.encode()]


def test_what_came_before_it_was_known_is_erased_and_what_is_newer_stays() -> None:
    both = Both()
    erase(both.former, OLD, day(50))
    both.now.send(record("a", subject=NEW), record("b", subject=NEW, time=day(51)))
    assert len(both.journeys) == 2
    told = both.arrive(both.link())
    [one] = both.journeys
    assert (one.entries, one.opened) == (1, day(51))
    assert [j.erased for j in told if j.id != one.id] == [True]
    assert "predecessor" not in one.model_fields_set or one.predecessor is None


def test_a_handover_on_its_way_does_not_outlive_the_erasure() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD, time=ZERO))
    under_way = both.link()
    erase(both.now, NEW, day(1))
    assert both.arrive(under_way) == []
    assert NEW.encode() not in both.now.state.rows()


def test_an_erasure_does_not_overwrite_here_what_was_told_in_another_partition() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD, action="completed"))
    both.former.tick(day(100))
    both.arrive(both.link())
    both.now.send(record("b", subject=NEW, time=day(101)))
    gone_now = snapshots(erase(both.now, NEW, day(102)))
    gone_before = snapshots(erase(both.former, OLD, day(102)))
    assert {j.id for j in gone_now}.isdisjoint({j.id for j in gone_before})
    assert [len(gone_now), len(gone_before)] == [1, 1]
    assert both.journeys == []
    assert not [k for k in both.former.state.rows() if k.startswith(b"\0moved/")]


def test_an_objection_goes_along_to_the_new_name() -> None:
    both = Both()
    erase(both.former, OLD, day(1), objects=True)
    both.now.send(record("a", subject=NEW, time=day(2)))
    assert [j.erased for j in both.arrive(both.link())] == [True]
    told = both.now.send(record("b", subject=NEW, time=day(3)))
    assert (snapshots(told), len(buckets(told))) == ([], 1)
    both.former.tick(day(1_000))
    assert handovers(put(both.former, RecordKind.LINK, encode(link()), at=day(1_000))) != []


def test_of_whoever_objects_nothing_is_taken_in_that_was_on_its_way() -> None:
    both = Both()
    both.former.send(record("a", subject=OLD, time=day(2)))
    under_way = both.link()
    erase(both.now, NEW, day(1), objects=True)
    assert both.arrive(under_way) == []
    assert NEW.encode() not in both.now.state.rows()
