"""How good the data of every clock is."""

from services.publish.domain.clocks import clocks
from services.publish.domain.numbers import Numbers
from tests.unit.publish.samples import message, progress


def test_what_nobody_knows_is_not_0() -> None:
    shares = {"late_share": 0.0, "duplicate_share": None}
    [live] = clocks(Numbers.of([message()], [progress(shares=shares)]))
    assert [(share.name, share.text) for share in live.shares] == [
        ("Came late", "0%"),
        ("Came twice", "not known"),
        ("Refused", "not known"),
    ]


def test_a_share_of_a_later_version_is_shown_by_its_id() -> None:
    [live] = clocks(Numbers.of([message()], [progress(shares={"skewed_share": 0.5})]))
    assert (live.shares[-1].name, live.shares[-1].text) == ("Skewed share", "50.0%")


def test_only_clocks_in_the_numbers_are_told() -> None:
    told = clocks(Numbers.of([message()], [progress(), progress(clock="archive")]))
    assert [one.clock for one in told] == ["live"]
