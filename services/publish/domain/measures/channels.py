"""The measures of the channels that people choose."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.measure import (
    FROM_MONTHS,
    Measure,
    Theme,
    in_theme,
)

CHANNELS = in_theme(
    Theme.CHANNELS,
    Measure(
        "digital_takeup.incl",
        "Completed digitally, helped ones included",
        "Completed journeys whose last step was digital.",
        spans=FROM_MONTHS,
    ),
    Measure(
        "digital_takeup.excl",
        "Completed digitally without help",
        "Completed journeys whose last step was digital and not done with somebody's help.",
        spans=FROM_MONTHS,
    ),
    Measure(
        "channel_switch_rate",
        "Changed channel",
        "Ended journeys in which the citizen went from one channel to another.",
        better=-1,
    ),
    Measure(
        "channel_loyalty",
        "Began digitally and stayed",
        "Journeys that began in a digital channel and did not end in another.",
    ),
    Measure(
        "channel_mix",
        "First channel",
        "Of the journeys that ended.",
        better=0,
        cut_by="channel",
    ),
    Measure(
        "channel_switches",
        "Changes of channel",
        "How often citizens went from one channel to another.",
        "changes",
        Unit.COUNT,
        better=-1,
        cut_by="from_channel",
    ),
)
