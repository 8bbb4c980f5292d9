"""Channels and sources: which way people come, whether they stay, and who feeds us."""

from deploy.grafana.query import (
    COMPLETE,
    COUNTED,
    RANGE,
    Board,
    Panel,
    Query,
    Shape,
    age,
    grown,
    net,
    rate,
    recorded,
    select,
    share,
)

_PAIR = "from_channel, to_channel"

CHANNELS = Board(
    "channels",
    "Throughline: channels and sources",
    "Which channels people use and change, why they call, and whether every source still sends.",
    (
        Panel(
            "Started, by channel",
            "Journeys that started, by the first channel the citizen chose, less those taken back.",
            "short",
            (Query(net("journeys_started", by="channel"), "{{channel}}"),),
            Shape.STACKED,
            interval="10m",
        ),
        Panel(
            "Completion, by first channel",
            "Of the journeys that ended in the chosen span (informed ones aside), those that ended "
            "complete, by the first channel the citizen chose.",
            "percentunit",
            (
                Query(
                    share(
                        net("journeys_ended", COMPLETE, by="channel", span=RANGE),
                        net("journeys_ended", COUNTED, by="channel", span=RANGE),
                    ),
                    "{{channel}}",
                ),
            ),
            Shape.BARS,
            greatest=1,
        ),
        Panel(
            "Changes of channel",
            "From which channel to which citizens changed within a journey, in the chosen span, "
            "the ten most frequent. A letter of the agency is no choice of the citizen.",
            "short",
            (
                Query(
                    f"topk(10, {net('channel_switches', by=_PAIR, span=RANGE)})",
                    "{{from_channel}} to {{to_channel}}",
                ),
            ),
            Shape.BARS,
        ),
        Panel(
            "Why people make contact",
            "Contacts that citizens made, by reason, less those taken back. Chasing, clarifying "
            "and errors are demand that a better service would not have.",
            "short",
            (Query(net("contacts", by="reason"), "{{reason}}"),),
            Shape.STACKED,
            interval="10m",
        ),
        Panel(
            "Avoidable contacts",
            "Of the contacts of a day of which it was noted, those that were avoidable, by "
            "service.",
            "percentunit",
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
            "short",
            (
                Query(
                    net("touchpoint_events", 'quality!="valid"', by="quality"),
                    "{{quality}}",
                ),
            ),
            interval="10m",
        ),
        Panel(
            "Accepted, by source",
            "Touchpoint events that were accepted from each source, by the channel they name.",
            "eps",
            (
                Query(
                    rate("events_total", 'result="accepted"', by="source, channel"),
                    "{{source}}: {{channel}}",
                ),
            ),
        ),
        Panel(
            "Refused, by source and reason",
            "The most frequent refusals. docs/reference.md says for each reason what its sender "
            "can do; what was refused is kept and can be sent again.",
            "eps",
            (
                Query(
                    f"topk(10, {rate('rejected_events_total', by='source, reason')})",
                    "{{source}}: {{reason}}",
                ),
            ),
        ),
        Panel(
            "Silence of the feeds",
            "Time since the last accepted event of each source. Compare with the source's own "
            "rhythm: a counter closes at night, a web site does not.",
            "s",
            (Query(age("feed_last_event_timestamp_seconds", by="source"), "{{source}}"),),
        ),
        Panel(
            "Silence, of what is allowed",
            "The same as a share of what sources.yaml allows (`max_silence`): at 100 % an alert is "
            "raised. Sources that may be silent for ever are not here.",
            "percentunit",
            (
                Query(
                    f"{recorded('source:throughline_feed_silence:seconds')} / on (source) "
                    f"max by (source) ({select('feed_max_silence_seconds')})",
                    "{{source}}",
                ),
            ),
            Shape.BARS,
        ),
        Panel(
            "Set aside",
            "Calls that reported no contact, accepted events that fitted no rule of the catalogue, "
            "and free texts that were dropped, in the chosen span.",
            "short",
            (
                Query(
                    grown("events", 'result="ignored"', by="source", span=RANGE),
                    "ignored, {{source}}",
                ),
                Query(grown("unmatched_events", by="source", span=RANGE), "no rule, {{source}}"),
                Query(grown("dropped_texts", by="source", span=RANGE), "text, {{source}}"),
            ),
            Shape.BARS,
        ),
    ),
)
