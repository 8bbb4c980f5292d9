"""Thousands of histories of a small cluster, each of which must end in the truth; and controls.

HISTORIES=100000 SEED=7 pytest tests/simulation for a long look. A failure prints the seed and the
shortest history that still goes wrong.
"""

import os

import pytest

from tests.simulation.citizens import CitizensSubject
from tests.simulation.controls import StateFirst, Unchecked, always
from tests.simulation.histories import first_failure, first_wrong, shrunk
from tests.simulation.ledger import LedgerSubject
from tests.simulation.movers import MoversSubject
from tests.simulation.process import Make
from tests.simulation.setting import Action, Setting, Subject

SEED = int(os.environ.get("SEED", "0"))
HISTORIES = int(os.environ.get("HISTORIES", "250"))
_ENOUGH_FOR_A_CONTROL = 5_000
_SECONDS = 120 + HISTORIES // 10


@pytest.mark.timeout(_SECONDS)
@pytest.mark.parametrize("partitions", [1, 3])
def test_after_any_history_every_offset_has_counted_once(partitions: int) -> None:
    found = first_failure(Setting(LedgerSubject(), partitions=partitions), SEED, HISTORIES)
    assert found is None, str(found)


@pytest.mark.timeout(_SECONDS)
@pytest.mark.parametrize("partitions", [1, 2])
def test_after_any_history_the_journeys_are_those_of_one_straight_fold(partitions: int) -> None:
    setting = Setting(CitizensSubject(), partitions=partitions)
    found = first_failure(setting, SEED, HISTORIES // 5)
    assert found is None, str(found)


@pytest.mark.timeout(_SECONDS)
def test_after_any_history_nobody_who_moves_is_lost_or_comes_back() -> None:
    found = first_failure(Setting(MoversSubject(), partitions=2), SEED, HISTORIES // 5)
    assert found is None, str(found)


@pytest.mark.parametrize("subject", [LedgerSubject(), CitizensSubject()])
@pytest.mark.parametrize(
    "make",
    [Make(rule=always), Make(log=Unchecked), Make(sessioniser=StateFirst)],
    ids=["no offset rule", "no check of foreign writes", "state before outputs"],
)
def test_an_engine_without_one_of_its_rules_is_found_out(subject: Subject, make: Make) -> None:
    setting = Setting(subject, make=make, partitions=1)
    # The rarest is one history in hundreds: the search begins a little before one.
    assert first_wrong(setting, 340, _ENOUGH_FOR_A_CONTROL) is not None


def test_a_cleaner_that_does_not_wait_is_found_out() -> None:
    setting = Setting(LedgerSubject(), lag=0.0, partitions=1)
    # One history in thousands: the search begins a little before one.
    assert first_wrong(setting, 2_450, _ENOUGH_FOR_A_CONTROL) is not None


def test_a_history_is_shrunk_to_what_makes_it_wrong() -> None:
    noise = [Action("wait", number, 9) for number in range(20)]
    needed = [Action("freeze", 3, 5), Action("land", 7, 0)]
    history = [*noise[:7], needed[0], *noise[7:], needed[1]]
    short = shrunk(history, lambda h: [one.name for one in h if one.name != "wait"][:2] == _NAMES)
    assert short == [Action("freeze", 0, 0), Action("land", 0, 0)]


_NAMES = ["freeze", "land"]
