"""A re-fold that begins where the last one of the step can still be trusted."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.journey.domain.belonging import fold, step
from services.journey.domain.citizen import insert
from services.journey.domain.dealt import Dealt
from services.journey.domain.entries import Entry, unpack
from services.journey.domain.looking import Cause, Changes, Citizen
from services.journey.domain.rules import BEGINNING
from tests.unit.journey.builders import SHORT
from tests.unit.journey.strategies import entries, examples


def take(dealt: Dealt, entry: Entry) -> None:
    """Put an entry in as a citizen does: at the end by a step, else by folding again."""
    journeys = dealt.fold(SHORT)
    if dealt.entries and entry.order < dealt.entries[-1].order:
        dealt.insert(entry)
    else:
        dealt.append(entry, step(journeys, (), entry, SHORT))


@examples
@given(st.data())
def test_entries_in_any_order_come_to_the_fold_of_all(data: st.DataObject) -> None:
    taken = data.draw(entries(12))
    dealt = Dealt([], (), stride=data.draw(st.integers(1, 4)))
    for entry in data.draw(st.permutations(taken)):
        take(dealt, entry)
    journeys, members = fold(taken, (), SHORT)
    assert (dealt.entries, unpack(dealt.packed, len(taken))) == (taken, taken)
    assert dealt.fold(SHORT) == journeys
    assert dealt.homes([e.uid for e in taken]) == {
        e.uid: group[0].id for group in members for e in group
    }


@examples
@given(st.data())
def test_what_a_step_keeps_of_a_re_fold_changes_nothing(data: st.DataObject) -> None:
    kept, forgotten = (Citizen("s", "live", None, "a", "linked") for _ in range(2))
    changes = Changes()
    for offset, entry in enumerate(data.draw(st.permutations(data.draw(entries(12))))):
        cause = Cause(offset, 0, BEGINNING, SHORT, 2_000)
        assert insert(kept, entry, cause, changes) == insert(forgotten, entry, cause, Changes())
    assert kept == forgotten


@examples
@given(entries(6))
def test_a_copy_under_another_identity_has_no_journey(taken: list[Entry]) -> None:
    copies = [replace(e, uid=UUID(int=n), origin="visitor") for n, e in enumerate(taken)]
    dealt = Dealt(sorted(taken + copies, key=lambda e: e.order), (), stride=2)
    assert dealt.fold(SHORT) == fold(taken, (), SHORT)[0]
    assert dealt.homes([copy.uid for copy in copies]) == {}
