from datetime import date

from benchmarks.recovery import Faust, Ours, Recovery, markdown

MEASURED = Recovery(
    asked=100_000,
    measured_on=date(2026, 1, 5),
    machine="two cores",
    load_average=1.5,
    ours=Ours(seconds=2.5, records=190_000, megabytes=400, citizens=95_000, bytes_each=960),
    faust=Faust(seconds=10, megabytes=120),
)


def test_the_ratio_says_how_many_times_longer_stock_faust_takes() -> None:
    row = markdown([MEASURED]).splitlines()[2]
    assert row == "| 95,000 | 2.5 | 190,000 | 400 | 960 | 10.0 | 120 | 4.0 times | 1.5 |"


def test_the_table_ends_with_where_and_when_it_was_measured() -> None:
    assert markdown([MEASURED]).splitlines()[-1] == "Measured on 2026-01-05 on two cores."
