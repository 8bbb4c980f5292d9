"""The scorecard as a whole, and the overview."""

from datetime import date

from schemas.vocabulary import PeriodKind
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from services.publish.domain.scorecard import Choice, Choices, Scorecard, overview, scorecard
from tests.unit.publish.samples import (
    NOW,
    catalogue,
    message,
    of_month,
    passport,
    passport_year,
    progress,
)

YEAR = Numbers.of(passport_year(), [progress()])
MAY = Period(PeriodKind.MONTH, date(2026, 5, 1))


def card(numbers: Numbers = YEAR, period: Period = ROLLING) -> Scorecard:
    return scorecard(passport(), "passport-office", numbers, period, NOW)


def test_the_page_in_brief_is_a_few_sentences() -> None:
    assert card().brief == (
        "Of 1,323 journeys that ended, 143 looked for information only.",
        "84.6% of the other 1,180 were completed.",
        "Half of the completed ones took at most 6 days 7 hours.",
        "Satisfaction was 74.6%, from 248 answers.",
        "More left at “Photo” than anywhere else: 95 of 1,015 who reached it.",
    )


def test_without_numbers_the_page_claims_nothing() -> None:
    empty = card(Numbers.of([]))
    assert (empty.brief, empty.outcomes, empty.trends, empty.span) == ((), (), (), "")
    assert {figure.value for figure in empty.headlines} == {None}


def test_the_periods_to_choose_from_mark_the_chosen_one() -> None:
    others, months = card(period=MAY).choices
    last = Choice("rolling_28d", "Last 28 days", "Last 28 days", is_chosen=False)
    assert others == Choices("", (last,))
    assert [choice.name for choice in months.row if choice.is_chosen] == ["2026-05"]


def test_months_stand_by_year_the_newest_year_first() -> None:
    begun = (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
    months = [message(**of_month(month)) for month in begun]
    rows = [
        (choices.year, [choice.short for choice in choices.row])
        for choices in card(Numbers.of(months), MAY).choices
    ]
    assert rows == [("2026", ["January", "February", "May"]), ("2025", ["December"])]


def test_a_period_without_numbers_can_be_looked_at() -> None:
    day = Period(PeriodKind.DAY, date(2026, 5, 4))
    shown = card(period=day)
    day_first = Choice("2026-05-04", "4 May 2026", "4 May 2026", is_chosen=True)
    assert shown.choices[0].row[0] == day_first
    assert shown.brief == ()


def test_the_span_is_told_in_days() -> None:
    assert (card().span, card(period=MAY).span) == (
        "19 August 2026 to 15 September 2026",
        "1 to 31 May 2026",
    )


def test_a_period_that_can_still_change_says_so() -> None:
    assert (card().is_provisional, card(period=MAY).is_provisional) == (True, False)


def test_a_period_that_was_revised_says_so() -> None:
    assert (card().is_revised, card(period=MAY).is_revised) == (False, True)


def test_the_overview_has_every_service_of_the_catalogue() -> None:
    numbers = {"passport-renewal": YEAR, "lost-passport": Numbers.of([])}
    shown = {
        line.name: [figure.text for figure in line.figures]
        for line in overview(catalogue(), numbers, NOW)
    }
    assert shown == {
        "Passport renewal": ["84.6%", "74.6%", "6 days 7 hours", "1,323"],
        "Lost passport": ["no journeys", "no answers", "no journeys", "no journeys"],
    }
