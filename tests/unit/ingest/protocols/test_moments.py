"""Numbers since 1970, as four protocols send them."""

import pytest

from services.ingest.domain.protocols.moments import since_1970

ELEVEN = "2026-03-10T11:00:00+00:00"


@pytest.mark.parametrize(
    ("told", "per_second", "found"),
    [
        ("1773140400", 1, ELEVEN),
        (1773140401, 1, "2026-03-10T11:00:01+00:00"),
        (1773140400.5, 1, "2026-03-10T11:00:00.500000+00:00"),
        ("1773140400000", 1_000, ELEVEN),
        (1773140400000001, 1_000_000, "2026-03-10T11:00:00.000001+00:00"),
        (-1, 1, "1969-12-31T23:59:59+00:00"),
    ],
)
def test_a_number_becomes_an_instant(told: object, per_second: int, found: str) -> None:
    assert since_1970(told, per_second) == found


@pytest.mark.parametrize("told", ["soon", "", None, True, [1], "9" * 30, 10**31, float("inf")])
def test_what_cannot_be_read_goes_on_as_it_is(told: object) -> None:
    assert since_1970(told, 1) is told
