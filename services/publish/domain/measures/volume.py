"""The measures of how much there was, and of how good the data is."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.measure import (
    ANY_SPAN,
    EVENTS,
    OF_TOUCHPOINT,
    Measure,
    Theme,
    in_theme,
)

VOLUME = in_theme(
    Theme.VOLUME,
    Measure(
        "journeys_started",
        "Journeys started",
        "Journeys that reached the transaction.",
        unit=Unit.COUNT,
        spans=ANY_SPAN,
        better=0,
    ),
    Measure(
        "journeys_ended",
        "Journeys ended",
        "Journeys that ended, however they ended.",
        unit=Unit.COUNT,
        spans=ANY_SPAN,
        better=0,
    ),
    Measure(
        "touchpoint_journeys",
        "Journeys here",
        "Journeys that came by this touchpoint.",
        unit=Unit.COUNT,
        levels=OF_TOUCHPOINT,
        spans=ANY_SPAN,
        better=0,
    ),
    Measure(
        "touchpoint_events",
        "Events here",
        "Everything that happened at this touchpoint, joined to a journey or not.",
        EVENTS,
        Unit.COUNT,
        levels=OF_TOUCHPOINT,
        spans=ANY_SPAN,
        better=0,
    ),
)

QUALITY = in_theme(
    Theme.QUALITY,
    Measure(
        "identity_linked_share",
        "Of recognised people",
        "Events on journeys of people who are recognised when they return.",
        EVENTS,
    ),
    Measure(
        "identity_linked_share.by_channel",
        "Of recognised people, by channel",
        "Events on journeys of people who are recognised when they return.",
        EVENTS,
        cut_by="channel",
    ),
    Measure(
        "unlinked_share",
        "Joined to no journey",
        "Of all accepted events.",
        EVENTS,
        better=-1,
    ),
    Measure(
        "bot_share",
        "Taken for robots",
        "Of all accepted events; counted nowhere.",
        EVENTS,
        better=-1,
    ),
)
