"""What the overview asks Prometheus, panel by panel: plain values, before any dashboard.

A count that can be revised is two counters: what is shown is what was added less what was taken
back. Prometheus sees flows as they are processed, over hours; the scores of days and months, with
their intervals, are on the scorecard.
"""

from dataclasses import dataclass, field

PREFIX = "throughline_"
MATCHERS = 'job=~"$job",instance=~"$instance"'
RATE_INTERVAL = "$__rate_interval"
_COMPLETE = 'outcome=~"success|negative_but_correct"'
_COUNTED = 'outcome!="informed"'
_SATISFACTION = 'construct="satisfaction",scale="1..5"'


@dataclass(frozen=True)
class Query:
    """One expression. `second_axis` is the unit of an axis of its own on the right."""

    expression: str
    legend: str
    second_axis: str = ""


@dataclass(frozen=True)
class Panel:
    """What one panel shows. `interval` is the least span a rate is taken over."""

    title: str
    description: str
    unit: str
    queries: tuple[Query, ...]
    interval: str = ""
    is_stacked: bool = False
    greatest: float | None = field(default=None)


def select(metric: str, *more: str) -> str:
    """The series of a metric of the chosen jobs and instances."""
    return f"{PREFIX}{metric}{{{','.join((MATCHERS, *more))}}}"


def rate(metric: str, *more: str, by: str) -> str:
    """How fast a counter grows, a second, summed by a label."""
    return f"sum by ({by}) (rate({select(metric, *more)}[{RATE_INTERVAL}]))"


def net(counter: str, *more: str, by: str) -> str:
    """How much a revisable count grew: what was added less what was taken back."""
    added, taken_back = (
        f"sum by ({by}) (increase({select(f'{counter}{twin}_total', *more)}[{RATE_INTERVAL}]))"
        for twin in ("", "_retracted")
    )
    return f"({added} - {taken_back})"


def share(part: str, whole: str) -> str:
    """A ratio that is not drawn while nothing, or less than nothing, came."""
    return f"{part} / ({whole} > 0)"


def age(gauge: str, *more: str, by: str) -> str:
    """Seconds since the oldest time of a gauge of times."""
    return f"time() - min by ({by}) ({select(gauge, *more)})"


_ENDED = net("journeys_ended", _COUNTED, by="service")
_ANSWERS = net("survey_answers", _SATISFACTION, by="service")

PANELS: tuple[Panel, ...] = (
    Panel(
        "Arrivals and refusals",
        "Touchpoint events accepted by ingest, by source, and the most frequent reasons for "
        "refusing others. A source that grows silent or a reason that grows needs its owner.",
        "eps",
        (
            Query(
                rate("events_total", 'result="accepted"', by="source"), "accepted from {{source}}"
            ),
            Query(f"topk(5, {rate('rejected_events_total', by='reason')})", "refused: {{reason}}"),
        ),
    ),
    Panel(
        "Lag and age of the watermark",
        "Records that wait for the journey service, and how far event time of the live clock lies "
        "behind in journey and in metrics. Ages grow by themselves when ticks or progress stop.",
        "s",
        (
            Query(f"sum by (job) ({select('journey_lag')})", "records that wait", "short"),
            Query(
                age("journey_watermark_timestamp_seconds", 'clock="live"', by="clock"),
                "age in journey",
            ),
            Query(age("watermark_timestamp_seconds", 'clock="live"', by="clock"), "age in metrics"),
        ),
    ),
    Panel(
        "Journeys ended, by outcome",
        "Journeys that were counted as ended, less those taken back by later news. A late batch "
        "that takes back old journeys makes a span negative; the scorecard has the months.",
        "short",
        (Query(net("journeys_ended", by="outcome"), "{{outcome}}"),),
        interval="10m",
        is_stacked=True,
    ),
    Panel(
        "Completion",
        "Of the journeys counted as ended, those that ended complete (informed ones aside), by "
        "service, and how many ended. Nothing is drawn where none ended.",
        "percentunit",
        (
            Query(
                share(net("journeys_ended", _COMPLETE, by="service"), _ENDED),
                "{{service}}",
            ),
            Query(_ENDED, "n, {{service}}", "short"),
        ),
        interval="1h",
        greatest=1,
    ),
    Panel(
        "Satisfied answers",
        "Answers 4 and 5 among all answers on satisfaction of 1 to 5, by service, and how many "
        "there were. Few answers move far: read the interval on the scorecard.",
        "percentunit",
        (
            Query(
                share(
                    net("survey_answers", _SATISFACTION, 'answer=~"4|5"', by="service"), _ANSWERS
                ),
                "{{service}}",
            ),
            Query(_ANSWERS, "n, {{service}}", "short"),
        ),
        interval="1h",
        greatest=1,
    ),
    Panel(
        "Silence of the feeds",
        "Time since the last accepted event of each source. Compare with the source's own rhythm: "
        "a counter closes at night, a web site does not.",
        "s",
        (Query(age("feed_last_event_timestamp_seconds", by="source"), "{{source}}"),),
    ),
)


def expressions() -> list[str]:
    """Every expression of the dashboard, as it stands there."""
    return [query.expression for panel in PANELS for query in panel.queries]


def concrete(expression: str, rate_interval: str = "1m") -> str:
    """An expression with Grafana's variables filled in, as Prometheus is asked."""
    filled = expression.replace(RATE_INTERVAL, rate_interval)
    return filled.replace("$job", ".+").replace("$instance", ".+")
