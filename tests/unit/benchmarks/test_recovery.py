from datetime import date

from benchmarks.recovery_figures import Faust, Log, Ours, Recovery, markdown

MEASURED = Recovery(
    asked=100_000,
    measured_on=date(2026, 1, 5),
    machine="two cores",
    load_average=1.5,
    ours=(
        Ours(
            log=Log.COMPACTED,
            seconds=2.5,
            cpu_seconds=2.25,
            records=96_000,
            peak_megabytes=300,
            megabytes=250,
            citizens=50_000,
            bytes_each=960,
        ),
    ),
    faust=Faust(seconds=10, cpu_seconds=9, megabytes=120),
)


def test_the_ratio_says_how_many_times_longer_stock_faust_takes() -> None:
    row = markdown([MEASURED]).splitlines()[2]
    cells = "50,000 | compacted | 96,000 | 2.5 | 2.2 | 10.0 | 9.0 | 4.0 times | 4.0 times | 1.5"
    assert row == f"| {cells} |"


def test_memory_is_told_for_a_million_citizens() -> None:
    row = markdown([MEASURED]).splitlines()[6]
    assert row == "| 50,000 | compacted | 960 | 250 | 5,000 | 300 | 120 |"


def test_the_tables_end_with_where_and_when_they_were_measured() -> None:
    assert markdown([MEASURED]).splitlines()[-1] == "Measured on 2026-01-05 on two cores."
