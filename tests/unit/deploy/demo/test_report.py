from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from rich.console import Console

from deploy.demo.compare import Verdict
from deploy.demo.report import last_whole_month, show_scorecard, show_verdict
from schemas.catalogue import load
from schemas.metric import Dimensions, MetricMessage
from schemas.vocabulary import Level, PeriodKind, PublishState

CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted(Path("deploy/catalogue").glob("*.yaml"))
)
END = datetime(2026, 4, 14, tzinfo=UTC)
MARCH = datetime(2026, 2, 28, 23, tzinfo=UTC)


def screen() -> Console:
    return Console(file=StringIO(), width=100)


def shown(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_last_whole_month_is_the_services_own() -> None:
    service = CATALOGUE.services["building-permit"]
    assert last_whole_month(service, END) == MARCH
    assert last_whole_month(service, datetime(2026, 3, 31, 22, tzinfo=UTC)) == MARCH
    assert last_whole_month(service, datetime(2026, 3, 31, 21, tzinfo=UTC)) < MARCH


def test_a_scorecard_shows_shares_with_their_interval_and_nothing_where_nobody_was() -> None:
    message = MetricMessage(
        metric_id="completion_rate.gds",
        period=PeriodKind.MONTH,
        period_start=MARCH,
        period_end=END,
        time_zone="Europe/Amsterdam",
        level=Level.SERVICE,
        dimensions=Dimensions(agency="municipality", service="building-permit"),
        n=100,
        value=0.75,
        ci_low=0.66,
        ci_high=0.82,
        state=PublishState.OK,
    )
    console = screen()
    show_scorecard(console, CATALOGUE, [message], END)
    (row,) = [line for line in shown(console).splitlines() if "completed" in line]
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "completed",
        "-",
        "75% (66-82)",
        "-",
    ]


def test_equal_numbers_are_said_in_one_line() -> None:
    console = screen()
    show_verdict(console, Verdict(1_234, (), Counter({"trust": 34, "counter": 1_200})))
    families = "compared: counter 1,200, trust 34\n"
    assert shown(console) == f"{families}all 1,234 numbers equal the ground truth\n"


def test_differences_are_listed_and_counted() -> None:
    console = screen()
    show_verdict(console, Verdict(3, ("month a: 1, must be 2",), Counter({"a": 3})))
    assert (
        shown(console)
        == "compared: a 3\nmonth a: 1, must be 2\n1 of 3 numbers differ from the truth\n"
    )
