"""Pipeline health: whether the line runs, keeps up, and is right."""

from deploy.grafana.query import (
    LATE,
    MATCHERS,
    RANGE,
    SHOULD_NOT_BE,
    Board,
    Colour,
    Panel,
    Query,
    Shape,
    Unit,
    age,
    grown,
    quantile,
    rate,
    recorded,
    select,
)
from deploy.prometheus.promise import availability
from deploy.prometheus.recordings import failed_requests

_BUDGET = f"{1 - availability():.6g}"
# Counters that never grow in a healthy system, and what to call them.
_NEVER = {
    "metrics_rejected_records": "bad snapshots",
    "journey_foreign_writes": "foreign writes",
    "journey_alarms": "alarms",
}
_UP = f"sum by (job) (up{{{MATCHERS}}})"

PIPELINE = Board(
    "pipeline",
    "Throughline: pipeline health",
    "Ingest, journey, metrics and publish: are they there, do they keep up, is all of it right.",
    (
        Panel(
            "Processes that answer",
            "Processes of each service whose inside listener answers Prometheus.",
            Unit.COUNT,
            (Query(f'label_replace({_UP}, "job", "$1", "job", "throughline-(.+)")', "{{job}}"),),
            Shape.NUMBER,
            8,
            steps=((0, Colour.BAD), (1, Colour.GOOD)),
        ),
        Panel(
            "Error budget",
            "How many times faster than allowed requests fail (1 uses up the month's budget in a "
            "month): over an hour and over six. At 14.4 and at 6 somebody is woken.",
            Unit.TIMES,
            tuple(
                Query(f"{recorded(failed_requests(span))} / {_BUDGET}", f"over {span}")
                for span in ("1h", "6h")
            ),
            Shape.NUMBER,
            8,
            steps=((0, Colour.GOOD), (1, Colour.WATCH), (6, Colour.BAD)),
        ),
        Panel(
            "Never in a healthy system",
            "Snapshots and metric messages that could not be read, foreign writes that were mended "
            "and alarms of journey, in the chosen span: each was worked around or kept, and each "
            "raises an alert that says what to do.",
            Unit.COUNT,
            (
                *(Query(grown(name, by="job", span=RANGE), told) for name, told in _NEVER.items()),
                Query(
                    grown("publish_messages", 'kind="unreadable"', by="job", span=RANGE),
                    "bad metrics",
                ),
            ),
            Shape.BARS,
            8,
            5,
            steps=SHOULD_NOT_BE,
        ),
        Panel(
            "Requests by status",
            "Answers of the public listener. A 5xx is sent again by its sender; a 401 or 403 needs "
            "somebody who knows the source.",
            Unit.REQUESTS,
            (Query(rate("requests_total", by="status"), "{{status}}"),),
        ),
        Panel(
            "Acknowledged by Kafka",
            "From handing a request's events to Kafka to the last acknowledgement: half and 99 of "
            "100 were faster; and the bytes that wait for it.",
            Unit.SECONDS,
            (
                Query(quantile(0.5, "ingest_send_seconds", "job"), "half"),
                Query(quantile(0.99, "ingest_send_seconds", "job"), "99 of 100"),
                Query(
                    f"sum by (job) ({select('ingest_in_flight_bytes')})",
                    "bytes that wait",
                    Unit.BYTES,
                ),
            ),
        ),
        Panel(
            "Lag and age of the watermark",
            "Records that wait for the journey service, and how far event time of the live clock "
            "lies behind in journey and in metrics. The contracts allow 60 s.",
            Unit.SECONDS,
            (
                Query(f"sum by (job) ({select('journey_lag')})", "records that wait", Unit.COUNT),
                Query(
                    age("journey_watermark_timestamp_seconds", 'clock="live"', by="clock"),
                    "age in journey",
                ),
                Query(
                    age("watermark_timestamp_seconds", 'clock="live"', by="clock"),
                    "age in metrics",
                ),
            ),
            steps=LATE,
        ),
        Panel(
            "What became of events",
            "Events in the journey service: applied, seen before, late or rejected. The four add "
            "up to what came in.",
            Unit.EVENTS,
            (Query(rate("journey_events_total", by="result"), "{{result}}"),),
        ),
        Panel(
            "Duration of a step",
            "From the fold of a chunk to the acknowledged state: half and 99 of 100 were faster. "
            "Steps grow with what waits; above some seconds the broker is slow.",
            Unit.SECONDS,
            (
                Query(quantile(0.5, "journey_step_seconds", "job"), "half"),
                Query(quantile(0.99, "journey_step_seconds", "job"), "99 of 100"),
            ),
        ),
        Panel(
            "State in memory",
            "Citizens with an open or not yet final journey, and the bytes of their state, by "
            "worker. Memory and changelog grow with both.",
            Unit.COUNT,
            (
                Query(
                    f"sum by (instance) ({select('journey_live_citizens')})",
                    "citizens, {{instance}}",
                ),
                Query(
                    f"sum by (instance) ({select('journey_state_bytes')})",
                    "state, {{instance}}",
                    Unit.BYTES,
                ),
            ),
        ),
        Panel(
            "Partitions and rebalances",
            "Partitions that each worker owns and has recovered, and assignments by the group in "
            "the chosen span. Workers that come and go show here first.",
            Unit.COUNT,
            (
                Query(f"sum by (instance) ({select('journey_partitions')})", "owned, {{instance}}"),
                Query(
                    grown("journey_rebalances", by="instance", span=RANGE), "assigned, {{instance}}"
                ),
            ),
        ),
        Panel(
            "Counted and told",
            "Records of journeys.v1 that metrics counted, and messages it sent to "
            "metrics.internal.v1.",
            Unit.EVENTS,
            (
                Query(rate("metrics_records_total", by="kind"), "counted: {{kind}}"),
                Query(rate("metrics_messages_total", by="job"), "messages sent"),
            ),
        ),
        Panel(
            "Work done again by metrics",
            "Batches that another process had counted, times that Redis or Kafka did not answer, "
            "and rebuilds of all counters, in the chosen span.",
            Unit.COUNT,
            (
                Query(grown("metrics_refused_batches", by="job", span=RANGE), "counted already"),
                Query(grown("metrics_failures", by="job", span=RANGE), "did not answer"),
                Query(grown("metrics_rebuilds", by="job", span=RANGE), "rebuilds"),
            ),
        ),
        Panel(
            "Read by publish",
            "Records of metrics.internal.v1 that publish read, by kind: what any subscriber sees.",
            Unit.EVENTS,
            (Query(rate("publish_messages_total", by="kind"), "{{kind}}"),),
        ),
        Panel(
            "Numbers that are watched for a fall",
            "Series whose newest window can be judged against the weeks before, and those that "
            "wait for four weeks of their own. With none judged no fall is found.",
            Unit.COUNT,
            (
                Query(
                    f"sum by (measure, state) ({select('watched_series')})",
                    "{{measure}}: {{state}}",
                ),
            ),
            Shape.BARS,
            24,
        ),
    ),
)
