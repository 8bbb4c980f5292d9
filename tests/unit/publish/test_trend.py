"""Scores over the months."""

from datetime import date, datetime, timedelta

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PeriodKind
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from services.publish.domain.trend import Event, Line, trends, trends_at, trends_by_day
from tests.unit.publish.samples import SURVEY, ZONE, message, of_month, rate

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def completed(month: date, numerator: int, n: int = 100) -> MetricMessage:
    return rate("completion_rate.live", numerator, n, **of_month(month))


def satisfied(month: date, numerator: int, wording: str) -> MetricMessage:
    asked = SURVEY | {"wording": wording} | of_month(month)
    return rate("satisfaction.linear", numerator, 100, **asked)


def drawn(line: Line) -> list[tuple[str, str]]:
    return [(point.period, point.figure.text) for point in line.points]


def test_a_month_without_a_number_is_a_gap_and_not_0() -> None:
    [trend] = trends(Numbers.of([completed(MAY, 80), completed(JULY, 90)]))
    assert drawn(trend.lines[0]) == [
        ("May 2026", "80.0%"),
        ("June 2026", "no journeys"),
        ("July 2026", "90.0%"),
    ]
    assert trend.lines[0].points[1].figure.value is None


def test_a_change_of_wording_breaks_the_line() -> None:
    numbers = Numbers.of(
        [satisfied(MAY, 60, "old"), satisfied(JUNE, 61, "old"), satisfied(JULY, 90, "new")]
    )
    [trend] = trends(numbers)
    assert [[text for _, text in drawn(line)] for line in trend.lines] == [
        ["60.0%", "61.0%", "no answers"],
        ["no answers", "no answers", "90.0%"],
    ]


def test_completion_and_satisfaction_are_two_charts_over_the_same_months() -> None:
    within = rate("completion_within.28d", 50, 100, **of_month(JUNE))
    made = trends(Numbers.of([completed(MAY, 80), within, satisfied(JULY, 70, "old")]))
    assert [(trend.id, len(trend.lines)) for trend in made] == [
        ("completion", 2),
        ("satisfaction", 1),
    ]
    assert {point.period for trend in made for point in trend.periods} == {
        "May 2026",
        "June 2026",
        "July 2026",
    }


def test_the_chart_is_told_in_words() -> None:
    [trend] = trends(Numbers.of([completed(MAY, 80), completed(JULY, 90)]))
    assert trend.summary == (
        "Completed, of those that ended: from 80.0% in May 2026 to 90.0% in July 2026."
    )


def test_a_chart_of_one_month_says_so() -> None:
    [trend] = trends(Numbers.of([completed(MAY, 80)]))
    assert trend.summary == "Completed, of those that ended: 80.0% in May 2026."


def test_a_month_that_can_still_change_is_known_as_such() -> None:
    open_month = rate("completion_rate.live", 9, 40, flags=(Flag.PROVISIONAL,), **of_month(JULY))
    [trend] = trends(Numbers.of([completed(JUNE, 80), open_month]))
    assert [point.figure.is_provisional for point in trend.periods] == [False, True]


def test_without_months_there_is_no_chart() -> None:
    assert trends(Numbers.of([rate("completion_rate.live", 9, 40)])) == ()


def test_trust_has_a_chart_of_its_own() -> None:
    asked = SURVEY | {"construct": "trust"} | of_month(MAY)
    made = trends(Numbers.of([completed(MAY, 80), rate("trust.positive", 60, 90, **asked)]))
    assert [trend.id for trend in made] == ["completion", "trust"]


def test_a_touchpoint_tells_who_left_and_what_was_said_there() -> None:
    here = {"touchpoint": "guidance"} | of_month(MAY)
    numbers = Numbers.of(
        [
            completed(MAY, 80),
            rate("step_dropoff", 9, 90, **here),
            rate("satisfaction.linear", 60, 90, **SURVEY, **here),
        ]
    )
    assert [trend.id for trend in trends_at(numbers, "guidance")] == ["leaving", "opinion"]
    assert trends_at(numbers, "collection") == ()


def test_a_change_is_marked_where_there_are_months_around_it() -> None:
    inside, after = Event(1, date(2026, 6, 9), "9 June"), Event(2, date(2027, 1, 1), "later")
    numbers = Numbers.of([completed(MAY, 80), completed(JULY, 90)])
    [trend] = trends(numbers, (inside, after))
    assert trend.events == (inside,)
    assert trend.summary.endswith("Change 1 on 9 June.")


def on_day(day: int, numerator: int) -> MetricMessage:
    start = datetime(2026, 5, day, tzinfo=ZONE)
    ends = {"period_start": start, "period_end": start + timedelta(days=1)}
    return rate("completion_rate.live", numerator, 100, period=PeriodKind.DAY, **ends)


def test_of_a_month_its_days_are_told_with_the_gaps_between_them() -> None:
    numbers = Numbers.of([completed(MAY, 80), on_day(3, 70), on_day(5, 90)])
    [trend] = trends_by_day(numbers, Period(PeriodKind.MONTH, MAY))
    assert trend.title == "Completion by day, May 2026"
    assert [(point.short, point.figure.text) for point in trend.periods] == [
        ("3", "70.0%"),
        ("4", "no journeys"),
        ("5", "90.0%"),
    ]


def test_a_way_of_asking_that_nobody_answered_has_no_line() -> None:
    asked = SURVEY | of_month(MAY)
    silent = message("trust.positive", n=0, **asked)
    made = trends(Numbers.of([completed(MAY, 80), silent]))
    assert [trend.id for trend in made] == ["completion"]


def test_what_is_longer_than_a_month_has_no_days() -> None:
    numbers = Numbers.of([on_day(3, 70)])
    assert trends_by_day(numbers, ROLLING) == ()
    assert trends_by_day(numbers, Period(PeriodKind.MONTH, JUNE)) == ()
