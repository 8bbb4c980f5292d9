"""Journey map: where people are, how they get on, and where they leave."""

from deploy.grafana.query import (
    COUNTED,
    RANGE,
    SERVICE,
    Board,
    Panel,
    Query,
    Shape,
    net,
    net_quantile,
    recorded,
    select,
    share,
)

_GIVEN_UP = "service:throughline_journeys_given_up:ratio_net1h"
_SURVEY = ("eligible", "offered", "completed", "dismissed")

JOURNEY = Board(
    "journey",
    "Throughline: journey map",
    "From need to follow-up: what happens at each stage and touchpoint, and how journeys end.",
    (
        Panel(
            "Events by stage",
            "Touchpoint events of the chosen span by stage of the journey, all qualities together.",
            "short",
            (Query(net("touchpoint_events", by="stage", span=RANGE), "{{stage}}"),),
            Shape.BARS,
        ),
        Panel(
            "Events by touchpoint",
            "Valid touchpoint events of the chosen span at each touchpoint. People, drop-off and "
            "help sought per touchpoint are on the scorecard: they need whole journeys.",
            "short",
            (
                Query(
                    net(
                        "touchpoint_events",
                        'quality="valid"',
                        by="stage, touchpoint",
                        span=RANGE,
                    ),
                    "{{stage}}: {{touchpoint}}",
                ),
            ),
            Shape.BARS,
        ),
        Panel(
            "Started, resumed and ended",
            "Journeys that started, were resumed after a pause, and ended (informed ones aside), "
            "less what was taken back. Ended journeys fall behind started ones while many wait.",
            "short",
            (
                Query(net("journeys_started", by="service"), "started, {{service}}"),
                Query(net("journeys_resumed", by="service"), "resumed, {{service}}"),
                Query(net("journeys_ended", COUNTED, by="service"), "ended, {{service}}"),
            ),
            interval="10m",
        ),
        Panel(
            "How journeys end",
            "Share of each outcome among the journeys that ended, by service; undecided means that "
            "the agency is overdue, not that the citizen left.",
            "percentunit",
            (
                Query(
                    net("journeys_ended", COUNTED, by="service, outcome", span="1h")
                    + " / on (service) group_left () ("
                    + net("journeys_ended", COUNTED, by="service", span="1h")
                    + " > 0)",
                    "{{service}}: {{outcome}}",
                ),
            ),
            Shape.STACKED,
        ),
        Panel(
            "Given up",
            "Of the journeys counted as ended in an hour, those abandoned or expired, by service: "
            "silence while it was the citizen's turn.",
            "percentunit",
            (Query(recorded(_GIVEN_UP, SERVICE), "{{service}}"),),
            greatest=1,
        ),
        Panel(
            "Whose turn it is",
            "Open journeys by service and by whose move is next. A growing turn of the agency is a "
            "backlog; a growing turn of the citizen may be people who are stuck.",
            "short",
            (
                Query(
                    f"sum by (service, turn) ({select('open_journeys', SERVICE)})",
                    "{{service}}: {{turn}}",
                ),
            ),
        ),
        Panel(
            "Time to complete",
            "From start to completion of the journeys completed in the chosen span: half and nine "
            "in ten were faster. From coarse buckets; the scorecard is exact to 2 %.",
            "s",
            (
                Query(net_quantile(0.5, "journey_duration", "service"), "half, {{service}}"),
                Query(net_quantile(0.9, "journey_duration", "service"), "9 of 10, {{service}}"),
            ),
            Shape.BARS,
        ),
        Panel(
            "Wait between touchpoints",
            "From the last event at a touchpoint to the first at the next, of journeys that ended "
            "in the chosen span: half and nine in ten were shorter.",
            "s",
            (
                Query(net_quantile(0.5, "touchpoint_wait", "service"), "half, {{service}}"),
                Query(net_quantile(0.9, "touchpoint_wait", "service"), "9 of 10, {{service}}"),
            ),
            Shape.BARS,
        ),
        Panel(
            "From asked to answered",
            "The chain of the surveys in the chosen span: journeys that could be asked, offers, "
            "answers and dismissals. A dismissal is no answer.",
            "short",
            tuple(
                Query(net(f"survey_{step}", by="service", span=RANGE), f"{step}, {{{{service}}}}")
                for step in _SURVEY
            ),
            Shape.BARS,
        ),
        Panel(
            "What moved opinion",
            "Drivers that were chosen as good or as bad in the chosen span, of the forms that "
            "offered them. The scorecard has the balance with its interval.",
            "percentunit",
            tuple(
                Query(
                    share(
                        net("driver_mentions", f'polarity="{polarity}"', by="driver", span=RANGE),
                        net("driver_offered", by="driver", span=RANGE),
                    ),
                    f"{{{{driver}}}}, {polarity}",
                )
                for polarity in ("positive", "negative")
            ),
            Shape.BARS,
        ),
    ),
)
