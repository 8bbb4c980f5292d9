"""What somebody is told of, why, and what to do first: one list, long because whoever is on call
reads all of it. Limits come from the contracts.
"""

from deploy.prometheus.promise import (
    JOURNEYS_PROMISE,
    METRICS_PROMISE,
    TOUCHPOINTS_PROMISE,
    Promise,
    availability,
)
from deploy.prometheus.recordings import failed_requests
from deploy.prometheus.rule import PREFIX, Alert, Severity
from deploy.prometheus.scraping import ADDRESSES, JOB_PREFIX

PAGE, TICKET = Severity.PAGE, Severity.TICKET
SERVICES = tuple(name for name in ADDRESSES if name != "prometheus")
_LAG_RECORDS = 10_000
_REFUSED_SHARE = 0.05


def _burning(*windows: tuple[str, str, float]) -> str:
    """The budget is used up so many times too fast, over a long window and still over a short."""
    budget = 1 - availability()
    return " or ".join(
        f"({failed_requests(long)} > {times * budget:.6g}"
        f" and {failed_requests(short)} > {times * budget:.6g})"
        for long, short, times in windows
    )


def _grown(counter: str, span: str = "1h", chosen: str = "") -> str:
    return f"sum by (job) (increase({PREFIX}{counter}_total{chosen}[{span}])) > 0"


def _late(promise: Promise, name: str, age: str, service: str) -> Alert:
    return Alert(
        name,
        f'{age}{{clock="live"}} > {promise.latency_seconds}',
        PAGE,
        f"{promise.topic} is {{{{ $value | humanizeDuration }}}} behind; its contract says "
        f"{promise.latency_seconds} s",
        f"Look at services/{service}: its log, its lag, and whether the broker answers. Nothing is "
        "lost: what waits is counted later, in the periods in which it happened.",
        "2m",
        {"owner": promise.owner, "topic": promise.topic},
    )


def _gone(service: str) -> Alert:
    return Alert(
        "ServiceGone",
        f'absent(up{{job="{JOB_PREFIX}{service}"}} == 1)',
        PAGE,
        f"no process of {service} answers",
        f"Start services/{service} again; its log says why it ended.",
        "2m",
        {"service": service},
    )


DOOR = (
    Alert(
        "IngestBurnsBudgetFast",
        _burning(("1h", "5m", 14.4), ("6h", "30m", 6)),
        PAGE,
        "requests fail so fast that the month's budget is gone within days",
        "Senders get 5xx and send again. Look at the broker first: 503 means that Kafka did not "
        "acknowledge in time.",
        "2m",
        {"owner": TOUCHPOINTS_PROMISE.owner},
    ),
    Alert(
        "IngestBurnsBudgetSlowly",
        _burning(("1d", "2h", 3), ("3d", "6h", 1)),
        TICKET,
        "more requests fail than the contract of touchpoints.v1 allows",
        "Find out which status and when: throughline_requests_total by status.",
        "15m",
        {"owner": TOUCHPOINTS_PROMISE.owner},
    ),
    Alert(
        "SourceSilent",
        "source:throughline_feed_silence:seconds > on (source) "
        f"max by (source) ({PREFIX}feed_max_silence_seconds)",
        TICKET,
        "{{ $labels.source }} has sent nothing for {{ $value | humanizeDuration }}",
        "Call the owner of the source: its max_silence is in sources.yaml. Journeys of this "
        "channel will look abandoned.",
        "5m",
    ),
    Alert(
        "SourceNeverHeard",
        f"max by (source) ({PREFIX}feed_max_silence_seconds)"
        " unless on (source) source:throughline_feed_silence:seconds",
        TICKET,
        "{{ $labels.source }} is declared and has sent nothing for 30 days",
        "Ask its owner whether it is connected, or take it out of sources.yaml.",
        "1h",
    ),
    Alert(
        "RefusalsGrow",
        f"source:throughline_events_rejected:ratio_rate1h > {_REFUSED_SHARE}",
        TICKET,
        "{{ $value | humanizePercentage }} of what {{ $labels.source }} sends is refused",
        "throughline_rejected_events_total says the reasons; docs/reference.md says what to do "
        "about each. What was refused is kept and can be sent again.",
        "15m",
    ),
    Alert(
        "RulesRefused",
        f"max by (job, instance) ({PREFIX}ingest_rules_refused) > 0",
        TICKET,
        "{{ $labels.instance }} of ingest cannot use the files as they are now, and serves by the "
        "former",
        "The log line rules.refused and /readyz inside say which file and what is wrong. Mend it "
        "before the process is started again: it would not start.",
        "5m",
    ),
)
LINE = (
    *(_gone(service) for service in SERVICES),
    Alert(
        "WorkerDown",
        f'up{{job=~"{JOB_PREFIX}.+"}} == 0',
        TICKET,
        "{{ $labels.instance }} of {{ $labels.job }} does not answer",
        "Another process has taken its work over by now; start this one again.",
        "1m",
    ),
    _late(
        JOURNEYS_PROMISE,
        "JourneysLate",
        "clock:throughline_journey_watermark:age_seconds",
        "journey",
    ),
    _late(METRICS_PROMISE, "MetricsLate", "clock:throughline_watermark:age_seconds", "metrics"),
    Alert(
        "JourneyLag",
        f"job:throughline_journey_lag:sum > {_LAG_RECORDS}",
        TICKET,
        "{{ $value }} records wait for the journey service",
        "More arrives than is joined: start another worker, or wait for an import to end.",
        "10m",
    ),
    Alert(
        "NoMetricsOwner",
        f"sum by (job) ({PREFIX}metrics_owner) != 1",
        PAGE,
        "{{ $value }} processes of metrics show the counters; it must be one",
        "None: nobody has both partition 0 and the lease, look at the log of metrics. Two: one of "
        "them is frozen and will notice when it wakes.",
        "2m",
    ),
    Alert(
        "PublishBehind",
        f"min by (job) ({PREFIX}publish_caught_up) == 0",
        TICKET,
        "publish has not read the metric topic to its end",
        "The scorecard is incomplete and falls are not watched. Look at the log of publish.",
        "10m",
    ),
)
CORRECTNESS = (
    Alert(
        "SnapshotRejected",
        _grown("metrics_rejected_records"),
        PAGE,
        "metrics could not read a snapshot of a journey",
        "Never in a healthy system: one of the two services is of another version. The record is "
        "on journeys.rejected.v1.",
    ),
    Alert(
        "ForeignWrites",
        _grown("journey_foreign_writes"),
        TICKET,
        "somebody else wrote into a partition of the journey service; it was mended",
        "A worker was frozen for longer than its session and went on. If it repeats, look for a "
        "machine that stalls.",
    ),
    Alert(
        "JourneyAlarm",
        _grown("journey_alarms"),
        TICKET,
        "the journey service met what no input should cause, and worked around it",
        "The log line beside it has partition, offset and the error; this is a bug to report.",
    ),
    Alert(
        "EventsLate",
        _grown("journey_events", chosen='{result="late"}'),
        TICKET,
        "events came after their journeys were final, and were not counted",
        "On the live clock the line lagged behind for longer than grace; on another clock the feed "
        "is not in order.",
    ),
    Alert(
        "MetricUnreadable",
        _grown("publish_messages", chosen='{kind="unreadable"}'),
        TICKET,
        "publish could not read a metric message",
        "metrics and publish are of different versions: bring both to the same.",
    ),
)
FALLS = (
    Alert(
        "CompletionFalls",
        "max by (agency, service, measure) "
        f'({PREFIX}falling_measure_ratio{{measure=~"completion_.+"}}) > 0',
        PAGE,
        "{{ $labels.service }}: {{ $labels.measure }} fell by {{ $value | humanizePercentage }} in "
        "two hours running, against the same hours of eight weeks",
        "Look at the journey map: at which touchpoint do people leave? What was changed there?",
    ),
    Alert(
        "SatisfactionFalls",
        "max by (agency, service, touchpoint, measure) "
        f'({PREFIX}falling_measure_ratio{{measure=~"satisfaction.+"}}) > 0',
        TICKET,
        "{{ $labels.service }} {{ $labels.touchpoint }}: satisfied answers fell by "
        "{{ $value | humanizePercentage }} on two days running, against the same weekdays of eight "
        "weeks",
        "Read the scorecard of the service: which drivers are named, who did not answer?",
    ),
)
ALERTS = (*DOOR, *LINE, *CORRECTNESS, *FALLS)
