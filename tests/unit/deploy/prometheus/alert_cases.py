"""For every alert: series in which it fires, with what it says, and series in which it does not.

Values are promtool's: `0+60x10` is 0, 60, … 600, one a step; `_` is a scrape that failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Series = Mapping[str, str]
_EVENTS = 'throughline_events_total{job="throughline-ingest",source="web",result="%s"}'
_REQUESTS = 'throughline_requests_total{job="throughline-ingest",status="%s"}'
_FEED = 'throughline_feed_last_event_timestamp_seconds{source="web"}'
_SILENCE = 'throughline_feed_max_silence_seconds{source="web"}'
_RULES = 'throughline_ingest_rules_refused{job="throughline-ingest",instance="%s"}'
_JOURNEY = 'throughline_journey_watermark_timestamp_seconds{clock="%s"}'
_METRICS = 'throughline_watermark_timestamp_seconds{clock="%s"}'
_FALL = (
    'throughline_falling_measure_ratio{agency="town",service="permit",touchpoint="%s",measure="%s"}'
)
_UP = 'up{job="throughline-%s",instance="a"}'
_ALL_UP = {_UP % name: "1x100" for name in ("ingest", "journey", "metrics", "publish")}


@dataclass(frozen=True)
class Case:
    """`labels` are those beside the alert's own; None: it does not fire."""

    alert: str
    series: Series
    at: str
    labels: Mapping[str, str] | None = None
    summary: str = ""
    own: Mapping[str, str] = field(default_factory=dict)
    step: str = "1m"


def requests(good: str, bad: str) -> Series:
    return {_REQUESTS % "200": good, _REQUESTS % "503": bad}


INGEST = {"job": "throughline-ingest"}
DOOR = (
    # 2 % of all requests fail: 20 times the budget of 0.1 %.
    Case(
        "IngestBurnsBudgetFast",
        requests("0+98x90", "0+2x90"),
        "80m",
        INGEST,
        "requests fail so fast that the month's budget is gone within days",
    ),
    # 1 % for six hours: 10 times, which only the slower pair of windows finds.
    Case(
        "IngestBurnsBudgetFast",
        requests("0+99x400", "0+1x400"),
        "390m",
        INGEST,
        "requests fail so fast that the month's budget is gone within days",
    ),
    Case("IngestBurnsBudgetFast", requests("0+1000x400", "0+1x400"), "390m"),
    # It failed, and does not any more: the short window says so.
    Case("IngestBurnsBudgetFast", requests("0+98x30 2940+100x30", "0+2x30 60x30"), "60m"),
    Case("IngestBurnsBudgetFast", requests("0x90", "0x90"), "80m"),
    Case(
        "IngestBurnsBudgetSlowly",
        requests("0+1000x160", "0+4x160"),
        "1500m",
        INGEST,
        "more requests fail than the contract of touchpoints.v1 allows",
        step="10m",
    ),
    Case(
        "IngestBurnsBudgetSlowly",
        requests("0+1000x500", "0+2x500"),
        "4900m",
        INGEST,
        "more requests fail than the contract of touchpoints.v1 allows",
        step="10m",
    ),
    Case("IngestBurnsBudgetSlowly", requests("0+10000x500", "0+5x500"), "4900m", step="10m"),
    Case(
        "SourceSilent",
        {_FEED: "0x200", _SILENCE: "7200x200"},
        "130m",
        {"source": "web"},
        "web has sent nothing for 2h 10m 0s",
    ),
    Case("SourceSilent", {_FEED: "0x200", _SILENCE: "7200x200"}, "119m"),
    Case("SourceSilent", {_FEED: "0x200"}, "190m"),
    # Ingest was started anew and has forgotten: the last that was heard before counts.
    Case(
        "SourceSilent",
        {_FEED: "0x10 _x200", _SILENCE: "7200x210"},
        "130m",
        {"source": "web"},
        "web has sent nothing for 2h 10m 0s",
    ),
    # One of two processes has not heard of it for long, the other has.
    Case(
        "SourceSilent",
        {
            _FEED.replace("{", '{instance="a",'): "0x200",
            _FEED.replace("{", '{instance="b",'): "0+60x200",
            _SILENCE: "7200x200",
        },
        "190m",
    ),
    Case(
        "SourceNeverHeard",
        {_SILENCE: "7200x100"},
        "61m",
        {"source": "web"},
        "web is declared and has sent nothing for 30 days",
    ),
    Case("SourceNeverHeard", {_SILENCE: "7200x100", _FEED: "60x100"}, "90m"),
    Case(
        "RefusalsGrow",
        {_EVENTS % "accepted": "0+90x60", _EVENTS % "rejected": "0+10x60"},
        "50m",
        {"source": "web"},
        "10% of what web sends is refused",
    ),
    Case("RefusalsGrow", {_EVENTS % "accepted": "0+96x60", _EVENTS % "rejected": "0+4x60"}, "50m"),
    # One of two processes has read the broken file; which one is said.
    Case(
        "RulesRefused",
        {_RULES % "a": "0x20", _RULES % "b": "0x5 1x15"},
        "12m",
        {**INGEST, "instance": "b"},
        "b of ingest cannot use the files as they are now, and serves by the former",
    ),
    # Somebody saved half a file and the rest a minute later.
    Case("RulesRefused", {_RULES % "a": "0x5 1x3 0x20"}, "12m"),
)
LINE = (
    *(
        Case(
            "ServiceGone",
            {name: "0x10" if service in name else values for name, values in _ALL_UP.items()},
            "5m",
            {},
            f"no process of {service} answers",
            {"service": service},
        )
        for service in ("ingest", "journey", "metrics", "publish")
    ),
    Case("ServiceGone", _ALL_UP, "50m"),
    Case("ServiceGone", {**_ALL_UP, 'up{job="throughline-journey",instance="b"}': "0x50"}, "50m"),
    Case(
        "WorkerDown",
        {**_ALL_UP, 'up{job="throughline-journey",instance="b"}': "1x5 0x5"},
        "8m",
        {"job": "throughline-journey", "instance": "b"},
        "b of throughline-journey does not answer",
    ),
    Case("WorkerDown", _ALL_UP, "50m"),
    Case("WorkerDown", {'up{job="prometheus",instance="a"}': "0x50"}, "40m"),
    Case(
        "JourneysLate",
        {_JOURNEY % "live": "0x20"},
        "5m",
        {"clock": "live"},
        "journeys.v1 is 5m 0s behind; its contract says 60 s",
    ),
    Case("JourneysLate", {_JOURNEY % "live": "0+60x20"}, "15m"),
    Case("JourneysLate", {_JOURNEY % "demo": "0x20"}, "15m"),
    # The slowest partition counts, whoever owns it.
    Case(
        "JourneysLate",
        {
            (_JOURNEY % "live").replace("}", ',instance="a"}'): "0+60x20",
            (_JOURNEY % "live").replace("}", ',instance="b"}'): "0x20",
        },
        "5m",
        {"clock": "live"},
        "journeys.v1 is 5m 0s behind; its contract says 60 s",
    ),
    Case(
        "MetricsLate",
        {_METRICS % "live": "0x20"},
        "5m",
        {"clock": "live"},
        "metrics.internal.v1 is 5m 0s behind; its contract says 60 s",
    ),
    Case("MetricsLate", {_METRICS % "live": "0+60x20"}, "15m"),
    Case("MetricsLate", {_METRICS % "import-2011": "0x20"}, "15m"),
    Case(
        "JourneyLag",
        {
            f'throughline_journey_lag{{job="throughline-journey",partition="{n}"}}': "6000x30"
            for n in (0, 1)
        },
        "20m",
        {"job": "throughline-journey"},
        "12000 records wait for the journey service",
    ),
    Case("JourneyLag", {'throughline_journey_lag{job="x",partition="0"}': "20000x5 0x30"}, "20m"),
    Case(
        "NoMetricsOwner",
        {'throughline_metrics_owner{job="throughline-metrics",instance="a"}': "0x10"},
        "5m",
        {"job": "throughline-metrics"},
        "0 processes of metrics show the counters; it must be one",
    ),
    Case(
        "NoMetricsOwner",
        {
            f'throughline_metrics_owner{{job="throughline-metrics",instance="{n}"}}': "1x10"
            for n in "ab"
        },
        "5m",
        {"job": "throughline-metrics"},
        "2 processes of metrics show the counters; it must be one",
    ),
    Case(
        "NoMetricsOwner",
        {
            'throughline_metrics_owner{job="throughline-metrics",instance="a"}': "1x10",
            'throughline_metrics_owner{job="throughline-metrics",instance="b"}': "0x10",
        },
        "5m",
    ),
    Case(
        "PublishBehind",
        {'throughline_publish_caught_up{job="throughline-publish"}': "0x30"},
        "20m",
        {"job": "throughline-publish"},
        "publish has not read the metric topic to its end",
    ),
    Case("PublishBehind", {"throughline_publish_caught_up": "0x5 1x30"}, "20m"),
)


def grown(alert: str, counter: str, summary: str) -> tuple[Case, Case]:
    """A counter that grew once, and one that did not, however large it is."""
    job = {"job": "throughline-x"}
    named = counter.replace("{", '{job="throughline-x",')
    return (
        Case(alert, {named: "0x10 1x100"}, "30m", job, summary),
        Case(alert, {named: "7x100"}, "30m"),
    )


CORRECTNESS = (
    *grown(
        "SnapshotRejected",
        "throughline_metrics_rejected_records_total{}",
        "metrics could not read a snapshot of a journey",
    ),
    *grown(
        "ForeignWrites",
        "throughline_journey_foreign_writes_total{}",
        "somebody else wrote into a partition of the journey service; it was mended",
    ),
    *grown(
        "JourneyAlarm",
        "throughline_journey_alarms_total{}",
        "the journey service met what no input should cause, and worked around it",
    ),
    *grown(
        "EventsLate",
        'throughline_journey_events_total{result="late"}',
        "events came after their journeys were final, and were not counted",
    ),
    *grown(
        "MetricUnreadable",
        'throughline_publish_messages_total{kind="unreadable"}',
        "publish could not read a metric message",
    ),
    Case("EventsLate", {'throughline_journey_events_total{result="applied"}': "0+9x60"}, "30m"),
    Case("MetricUnreadable", {'throughline_publish_messages_total{kind="metric"}': "0+9x60"}, "9m"),
)
FALLS = (
    Case(
        "CompletionFalls",
        {_FALL % ("", "completion_within.1h"): "0.08x5"},
        "3m",
        {"agency": "town", "service": "permit", "measure": "completion_within.1h"},
        "permit: completion_within.1h fell by 8% in two hours running, "
        "against the same hours of eight weeks",
    ),
    # The series ends when nothing falls any more, and the alert with it.
    Case("CompletionFalls", {_FALL % ("", "completion_within.1h"): "0.08x5 stale"}, "9m"),
    Case("CompletionFalls", {_FALL % ("apply", "satisfaction.top2"): "0.08x5"}, "3m"),
    Case(
        "SatisfactionFalls",
        {_FALL % ("apply", "satisfaction.top2"): "0.125x5"},
        "3m",
        {
            "agency": "town",
            "service": "permit",
            "touchpoint": "apply",
            "measure": "satisfaction.top2",
        },
        "permit apply: satisfied answers fell by 12.5% on two days running, "
        "against the same weekdays of eight weeks",
    ),
    Case("SatisfactionFalls", {_FALL % ("", "completion_within.1h"): "0.08x5"}, "3m"),
)
CASES = (*DOOR, *LINE, *CORRECTNESS, *FALLS)
