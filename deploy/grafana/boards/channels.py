"""Channels and sources: which way people come, whether they stay, and who feeds us."""

from deploy.grafana.query import (
    COMPLETE,
    COUNTED,
    RANGE,
    Board,
    Colour,
    Panel,
    Query,
    Shape,
    Unit,
    age,
    grown,
    most,
    net,
    rate,
    recorded,
    select,
    share,
)

_PAIR = "from_channel, to_channel"
_COMPLETED = share(
    net("journeys_ended", COMPLETE, by="channel", span=RANGE),
    net("journeys_ended", COUNTED, by="channel", span=RANGE),
)
_ACCEPTED = grown("events", 'result="accepted"', by="source", span=RANGE)
_REFUSED = grown("rejected_events", by="source, reason", span=RANGE)
_ASIDE = {
    "ignored": grown("events", 'result="ignored"', by="source", span=RANGE),
    "no rule": grown("unmatched_events", by="source", span=RANGE),
}
_OF_ALLOWED = (
    f"{recorded('source:throughline_feed_silence:seconds')} / on (source) "
    f"max by (source) ({select('feed_max_silence_seconds')})"
)

CHANNELS = Board(
    "channels",
    "Throughline: channels and sources",
    "Which channels people use and change, why they call, and whether every source still sends.",
    (
        Panel(
            "Started, by channel",
            "Journeys that started, by the first channel the citizen chose, less those taken back.",
            Unit.COUNT,
            (Query(net("journeys_started", by="channel"), "{{channel}}"),),
            Shape.STACKED,
            height=11,
            interval="10m",
        ),
        Panel(
            "Completion, by first channel",
            "Of the journeys that ended in the chosen span (informed ones aside), those that ended "
            "complete, by the first channel the citizen chose.",
            Unit.SHARE,
            (Query(f"sort_desc({_COMPLETED})", "{{channel}}"),),
            Shape.BARS,
            height=11,
            greatest=1,
        ),
        Panel(
            "Why people make contact",
            "Contacts that citizens made, by reason, less those taken back. Chasing, clarifying "
            "and errors are demand that a better service would not have.",
            Unit.COUNT,
            (Query(net("contacts", by="reason"), "{{reason}}"),),
            Shape.STACKED,
            interval="10m",
        ),
        Panel(
            "Avoidable contacts",
            "Of the contacts of a day of which it was noted, those that were avoidable, by "
            "service.",
            Unit.SHARE,
            (
                Query(
                    recorded("service:throughline_contacts_avoidable:ratio_net1d"),
                    "{{service}}",
                ),
            ),
            greatest=1,
        ),
        Panel(
            "Suspected bots and tests",
            "Touchpoint events that are counted but join no journey, by quality, less those taken "
            "back. A sudden growth of bots is worth a look at the source.",
            Unit.COUNT,
            (
                Query(
                    net("touchpoint_events", 'quality!="valid"', by="quality"),
                    "{{quality}}",
                ),
            ),
            height=11,
            interval="10m",
        ),
        Panel(
            "Accepted, by channel",
            "Touchpoint events that were accepted, by the channel they name.",
            Unit.EVENTS,
            (Query(rate("events_total", 'result="accepted"', by="channel"), "{{channel}}"),),
            Shape.STACKED,
            height=11,
            interval="10m",
        ),
        Panel(
            "Accepted, by source",
            "Touchpoint events that were accepted in the chosen span, of the ten busiest sources.",
            Unit.COUNT,
            (Query(most(10, _ACCEPTED, "source", "no event"), "{{source}}"),),
            Shape.LISTED,
        ),
        Panel(
            "Changes of channel",
            "From which channel to which citizens changed within a journey, in the chosen span, "
            "the ten most frequent. A letter of the agency is no choice of the citizen.",
            Unit.COUNT,
            (
                Query(
                    most(10, net("channel_switches", by=_PAIR, span=RANGE), "to_channel", "none"),
                    "{{from_channel}} to {{to_channel}}",
                ),
            ),
            Shape.LISTED,
        ),
        Panel(
            "Refused, by source and reason",
            "Refusals in the chosen span, the ten most frequent. docs/reference.md says for each "
            "reason what its sender can do; what was refused is kept and can be sent again.",
            Unit.COUNT,
            (Query(most(10, _REFUSED, "reason", "none"), "{{source}}: {{reason}}"),),
            Shape.LISTED,
        ),
        Panel(
            "Set aside",
            "In the chosen span, of three sources each: calls that reported no contact, and "
            "accepted events that fitted no rule of the catalogue.",
            Unit.COUNT,
            tuple(
                Query(most(3, counted, "source", "none"), f"{told}: {{{{source}}}}")
                for told, counted in _ASIDE.items()
            ),
            Shape.LISTED,
        ),
        Panel(
            "Silence of the feeds",
            "Time since the last accepted event, of the ten sources that are silent for longest. "
            "Compare with the source's own rhythm: a counter closes at night, a web site does not.",
            Unit.SECONDS,
            (
                Query(
                    f"sort_desc(topk(10, {age('feed_last_event_timestamp_seconds', by='source')}))",
                    "{{source}}",
                ),
            ),
            Shape.LISTED,
        ),
        Panel(
            "Silence, of what is allowed",
            "The same as a share of what sources.yaml allows (`max_silence`): at 100 % an alert is "
            "raised. Sources that may be silent for ever are not here.",
            Unit.SHARE,
            (Query(f"sort_desc(topk(10, {_OF_ALLOWED}))", "{{source}}"),),
            Shape.LISTED,
            greatest=1,
            steps=((0, Colour.GOOD), (0.75, Colour.WATCH), (1, Colour.BAD)),
        ),
    ),
)
