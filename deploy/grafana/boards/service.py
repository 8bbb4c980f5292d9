"""Service overview: how the services do, on one screen."""

from deploy.grafana.boards.outcomes import COLOURS
from deploy.grafana.query import (
    COMPLETE,
    COUNTED,
    LATE,
    RANGE,
    SATISFACTION,
    SERVICE,
    SHOULD_NOT_BE,
    Board,
    Colour,
    Panel,
    Query,
    Shape,
    Unit,
    age,
    most,
    net,
    rate,
    recorded,
    select,
    share,
)

_STARTED = net("journeys_started", span=RANGE)
_COMPLETED = share(
    net("journeys_ended", COMPLETE, span=RANGE), net("journeys_ended", COUNTED, span=RANGE)
)
_SATISFIED = share(
    net("survey_answers", SATISFACTION, 'answer=~"4|5"', span=RANGE),
    net("survey_answers", SATISFACTION, span=RANGE),
)
_FALLING = f"max by (service, touchpoint, measure) ({select('falling_measure_ratio', SERVICE)})"

SERVICE_OVERVIEW = Board(
    "service",
    "Throughline: service overview",
    "What came in, how journeys end and what people say, for every service.",
    (
        Panel(
            "Journeys started",
            "Journeys that started in the chosen span, less those taken back.",
            Unit.COUNT,
            (Query(_STARTED, "started"),),
            Shape.NUMBER,
            6,
        ),
        Panel(
            "Completed",
            "Of the journeys that ended in the chosen span (informed ones aside), those that ended "
            "complete. Few journeys move far: the scorecard has the interval.",
            Unit.SHARE,
            (Query(_COMPLETED, "completed"),),
            Shape.NUMBER,
            6,
            greatest=1,
        ),
        Panel(
            "Satisfied",
            "Answers 4 and 5 of all answers on satisfaction of 1 to 5 in the chosen span. "
            "The scorecard has the interval and who did not answer.",
            Unit.SHARE,
            (Query(_SATISFIED, "satisfied"),),
            Shape.NUMBER,
            6,
            greatest=1,
        ),
        Panel(
            "Open journeys",
            "Journeys that are open now, by whose turn it is: the citizen's or the agency's.",
            Unit.COUNT,
            (Query(f"sum by (turn) ({select('open_journeys', SERVICE)})", "{{turn}}"),),
            Shape.NUMBER,
            6,
        ),
        Panel(
            "What falls",
            "Measures that fell in two closed windows running, 5 points or more below the same "
            "weekday and hour of eight weeks: what the alerts say now, the "
            "four largest falls.",
            Unit.SHARE,
            (
                Query(
                    most(4, _FALLING, "measure", "nothing falls", select("watched_series")),
                    "{{service}} {{touchpoint}} {{measure}}",
                ),
            ),
            Shape.BARS,
            24,
            4,
            steps=SHOULD_NOT_BE,
        ),
        Panel(
            "Journeys ended, by outcome",
            "Journeys that were counted as ended, less those taken back by later news. A late "
            "batch that takes back old journeys makes a span negative; the scorecard has months.",
            Unit.COUNT,
            (Query(net("journeys_ended", by="outcome"), "{{outcome}}"),),
            Shape.STACKED,
            interval="10m",
            colours=COLOURS,
        ),
        Panel(
            "Completion",
            "Of the journeys counted as ended in an hour, those that ended complete (informed ones "
            "aside), by service; the shade behind is how many ended. Nothing is drawn where none "
            "ended.",
            Unit.SHARE,
            (
                Query(
                    recorded("service:throughline_journeys_completed:ratio_net1h", SERVICE),
                    "{{service}}",
                ),
                Query(net("journeys_ended", COUNTED, span="1h"), "ended", Unit.COUNT, behind=True),
            ),
            greatest=1,
        ),
        Panel(
            "Satisfied answers",
            "Answers 4 and 5 among all answers on satisfaction of 1 to 5 of a day, by service; "
            "the shade behind is how many there were. Few answers move far: read the interval on "
            "the scorecard.",
            Unit.SHARE,
            (
                Query(
                    recorded("service:throughline_survey_satisfied:ratio_net1d", SERVICE),
                    "{{service}}",
                ),
                Query(
                    net("survey_answers", SATISFACTION, span="1d"),
                    "answers",
                    Unit.COUNT,
                    behind=True,
                ),
            ),
            greatest=1,
        ),
        Panel(
            "Arrivals and refusals",
            "Touchpoint events by what ingest did with them: accepted, ignored (no contact) or "
            "rejected. The board of channels and sources says whose they are, and why.",
            Unit.EVENTS,
            (Query(rate("events_total", by="result"), "{{result}}"),),
            colours={"accepted": Colour.GOOD, "rejected": Colour.BAD},
        ),
        Panel(
            "How far the numbers are",
            "How far event time of the live clock lies behind in journey and in metrics. Ages grow "
            "by themselves when ticks or progress stop.",
            Unit.SECONDS,
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
            width=24,
            height=7,
            steps=LATE,
        ),
    ),
)
