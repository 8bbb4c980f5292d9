"""What the watch takes from the topic, what it tells, and what Prometheus reads of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from schemas.codec import encode
from schemas.metric import Dimensions, MetricMessage, key_of
from schemas.vocabulary import Flag, Level, PeriodKind, PublishState
from services.publish.adapters.fall_collector import FallCollector
from services.publish.watch import JUDGED, WAITING, Watch
from tests.unit.publish.hours import HOUR, SERVICE, STEP, history, message, progress


def watching(*messages: MetricMessage, at: datetime = HOUR + 2 * STEP) -> Watch:
    watch = Watch()
    for each in messages:
        watch.record(key_of(each), encode(each))
    watch.record(*progress(at))
    return watch


def test_a_fall_of_two_hours_is_told_with_its_place() -> None:
    [found] = watching(*history()).falling()
    told = (found.measure, found.agency, found.service, found.touchpoint)
    assert told == ("completion_within.1h", "municipality", "building-permit", None)
    assert found.fall.points == pytest.approx(0.085)


def test_nothing_falls_where_nothing_fell() -> None:
    assert watching(*history(0.85)).falling() == ()


def test_reading_all_of_it_again_changes_nothing() -> None:
    once, twice = watching(*history()), watching(*history(), *history())
    assert once.falling() == twice.falling()
    assert once.watched() == twice.watched()


@pytest.mark.parametrize(
    "changes",
    [
        {"flags": (Flag.PROVISIONAL,)},
        {"clocks": ("import-2011",)},
        {"state": PublishState.LOW_N},
        {"state": PublishState.SUPPRESSED},
        {"level": Level.AGENCY},
        {"watermark": None},
    ],
    ids=str,
)
def test_what_may_grow_is_imported_or_of_few_raises_no_alarm(changes: dict[str, Any]) -> None:
    assert watching(*history(**changes)).falling() == ()


@pytest.mark.parametrize(
    ("metric_id", "kind"),
    [
        ("completion_within.1h", PeriodKind.DAY),
        ("completion_rate.live", PeriodKind.HOUR),
        ("satisfaction.top2", PeriodKind.MONTH),
    ],
)
def test_only_watched_measures_of_their_own_span_are_kept(metric_id: str, kind: PeriodKind) -> None:
    watch = watching(message(metric_id=metric_id, period=kind))
    assert set(watch.watched().values()) == {0}


def test_a_number_that_is_taken_back_is_forgotten() -> None:
    told = history()
    watch = watching(*told)
    watch.record(key_of(told[-1]), None)
    assert watch.falling() == ()


def test_a_revision_replaces_what_was_told() -> None:
    watch = watching(*history())
    revised = message(HOUR, 0.85)
    watch.record(key_of(revised), encode(revised))
    assert watch.falling() == ()


def test_a_revision_to_few_people_takes_the_window_away() -> None:
    watch = watching(*history())
    revised = message(HOUR, 0.77, state=PublishState.LOW_N, n=3)
    watch.record(key_of(revised), encode(revised))
    assert watch.falling() == ()


def test_old_evidence_is_no_alarm() -> None:
    told = history()
    assert watching(*told, at=HOUR + 5 * STEP).falling()
    assert watching(*told, at=HOUR + 6 * STEP).falling() == ()


def test_without_a_live_clock_nothing_is_told() -> None:
    watch = Watch()
    for each in history():
        watch.record(key_of(each), encode(each))
    watch.record(*progress(clock="demo"))
    assert watch.falling() == ()


def test_another_wording_has_no_weeks_before_it() -> None:
    day = timedelta(days=1)
    opinion: dict[str, Any] = {"metric_id": "satisfaction.top2", "period": PeriodKind.DAY}
    asked = [
        Dimensions(**SERVICE, touchpoint="apply", instrument="exit", wording=w) for w in ("a", "b")
    ]
    start = datetime(2026, 9, 14, 22, tzinfo=UTC)
    usual = [
        message(
            start - back,
            0.85,
            dimensions=asked[0],
            period_end=start - back + day,
            watermark=start - back + day,
            **opinion,
        )
        for back in (timedelta(weeks=week, days=d) for week in range(1, 9) for d in (0, 1))
    ]

    def fell(dimensions: Dimensions) -> list[MetricMessage]:
        days = (start - day, start)
        return [
            message(
                each,
                0.7,
                dimensions=dimensions,
                period_end=each + day,
                watermark=start + day,
                flags=(Flag.PROVISIONAL,),
                **opinion,
            )
            for each in days
        ]

    [found] = watching(*usual, *fell(asked[0]), at=start + day).falling()
    assert (found.measure, found.touchpoint) == ("satisfaction.top2", "apply")
    assert watching(*usual, *fell(asked[1]), at=start + day).falling() == ()


def test_a_day_that_is_not_over_is_not_judged() -> None:
    day: dict[str, Any] = {
        "metric_id": "satisfaction.top2",
        "period": PeriodKind.DAY,
        "period_end": HOUR + 24 * STEP,
    }
    over, going_on = (
        watching(message(watermark=HOUR + hours * STEP, **day)).watched() for hours in (24, 23)
    )
    assert over["satisfaction.top2", WAITING] == 1
    assert going_on["satisfaction.top2", WAITING] == 0


def test_what_breaks_the_contract_is_passed_over() -> None:
    watch = watching(*history())
    watch.record(key_of(message(HOUR - 2 * STEP)), b"{}")
    watch.record("progress/live", b"nonsense")
    assert watch.falling()


def test_more_than_the_weeks_needed_is_not_kept() -> None:
    watch = Watch()
    for hour in range(3 * 7 * 24 * 8):
        told = message(HOUR + hour * STEP)
        watch.record(key_of(told), encode(told))
    [series] = watch._series.values()  # noqa: SLF001 (memory is what is asked about)
    assert 8 * 7 * 24 < len(series.windows) <= 2 * (8 * 7 * 24 + 2)
    assert series.windows.keys() == series.told.keys()


def test_prometheus_reads_what_falls_and_how_much_is_watched() -> None:
    registry = CollectorRegistry()
    registry.register(FallCollector(watching(*history())))
    place = {**SERVICE, "touchpoint": "", "measure": "completion_within.1h"}
    fall = registry.get_sample_value("throughline_falling_measure_ratio", place)
    assert fall == pytest.approx(0.085)
    states = {"completion_within.1h": (1, 0), "satisfaction.top2": (0, 0)}
    for measure, counts in states.items():
        found = tuple(
            registry.get_sample_value(
                "throughline_watched_series", {"measure": measure, "state": s}
            )
            for s in (JUDGED, WAITING)
        )
        assert found == counts


def test_prometheus_reads_no_series_of_what_does_not_fall() -> None:
    registry = CollectorRegistry()
    registry.register(FallCollector(watching(message())))
    assert "falling_measure_ratio{" not in str(registry.collect())
    waiting = {"measure": "completion_within.1h", "state": WAITING}
    assert registry.get_sample_value("throughline_watched_series", waiting) == 1
