"""Names that lead in a circle, as when a key of before writes again: whatever is on its way comes
to rest, and all of it at one name; and an erasure goes the way that its person went.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import decode, encode
from schemas.control import Handover
from schemas.journey import JourneySnapshot
from schemas.vocabulary import RecordKind
from services.journey.domain.partition import Output
from tests.builders import pseudonym, record
from tests.unit.journey.builders import World, day
from tests.unit.journey.test_erasing import erase
from tests.unit.journey.test_moving import NEW, OLD, handovers, link, put

THIRD = pseudonym("ann, by a third key")
MANY = 20


@dataclass
class Names:
    """A partition for each name, and what is on its way between them."""

    worlds: dict[str, World] = field(
        default_factory=lambda: {
            name: World(partition=number) for number, name in enumerate((OLD, NEW, THIRD))
        }
    )
    under_way: list[bytes] = field(default_factory=list)

    def link(self, lower: str, upper: str, time: datetime) -> None:
        """A link comes where the lower name is."""
        told = encode(link(upper=upper, lower=lower, time=time))
        self.under_way += handovers(put(self.worlds[lower], RecordKind.LINK, told, time))

    def send(self, name: str, ident: str, time: datetime) -> None:
        """An event comes under a name."""
        sent = self.worlds[name].send(record(ident, subject=name, time=time), at=time)
        self.under_way += handovers(sent)

    def erase(self, name: str, time: datetime) -> None:
        """Somebody is erased, and under this name alone: it goes into every partition."""
        for world in self.worlds.values():
            self.under_way += handovers([*_of_touchpoints(erase(world, name, time))])

    def settle(self) -> int:
        """All arrives; after how many hops. More than there can be if it goes round for ever."""
        hops = 0
        while self.under_way and hops < MANY:
            value = self.under_way.pop(0)
            at = self.worlds[decode(Handover, value).upper]
            self.under_way += handovers(put(at, RecordKind.HANDOVER, value, day(50)))
            hops += 1
        return hops

    def journeys(self, name: str) -> Sequence[JourneySnapshot]:
        """Those that are, under this name."""
        told = self.worlds[name].journeys.values()
        return [one for one in told if not (one.erased or one.superseded_by)]


def _of_touchpoints(outputs: Sequence[Output]) -> Sequence[Output]:
    return [one for one in outputs if one.kind == RecordKind.HANDOVER.value]


def test_where_the_key_of_before_writes_again_all_comes_to_rest_under_it() -> None:
    names = Names()
    names.send(OLD, "a", day(0))
    names.link(OLD, NEW, day(1))
    names.settle()
    names.send(NEW, "b", day(2))
    names.link(NEW, OLD, day(3))
    assert names.settle() == 1
    names.send(OLD, "c", day(4))
    assert names.under_way == []
    assert [one.entries for one in names.journeys(OLD)] == [3]
    assert names.journeys(NEW) == []


def test_what_was_sent_on_by_the_link_of_before_is_not_left_where_nobody_is() -> None:
    names = Names()
    names.link(OLD, NEW, day(1))
    names.send(NEW, "a", day(2))
    names.link(NEW, OLD, day(3))
    names.send(OLD, "b", day(4))
    assert names.settle() < MANY
    assert [one.entries for one in names.journeys(OLD)] == [2]
    assert names.journeys(NEW) == []


def test_a_circle_of_three_ends_and_the_person_is_whole() -> None:
    names = Names()
    circle = [(OLD, NEW), (NEW, THIRD), (THIRD, OLD)]
    for number, (lower, upper) in enumerate(circle):
        names.send(lower, lower[:9], day(number))
        names.link(lower, upper, day(number))
    assert names.settle() < MANY
    for number, (name, _) in enumerate(circle):
        names.send(name, f"again {number}", day(5))
    assert names.settle() < MANY
    found = [one.entries for name, _ in circle for one in names.journeys(name)]
    assert found == [6]


days = st.lists(st.integers(1, 30), max_size=3, unique=True)


@given(former=days, later=days, arrives_before=st.booleans(), third=st.booleans())
def test_erased_under_the_old_name_alone_nothing_from_before_is_left_under_the_new(
    former: list[int], later: list[int], *, arrives_before: bool, third: bool
) -> None:
    names = Names()
    for number in former:
        names.send(OLD, f"old {number}", day(number))
    names.link(OLD, NEW, day(31))
    for number in later:
        names.send(NEW, f"new {number}", day(number))
    if third:
        names.link(NEW, THIRD, day(32))
    if arrives_before:
        names.settle()
    names.erase(OLD, day(33))
    names.settle()
    names.send(NEW, "came late", day(30))
    names.settle()
    assert [one for name in names.worlds for one in names.journeys(name)] == []
    assert not [name for name, world in names.worlds.items() if name.encode() in world.state.rows()]
