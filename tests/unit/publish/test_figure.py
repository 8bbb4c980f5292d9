"""One number as it may be shown."""

from typing import Any

import pytest

from schemas.metric import MetricMessage, key_of
from schemas.vocabulary import Flag, PublishState
from services.publish.domain.figure import Figure, Interval, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.notes import Note
from tests.unit.publish.samples import PAGE, SURVEY, message, rate


def shown(sent: MetricMessage) -> Figure:
    return figure(sent, sent.metric_id)


def test_a_share_has_its_value_its_interval_and_n() -> None:
    sent = message(
        value=0.8243, n=1_200, numerator=989, denominator=1_200, ci_low=0.8018, ci_high=0.8448
    )
    assert shown(sent) == Figure(
        measure=measure_of("completion_rate.live"),
        text="82.4%",
        n=1_200,
        value=0.8243,
        count=989,
        interval=Interval("80.2% to 84.5%", 0.8018, 0.8448),
        ends=(0.0, 1.0),
        key=key_of(sent),
    )


@pytest.mark.parametrize(
    ("metric_id", "text"),
    [
        ("satisfaction.linear", "no answers"),
        ("satisfaction.top2", "no answers"),
        ("response_rate", "never offered"),
        ("completion_rate.live", "no journeys"),
        ("time_to_complete.completed.p50", "no journeys"),
        ("touchpoint_journeys", "no journeys"),
    ],
)
@pytest.mark.parametrize("sent", [True, False])
def test_what_has_no_number_says_so_and_is_never_0(
    metric_id: str, text: str, *, sent: bool
) -> None:
    empty = message(metric_id, n=0, state=PublishState.LOW_N) if sent else None
    made = figure(empty, metric_id)
    assert (made.text, made.value, made.is_missing, made.notes) == (text, None, True, ())


def test_a_true_zero_is_shown_as_zero() -> None:
    made = shown(message("abandonment_rate", n=40, value=0.0))
    assert (made.text, made.is_missing) == ("0%", False)


def test_a_suppressed_number_tells_neither_value_nor_interval_nor_n() -> None:
    sent = rate(
        "satisfaction.linear", 2, 3, **PAGE, touchpoint="guidance", state=PublishState.SUPPRESSED
    )
    made = shown(sent)
    assert (made.text, made.n, made.value, made.count, made.interval) == (
        "hidden",
        None,
        None,
        0,
        None,
    )
    assert made.notes == (
        Note("suppressed", "Hidden: too few answers to show without showing people"),
    )


def test_few_answers_are_said_to_be_few() -> None:
    made = shown(rate("satisfaction.linear", 10, 17, **SURVEY))
    assert made.notes == (Note("low_n", "Few: only 17, read with care"),)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"flags": (Flag.PROVISIONAL,)}, Note("provisional", "Provisional: can still change")),
        ({"flags": (Flag.STALE,)}, Note("stale", "Stale: newer data did not come")),
        (
            {"flags": (Flag.REVISED,), "revision": 1, "revision_reason": "late_entry"},
            Note("revised", "Revised once: late entry"),
        ),
        ({"flags": (Flag.REVISED,), "revision": 3}, Note("revised", "Revised 3 times")),
    ],
)
def test_a_flag_is_said_in_words(changes: dict[str, Any], note: Note) -> None:
    assert shown(message(value=0.5, **changes)).notes == (note,)


def test_what_is_provisional_or_revised_can_be_left_to_the_page_to_say() -> None:
    both = (Flag.PROVISIONAL, Flag.REVISED)
    made = shown(rate("step_dropoff", 3, 17, touchpoint="photo", flags=both, revision=2))
    assert [note.kind for note in made.notes] == ["low_n", "provisional", "revised"]
    assert [note.kind for note in made.own_notes] == ["low_n"]
    assert (made.is_provisional, made.is_revised) == (True, True)


def test_a_rate_known_only_by_its_bounds_shows_them_and_no_value() -> None:
    bounds = {"ci_low": 0.5, "ci_high": 0.9, "ci_method": "bounds", "denominator": 100}
    made = shown(message("completion_rate.gds", n=100, flags=(Flag.PROVISIONAL,), **bounds))
    assert (made.text, made.interval) == ("not yet known", Interval("50.0% to 90.0%", 0.5, 0.9))
    assert [note.kind for note in made.notes] == ["bounds", "provisional"]


@pytest.mark.parametrize(
    ("metric_id", "text"),
    [
        ("time_to_complete.completed.p50", "too few journeys"),
        ("time_to_complete.started.p90", "not reached"),
    ],
)
def test_a_time_that_cannot_be_told_says_why(metric_id: str, text: str) -> None:
    assert shown(message(metric_id, n=9, state=PublishState.LOW_N)).text == text


def test_a_drop_off_tells_its_reasons_the_most_frequent_first() -> None:
    ends = {"error": 2, "abandoned": 40, "expired": 2, "withdrawn": 0}
    made = shown(rate("step_dropoff", 44, 400, touchpoint="photo", distribution=ends))
    assert made.reasons == ("abandoned 40", "error 2", "expired 2")


def test_an_opinion_tells_which_survey_asked() -> None:
    made = shown(rate("satisfaction.linear", 60, 80, **SURVEY))
    assert made.about == "Survey passport-journey, wording passport-journey-en-1, scale 1..5"


def test_a_measure_of_a_later_version_is_shown_by_its_id() -> None:
    made = shown(message("measure.of_next_year", value=7.0, n=50))
    assert (made.measure.name, made.text, made.formula) == (
        "measure.of_next_year",
        "7",
        "measure.of_next_year",
    )


@pytest.mark.parametrize(
    ("metric_id", "value", "ends", "text", "interval"),
    [
        ("satisfaction.net", 0.5, (0.4, 0.6), "+50.0 points", "+40.0 to +60.0 points"),
        ("satisfaction.fr10", 7.25, (6.9, 7.5), "7.2 of 10", "6.9 to 7.5 of 10"),
        ("nps", -3.0, (-9.0, 3.0), "−3.0", "−9.0 to +3.0"),  # noqa: RUF001 (true minus signs)
        ("ease", 3.8, (3.5, 4.0), "3.8 of 5", "3.5 to 4.0 of 5"),
        ("contacts_per_resolved", 0.523, (0.5, 0.6), "0.52", "0.50 to 0.60"),
        (
            "time_to_decision.p50",
            7_200.0,
            (3_600.0, 9_000.0),
            "2 hours",
            "1 hour to 2 hours 30 minutes",
        ),
    ],
)
def test_a_value_is_written_in_its_unit_and_the_unit_once(
    metric_id: str, value: float, ends: tuple[float, float], text: str, interval: str
) -> None:
    made = shown(message(metric_id, value=value, ci_low=ends[0], ci_high=ends[1], scale="1..5"))
    assert made.interval is not None
    assert (made.text, made.interval.text) == (text, interval)


def test_a_value_has_its_place_between_the_least_and_the_most_it_can_be() -> None:
    ease = shown(message("ease", value=4.0, scale="1..5"))
    net = shown(message("satisfaction.net", value=0.5))
    assert (ease.ends, ease.place(4.0)) == ((1.0, 5.0), 0.75)
    assert (net.ends, net.place(0.5)) == ((-1.0, 1.0), 0.75)
    assert shown(message("time_to_decision.p50", value=5.0)).ends is None
