import pytest

from deploy.demo.truth.gates import state_of
from schemas.vocabulary import Level, PublishState

OK, FEW, HIDDEN = PublishState.OK, PublishState.LOW_N, PublishState.SUPPRESSED
PLACE, WHOLE = Level.TOUCHPOINT, Level.SERVICE


@pytest.mark.parametrize(
    ("metric", "level", "bounds"),
    [
        ("step_dropoff", PLACE, (0, 30)),
        ("satisfaction.linear", WHOLE, (0, 30)),
        ("satisfaction.linear", PLACE, (5, 30)),
        ("touchpoint_impact", PLACE, (5, 30)),
        ("path_satisfaction", WHOLE, (5, 30)),
        ("satisfaction.fr10", WHOLE, (0, 100)),
        ("help_reachability", WHOLE, (0, 100)),
    ],
)
def test_what_is_hidden_and_what_is_few(metric: str, level: Level, bounds: tuple[int, int]) -> None:
    floor, few = bounds
    assert state_of(metric, level, (), few) is OK
    assert state_of(metric, level, (), few - 1) is FEW
    assert state_of(metric, level, (), floor) is FEW
    if floor:
        assert state_of(metric, level, (), floor - 1) is HIDDEN


def test_of_staff_nothing_is_told_below_ten_wherever_they_are() -> None:
    staff = (("driver", "employee"),)
    assert state_of("driver_balance", WHOLE, staff, 9) is HIDDEN
    assert state_of("driver_balance", Level.AGENCY, staff, 10) is FEW
    assert state_of("driver_balance", WHOLE, (("driver", "ease"),), 9) is FEW
