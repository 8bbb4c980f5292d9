from datetime import UTC, datetime

from deploy.demo.verdict import stood_still


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 9, 14, hour, minute, tzinfo=UTC)


def test_windows_told_in_this_hour_stood_still() -> None:
    assert stood_still(at(9, 20), at(9, 40))
    assert stood_still(None, at(9, 40))


def test_they_did_not_where_an_hour_began_since_or_just_before() -> None:
    assert not stood_still(at(9, 59), at(10, 1))
    assert not stood_still(at(10, 0), at(10, 1))
    assert stood_still(at(10, 1), at(10, 2))
