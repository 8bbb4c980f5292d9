from collections import Counter
from datetime import UTC, datetime, timedelta

from deploy.demo.compare import Verdict, compare, compare_account, compare_numbers, key_of
from deploy.demo.story import Fate, Sending
from deploy.demo.tally import Tally, expected_account
from deploy.demo.truth.intervals import Interval
from deploy.demo.truth.numbers import Key
from deploy.demo.truth.scores import Number
from schemas.journey import Account
from schemas.metric import Dimensions, MetricMessage
from schemas.vocabulary import Flag, Level, PeriodKind, PublishState, Reason, RevisionReason

MARCH = datetime(2026, 2, 28, 23, tzinfo=UTC)
APRIL = datetime(2026, 3, 31, 22, tzinfo=UTC)
KEY = Key(
    metric="undecided_rate",
    level=Level.SERVICE,
    agency="municipality",
    service="building-permit",
    dimensions=(),
    period=PeriodKind.MONTH,
    start=MARCH,
)


THIRD = Number(
    n=3,
    value=1 / 3,
    numerator=1,
    denominator=3,
    interval=Interval(0.25, 0.5, "wilson"),
    state=PublishState.LOW_N,
)


def message(**changes: object) -> MetricMessage:
    ordinary: dict[str, object] = {
        "metric_id": "undecided_rate",
        "period": PeriodKind.MONTH,
        "period_start": MARCH,
        "period_end": APRIL,
        "time_zone": "Europe/Amsterdam",
        "level": Level.SERVICE,
        "dimensions": Dimensions(agency="municipality", service="building-permit"),
        "numerator": 1,
        "denominator": 3,
        "n": 3,
        "value": 1 / 3,
        "ci_low": 0.25,
        "ci_high": 0.5,
        "ci_method": "wilson",
        "state": PublishState.LOW_N,
    }
    return MetricMessage.model_validate(ordinary | changes)


def test_a_message_that_says_the_truth_is_one_number_without_a_difference() -> None:
    assert compare_numbers("told", {KEY: THIRD}, [message()]) == Verdict(
        1, (), Counter({"undecided_rate": 1})
    )


def test_each_field_that_differs_makes_a_difference() -> None:
    truth = {KEY: THIRD}
    of_sums = ({"n": 4}, {"value": 0.4}, {"numerator": 2}, {"denominator": 4})
    of_certainty = (
        {"ci_low": 0.24},
        {"ci_high": None},
        {"ci_method": "ratio"},
        {"state": PublishState.OK},
        {"flags": (Flag.PROVISIONAL,)},
    )
    for change in (*of_sums, *of_certainty):
        assert len(compare_numbers("told", truth, [message(**change)]).differences) == 1
    changed = message(distribution={"a": 1})
    assert len(compare_numbers("told", truth, [changed]).differences) == 1


def test_what_was_told_before_may_be_revised_but_not_without_a_reason() -> None:
    truth = {KEY: THIRD}
    flags, why = (Flag.REVISED,), RevisionReason.LATE_ENTRY
    told = message(flags=flags, revision=1, revision_reason=why)
    assert compare_numbers("told", truth, [told]).differences == ()
    assert len(compare_numbers("told", truth, [message(flags=flags)]).differences) == 1


def test_the_ends_of_an_interval_are_compared_to_six_digits() -> None:
    truth = {KEY: THIRD}
    assert compare_numbers("told", truth, [message(ci_low=0.2500001)]).differences == ()
    assert len(compare_numbers("told", truth, [message(ci_low=0.250001)]).differences) == 1


def test_a_missing_and_an_extra_month_are_differences() -> None:
    missing = compare_numbers("told", {KEY: THIRD}, [])
    extra = compare_numbers("told", {}, [message()])
    name = "told undecided_rate building-permit month from 2026-02-28T23:00:00Z"
    truth = "0.3333333333, n 3, numerator 1, denominator 3, 0.25 to 0.5 by wilson, low_n"
    assert missing.differences == (f"{name}: nothing, must be {truth}",)
    assert len(extra.differences) == 1


def test_windows_are_compared_and_days_are_not() -> None:
    window = message(period=PeriodKind.ROLLING_28D)
    assert compare_numbers("told", {}, [message(period=PeriodKind.DAY)]) == Verdict(0, ())
    assert compare_numbers("told", {key_of(window): THIRD}, [window]).differences == ()
    # A window that did not move on is another one.
    stayed = message(period=PeriodKind.ROLLING_28D, period_start=MARCH - timedelta(days=1))
    assert len(compare_numbers("told", {key_of(window): THIRD}, [stayed]).differences) == 2


def test_quarters_levels_and_agencies_are_numbers_of_their_own() -> None:
    quarter = message(period=PeriodKind.QUARTER)
    agency = message(level=Level.AGENCY, dimensions=Dimensions(agency="municipality"))
    place = message(
        level=Level.TOUCHPOINT,
        dimensions=Dimensions(agency="municipality", service="building-permit", touchpoint="desk"),
    )
    told = [message(), quarter, agency, place]
    truth = {key_of(one): THIRD for one in told}
    assert len(truth) == 4
    assert compare_numbers("told", truth, told).differences == ()
    assert len(compare_numbers("told", truth, told[:1]).differences) == 3


def test_a_message_about_nothing_says_nothing() -> None:
    empty = message(n=0, value=None, numerator=0, denominator=0)
    assert compare_numbers("told", {}, [empty]) == Verdict(0, ())


def test_both_sides_are_looked_at() -> None:
    assert compare("x", {"a": 1, "b": 2}, {"b": 3, "c": 4}).differences == (
        "x a: nothing, must be 1",
        "x b: 3, must be 2",
        "x c: 4, must be nothing",
    )


def sending(ident: str, **more: object) -> Sending:
    return Sending("demo-permit-web", ident, MARCH, MARCH, {}, **more)  # type: ignore[arg-type]


def account_of(tally: Tally, account: Account) -> Verdict:
    sendings = [
        sending("1"),
        sending("1", fate=Fate.DUPLICATE),
        sending("2", fate=Fate.LATE),
        sending("3", fate=Fate.REJECTED, reason=Reason.UNKNOWN_SERVICE),
    ]
    return compare_account(expected_account(sendings), tally, account)


def test_an_account_that_adds_up_has_no_difference() -> None:
    tally = Tally(sent=4, accepted=3, rejected=Counter({"unknown_service": 1}))
    account = Account(applied=1, duplicate=1, late=1)
    assert account_of(tally, account) == Verdict(10, (), Counter({"account": 10}))


def test_a_lost_event_shows_in_the_account() -> None:
    tally = Tally(sent=4, accepted=3, rejected=Counter({"unknown_service": 1}))
    lost = account_of(tally, Account(applied=0, duplicate=1, late=1))
    assert lost.differences == (
        "account applied: 0, must be 1",
        "account applied + duplicate + late + rejected by journey: 2, must be 3",
    )


def test_an_answer_that_differs_from_the_plan_is_told_event_by_event() -> None:
    tally = Tally()
    planned = [sending("1"), sending("2", fate=Fate.REJECTED, reason=Reason.UNKNOWN_ACTION)]
    rejected = [{"index": 0, "reason": "bad_time", "detail": ""}]
    tally.take(planned, {"accepted": 1, "ignored": 0, "rejected": rejected})
    assert tally.surprises == [
        "1: bad_time, must be accepted",
        "2: accepted, must be unknown_action",
    ]
