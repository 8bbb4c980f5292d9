"""What was counted last, as bytes and back."""

import pytest

from schemas.journey import JourneySnapshot
from services.metrics.adapters.packing import packed, unpacked
from services.metrics.domain.contribution import Counted, contribution
from tests.unit.metrics.snapshots import ended, journey, rules

OPEN, FINAL = journey(), ended(status="final")


@pytest.mark.parametrize("snapshot", [OPEN, FINAL, ended(erased=True)])
def test_what_is_packed_is_found_again(snapshot: JourneySnapshot) -> None:
    counted = Counted(2**53 - 1, contribution(snapshot, rules()))
    assert unpacked(packed(counted)) == counted


def test_only_what_is_final_is_compressed() -> None:
    starts = [packed(Counted(1, contribution(s, rules())))[:1] for s in (OPEN, FINAL)]
    assert starts == [b"\x92", b"\x78"]
