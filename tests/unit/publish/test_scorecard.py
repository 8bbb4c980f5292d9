"""The scorecard as a whole, and the overview."""

from datetime import date

from schemas.vocabulary import PeriodKind
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import ROLLING, Period
from services.publish.domain.scorecard import Scorecard, scorecard
from services.publish.domain.view import View
from tests.unit.publish.samples import NOW, passport, progress
from tests.unit.publish.year import passport_year

YEAR = Numbers.of((m for m in passport_year() if m.dimensions.service), [progress()])
MAY = Period(PeriodKind.MONTH, date(2026, 5, 1))


def card(numbers: Numbers = YEAR, period: Period = ROLLING) -> Scorecard:
    return scorecard(passport(), "passport-office", View(numbers, period), (), NOW)


def test_the_page_in_brief_is_a_few_sentences() -> None:
    assert card().brief == (
        "Of 1,323 journeys that ended, 143 looked for information only.",
        "84.6% of the other 1,180 were completed.",
        "Half of the completed ones took at most 6 days 7 hours.",
        "Satisfaction was 74.6%, from 248 answers.",
        "Trust was 64.1%, from 248 answers.",
        "More left at “Photo” than anywhere else: 95 of 1,015 who reached it.",
    )


def test_without_numbers_the_page_claims_nothing() -> None:
    empty = card(Numbers.of([]))
    assert (empty.brief, empty.outcomes, empty.trends, empty.heading.span) == ((), (), (), "")
    assert {figure.value for figure in empty.headlines} == {None}


def test_the_span_is_told_in_days() -> None:
    assert (card().heading.span, card(period=MAY).heading.span) == (
        "19 August 2026 to 15 September 2026",
        "1 to 31 May 2026",
    )


def test_a_period_that_can_still_change_says_so() -> None:
    assert (card().heading.is_provisional, card(period=MAY).heading.is_provisional) == (True, False)


def test_a_period_that_was_revised_says_so() -> None:
    assert (card().heading.is_revised, card(period=MAY).heading.is_revised) == (False, True)


def test_trust_stands_among_the_headlines_where_somebody_was_asked() -> None:
    assert "trust.positive" in [figure.formula for figure in card().headlines]
    assert "trust.positive" not in [figure.formula for figure in card(Numbers.of([])).headlines]
