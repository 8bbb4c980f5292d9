"""What was counted last, as bytes and back."""

import msgspec
import pytest

from schemas.journey import JourneySnapshot
from services.metrics.adapters.packing import packed, unpacked
from services.metrics.domain.contribution import Counted, contribution
from tests.unit.metrics.snapshots import ended, journey, rules, step

FULL = ended(status="final", survey=(step("offered"), step(answer=4)))


@pytest.mark.parametrize("snapshot", [journey(), FULL, ended(erased=True)])
def test_what_is_packed_is_found_again(snapshot: JourneySnapshot) -> None:
    counted = Counted(2**53 - 1, contribution(snapshot, rules()))
    assert unpacked(packed(counted)) == counted


def test_it_shrinks_to_two_thirds_and_less() -> None:
    counted = Counted(2**53 - 1, contribution(FULL, rules()))
    assert len(packed(counted)) < 0.67 * len(msgspec.msgpack.encode(counted))
