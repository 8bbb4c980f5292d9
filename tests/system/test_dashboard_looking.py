"""Whether a number can be read is decided as people would."""

import pytest

from deploy.grafana.query import Unit
from tests.system.looking import reads


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("87%", Unit.SHARE),
        ("2.5%", Unit.SHARE),
        ("3.43 weeks", Unit.SECONDS),
        ("0 s", Unit.SECONDS),
        ("1,292", Unit.COUNT),
        ("512.0 KiB", Unit.BYTES),
        ("2.50K evt/s", Unit.EVENTS),
    ],
)
def test_a_number_with_its_unit_can_be_read(text: str, unit: Unit) -> None:
    assert reads(text, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0.87", Unit.SHARE),
        ("86400", Unit.SECONDS),
        ("86400 s", Unit.SECONDS),
        ("76.5", Unit.COUNT),
        ("12345", Unit.COUNT),
        ("1048576", Unit.BYTES),
        ("No data", Unit.EVENTS),
    ],
)
def test_a_bare_ratio_long_seconds_and_parts_of_people_cannot(text: str, unit: Unit) -> None:
    assert not reads(text, unit)
