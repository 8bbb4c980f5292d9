"""Journey map: where people are, how they get on, and where they leave."""

from deploy.grafana.boards.outcomes import COLOURS
from deploy.grafana.query import (
    COUNTED,
    RANGE,
    SERVICE,
    Board,
    Panel,
    Query,
    Shape,
    Unit,
    most,
    net,
    net_quantile,
    recorded,
    select,
    share,
)

_GIVEN_UP = "service:throughline_journeys_given_up:ratio_net1h"
_STAGES = net("touchpoint_events", by="stage", span=RANGE)
_EVENTS = net("touchpoint_events", 'quality="valid"', by="touchpoint", span=RANGE)
_SURVEY = {
    "could be asked": "eligible",
    "were asked": "offered",
    "answered": "completed",
    "dismissed": "dismissed",
}


def _waiting(turn: str) -> str:
    """Open journeys by service, of those in which this move is next."""
    matcher = f'turn="{turn}"'
    return f"sum by (service) ({select('open_journeys', SERVICE, matcher)})"


def _within(q: float, histogram: str) -> str:
    """Below what so many durations lie, by service, the longest first."""
    return f"sort_desc({net_quantile(q, histogram, 'service')})"


def _mentioned(polarity: str) -> str:
    """Of the forms that offered a driver, those on which it was chosen so."""
    chosen = net("driver_mentions", f'polarity="{polarity}"', by="driver", span=RANGE)
    return f"sort_desc({share(chosen, net('driver_offered', by='driver', span=RANGE))})"


JOURNEY = Board(
    "journey",
    "Throughline: journey map",
    "From need to follow-up: what happens at each stage and touchpoint, and how journeys end.",
    (
        Panel(
            "Events by stage",
            "Touchpoint events of the chosen span by stage of the journey, all qualities together.",
            Unit.COUNT,
            (Query(f"sort_desc({_STAGES})", "{{stage}}"),),
            Shape.BARS,
        ),
        Panel(
            "Events by touchpoint",
            "Valid touchpoint events of the chosen span, at the ten busiest touchpoints. People, "
            "drop-off and help sought per touchpoint are on the scorecard: they need whole "
            "journeys.",
            Unit.COUNT,
            (Query(most(10, _EVENTS, "touchpoint", "no event"), "{{touchpoint}}"),),
            Shape.BARS,
        ),
        Panel(
            "Started, resumed and ended",
            "Journeys that started, were resumed after a pause, and ended (informed ones aside), "
            "less what was taken back. Ended journeys fall behind started ones while many wait.",
            Unit.COUNT,
            (
                Query(net("journeys_started"), "started"),
                Query(net("journeys_resumed"), "resumed"),
                Query(net("journeys_ended", COUNTED), "ended"),
            ),
            interval="10m",
        ),
        Panel(
            "How journeys end",
            "Share of each outcome among the journeys that ended in an hour; undecided means that "
            "the agency is overdue, not that the citizen left.",
            Unit.SHARE,
            (
                Query(
                    net("journeys_ended", COUNTED, by="outcome", span="1h")
                    + " / on () group_left () ("
                    + net("journeys_ended", COUNTED, span="1h")
                    + " > 0)",
                    "{{outcome}}",
                ),
            ),
            Shape.STACKED,
            interval="10m",
            greatest=1,
            colours=COLOURS,
        ),
        Panel(
            "Waiting for the agency",
            "Open journeys in which the agency's move is next, by service. Growth is a backlog.",
            Unit.COUNT,
            (Query(_waiting("agency"), "{{service}}"),),
        ),
        Panel(
            "Waiting for the citizen",
            "Open journeys in which the citizen's move is next, by service. Growth may be people "
            "who are stuck.",
            Unit.COUNT,
            (Query(_waiting("citizen"), "{{service}}"),),
        ),
        Panel(
            "Given up",
            "Of the journeys counted as ended in an hour, those abandoned or expired, by service: "
            "silence while it was the citizen's turn.",
            Unit.SHARE,
            (Query(recorded(_GIVEN_UP, SERVICE), "{{service}}"),),
            width=24,
            height=7,
        ),
        Panel(
            "Time to complete",
            "From start to completion of the journeys completed in the chosen span: half and nine "
            "in ten were faster. From coarse buckets; the scorecard is exact to 2 %.",
            Unit.SECONDS,
            (
                Query(_within(0.5, "journey_duration"), "{{service}}: 50 %"),
                Query(_within(0.9, "journey_duration"), "{{service}}: 90 %"),
            ),
            Shape.BARS,
        ),
        Panel(
            "Wait between touchpoints",
            "From the last event at a touchpoint to the first at the next, of journeys that ended "
            "in the chosen span: half and nine in ten were shorter.",
            Unit.SECONDS,
            (
                Query(_within(0.5, "touchpoint_wait"), "{{service}}: 50 %"),
                Query(_within(0.9, "touchpoint_wait"), "{{service}}: 90 %"),
            ),
            Shape.BARS,
        ),
        Panel(
            "From asked to answered",
            "The chain of the surveys in the chosen span: journeys that could be asked, offers, "
            "answers and dismissals. A dismissal is no answer.",
            Unit.COUNT,
            tuple(Query(net(f"survey_{step}", span=RANGE), told) for told, step in _SURVEY.items()),
            Shape.BARS,
            8,
        ),
        *(
            Panel(
                "What pleased" if polarity == "positive" else "What annoyed",
                f"Drivers that were chosen as {said} in the chosen span, of the forms that "
                "offered them. The scorecard has the balance with its "
                "interval.",
                Unit.SHARE,
                (Query(_mentioned(polarity), "{{driver}}"),),
                Shape.BARS,
                8,
            )
            for polarity, said in (("positive", "good"), ("negative", "bad"))
        ),
    ),
)
