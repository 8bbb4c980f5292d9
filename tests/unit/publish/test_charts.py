"""Where the points of a chart lie."""

from datetime import date

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag
from services.publish.adapters.charts import Chart, Tick, chart
from services.publish.adapters.charts import Flag as Change
from services.publish.domain.numbers import Numbers
from services.publish.domain.trend import Event, trends
from tests.unit.publish.samples import MONTHS, message, of_month


def completed(month: date, value: float | None, **changes: object) -> MetricMessage:
    ends = {"ci_low": value - 0.1, "ci_high": value + 0.1} if value is not None else {}
    return message("completion_rate.live", value=value, **ends, **of_month(month), **changes)


def placed(*messages: MetricMessage) -> Chart:
    [trend] = trends(Numbers.of(messages))
    return chart(trend)


def test_the_axis_is_never_cut() -> None:
    shares = placed(completed(MONTHS[0], 0.5)).shares
    assert (shares[0], shares[-1]) == (Tick(160, "0%"), Tick(10, "100%"))


def test_a_share_lies_where_it_belongs_between_nothing_and_all() -> None:
    [mark] = placed(completed(MONTHS[0], 0.5)).lines[0].marks
    assert (mark.y, mark.label) == (85.0, "January 2026: 50.0%, n 1,200")


def test_a_gap_breaks_the_line_and_its_band() -> None:
    values = [0.5, 0.6, None, 0.7, 0.8, None, 0.9]
    line = placed(*map(completed, MONTHS, values)).lines[0]
    assert [len(run.split()) for run in line.runs] == [2, 2]
    assert [len(band.split()) for band in line.bands] == [4, 4]
    assert len(line.marks) == 5


def test_a_band_goes_along_the_upper_ends_and_back_along_the_lower() -> None:
    band = placed(completed(MONTHS[0], 0.5), completed(MONTHS[1], 0.5)).lines[0].bands[0]
    assert [float(point.split(",")[1]) for point in band.split()] == [70.0, 70.0, 100.0, 100.0]


def test_without_an_interval_the_band_is_the_line_itself() -> None:
    bare = [message("completion_rate.live", value=0.5, **of_month(m)) for m in MONTHS[:2]]
    band = placed(*bare).lines[0].bands[0]
    assert {point.split(",")[1] for point in band.split()} == {"85.0"}


def test_a_month_that_can_still_change_has_an_open_mark() -> None:
    line = placed(
        completed(MONTHS[0], 0.5), completed(MONTHS[1], 0.6, flags=(Flag.PROVISIONAL,))
    ).lines[0]
    assert [mark.is_open for mark in line.marks] == [False, True]


def test_labels_are_thinned_where_there_is_no_room_and_name_a_new_year() -> None:
    months = [date(2025, month, 1) for month in range(7, 13)] + list(MONTHS)
    labels = [tick.label for tick in placed(*(completed(month, 0.5) for month in months)).periods]
    assert labels == ["Jul 2025", "Oct", "Jan 2026", "Apr", "Jul"]


def test_changes_of_one_month_share_a_line_at_the_day_of_the_first() -> None:
    events = (
        Event(1, date(2026, 1, 31), "31 January"),
        Event(2, date(2026, 2, 1), "1 February"),
        Event(3, date(2026, 2, 20), "20 February"),
    )
    months = [completed(month, 0.5) for month in MONTHS[:2]]
    [trend] = trends(Numbers.of(months), events)
    assert chart(trend).flags == (
        Change(193.0, "1", "31 January"),
        Change(198.1, "2, 3", "1 February; 20 February"),
    )
