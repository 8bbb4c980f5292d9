"""Service overview: how the services do, on one screen."""

from deploy.grafana.query import (
    COMPLETE,
    COUNTED,
    RANGE,
    SATISFACTION,
    SERVICE,
    Board,
    Panel,
    Query,
    Shape,
    age,
    net,
    rate,
    recorded,
    select,
    share,
)

_ALL = "agency"
_STARTED = net("journeys_started", by=_ALL, span=RANGE)
_COMPLETED = share(
    net("journeys_ended", COMPLETE, by=_ALL, span=RANGE),
    net("journeys_ended", COUNTED, by=_ALL, span=RANGE),
)
_SATISFIED = share(
    net("survey_answers", SATISFACTION, 'answer=~"4|5"', by=_ALL, span=RANGE),
    net("survey_answers", SATISFACTION, by=_ALL, span=RANGE),
)
_FALLING = select("falling_measure_ratio", SERVICE)

SERVICE_OVERVIEW = Board(
    "service",
    "Throughline: service overview",
    "What came in, how journeys end and what people say, for every service.",
    (
        Panel(
            "Journeys started",
            "Journeys that started in the chosen span, less those taken back, by agency.",
            "short",
            (Query(_STARTED, "{{agency}}"),),
            Shape.NUMBER,
            6,
        ),
        Panel(
            "Completed",
            "Of the journeys that ended in the chosen span (informed ones aside), those that ended "
            "complete, by agency. Few journeys move far: the scorecard has the interval.",
            "percentunit",
            (Query(_COMPLETED, "{{agency}}"),),
            Shape.NUMBER,
            6,
            greatest=1,
        ),
        Panel(
            "Satisfied",
            "Answers 4 and 5 of all answers on satisfaction of 1 to 5 in the chosen span, by "
            "agency. The scorecard has the interval and who did not answer.",
            "percentunit",
            (Query(_SATISFIED, "{{agency}}"),),
            Shape.NUMBER,
            6,
            greatest=1,
        ),
        Panel(
            "Open journeys",
            "Journeys that are open now, by whose turn it is: the citizen's or the agency's.",
            "short",
            (Query(f"sum by (turn) ({select('open_journeys', SERVICE)})", "{{turn}}"),),
            Shape.NUMBER,
            6,
        ),
        Panel(
            "Journeys ended, by outcome",
            "Journeys that were counted as ended, less those taken back by later news. A late "
            "batch that takes back old journeys makes a span negative; the scorecard has months.",
            "short",
            (Query(net("journeys_ended", by="outcome"), "{{outcome}}"),),
            Shape.STACKED,
            interval="10m",
        ),
        Panel(
            "What falls",
            "Measures that fell in two closed windows running, 5 points or more below the same "
            "weekday and hour of eight weeks: what the alerts say. A flat nought: nothing falls.",
            "percentunit",
            (
                Query(
                    f"max by (service, touchpoint, measure) ({_FALLING}) or on () vector(0)",
                    "{{service}} {{touchpoint}} {{measure}}",
                ),
            ),
        ),
        Panel(
            "Completion",
            "Of the journeys counted as ended in an hour, those that ended complete (informed ones "
            "aside), by service, and how many ended. Nothing is drawn where none ended.",
            "percentunit",
            (
                Query(
                    recorded("service:throughline_journeys_completed:ratio_net1h", SERVICE),
                    "{{service}}",
                ),
                Query(
                    net("journeys_ended", COUNTED, by="service", span="1h"),
                    "n, {{service}}",
                    "short",
                ),
            ),
            greatest=1,
        ),
        Panel(
            "Satisfied answers",
            "Answers 4 and 5 among all answers on satisfaction of 1 to 5 of a day, by service, and "
            "how many there were. Few answers move far: read the interval on the scorecard.",
            "percentunit",
            (
                Query(
                    recorded("service:throughline_survey_satisfied:ratio_net1d", SERVICE),
                    "{{service}}",
                ),
                Query(
                    net("survey_answers", SATISFACTION, by="service", span="1d"),
                    "n, {{service}}",
                    "short",
                ),
            ),
            greatest=1,
        ),
        Panel(
            "Arrivals and refusals",
            "Touchpoint events accepted by ingest, by source, and the most frequent reasons for "
            "refusing others. A source that grows silent or a reason that grows needs its owner.",
            "eps",
            (
                Query(
                    rate("events_total", 'result="accepted"', by="source"),
                    "accepted from {{source}}",
                ),
                Query(
                    f"topk(5, {rate('rejected_events_total', by='reason')})", "refused: {{reason}}"
                ),
            ),
        ),
        Panel(
            "How far the numbers are",
            "How far event time of the live clock lies behind in journey and in metrics. Ages grow "
            "by themselves when ticks or progress stop.",
            "s",
            (
                Query(
                    age("journey_watermark_timestamp_seconds", 'clock="live"', by="clock"),
                    "age in journey",
                ),
                Query(
                    age("watermark_timestamp_seconds", 'clock="live"', by="clock"),
                    "age in metrics",
                ),
            ),
        ),
    ),
)
