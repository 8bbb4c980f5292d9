"""The measures of what people did: finishing, leaving, contacts, channels, time, quality.

One table, a little long: a measure is looked up here and nowhere else.
"""

from dataclasses import replace

from schemas.vocabulary import Unit
from services.publish.domain.measures.measure import (
    ANY_SPAN,
    CONTACTS,
    EVENTS,
    FROM_28_DAYS,
    FROM_MONTHS,
    OF_TOUCHPOINT,
    Measure,
    Theme,
)

_WITHIN = (("1h", "an hour"), ("1d", "a day"), ("7d", "7 days"), ("28d", "28 days"))

_FINISHING = (
    Measure(
        "completion_rate.live",
        "Completed, of those that ended",
        "Journeys that ended in the period with what the citizen came for, or a correct refusal.",
        spans=ANY_SPAN,
    ),
    Measure(
        "completion_rate.gds",
        "Completed, of those that started",
        "Journeys that started in the period; known once the last of them can no longer change.",
    ),
    *(
        Measure(
            f"completion_within.{key}",
            f"Completed within {text}",
            f"Journeys that were complete {text} after they started.",
            spans=ANY_SPAN,
        )
        for key, text in _WITHIN
    ),
    Measure(
        "start_rate",
        "Went on to start",
        "Journeys that began with a need or a search for information and then started.",
    ),
    Measure(
        "information_success",
        "Found what they looked for",
        "Journeys for information whose survey says yes, with no contact in the 7 days after.",
    ),
)

_LEAVING = (
    Measure(
        "abandonment_rate",
        "Given up",
        "Journeys that fell silent or ran out of time, of those that ended.",
        spans=ANY_SPAN,
        better=-1,
    ),
    Measure(
        "undecided_rate",
        "Left undecided",
        "Journeys for which the agency did not decide in time, of those that ended.",
        better=-1,
    ),
    Measure(
        "step_dropoff",
        "Ended here",
        "Journeys that ended incomplete with this as the last step, of those that reached it.",
        levels=OF_TOUCHPOINT,
        spans=ANY_SPAN,
        better=-1,
    ),
    Measure(
        "help_sought",
        "Asked for help after it",
        "Of the journeys that ended here incomplete, those with a contact after this step.",
        levels=OF_TOUCHPOINT,
        better=-1,
    ),
)

_PATHS = (
    Measure(
        "detour_share",
        "Went a detour",
        "Ended journeys that left for another stage between their start and their submission.",
        better=-1,
    ),
    Measure(
        "loop_share",
        "Came back here",
        "Ended journeys that returned to this touchpoint after another one.",
        levels=OF_TOUCHPOINT,
        better=-1,
    ),
    Measure(
        "path_share",
        "Went this way",
        "Of the journeys that ended.",
        spans=FROM_28_DAYS,
        better=0,
        cut_by="path",
    ),
    Measure(
        "path_completion",
        "Completed on this way",
        "Of those on it.",
        spans=FROM_28_DAYS,
        cut_by="path",
    ),
    Measure(
        "path_satisfaction",
        "Satisfaction on this way",
        "The mean answer of those on it, from 0% to 100%.",
        of="answers",
        spans=FROM_28_DAYS,
        cut_by="path",
    ),
)

_CONTACTS = (
    Measure(
        "contacts",
        "Contacts",
        "Contacts that citizens made.",
        CONTACTS,
        Unit.COUNT,
        better=-1,
        cut_by="channel",
        spans=ANY_SPAN,
    ),
    Measure(
        "contacts.by_reason",
        "Contacts for a reason",
        "Contacts that citizens made for one reason.",
        CONTACTS,
        Unit.COUNT,
        better=-1,
        cut_by="reason",
    ),
    Measure(
        "contacts_per_resolved",
        "Contacts for each completed journey",
        "How many contacts it took.",
        unit=Unit.RATIO,
        better=-1,
    ),
    Measure(
        "avoidable_contact_share",
        "Avoidable contacts",
        "Contacts that need not have been, of those judged.",
        CONTACTS,
        better=-1,
    ),
    Measure(
        "avoidable_contact_share.by_reason",
        "Avoidable contacts for a reason",
        "Contacts that need not have been, of those judged.",
        CONTACTS,
        better=-1,
        cut_by="reason",
    ),
    Measure(
        "repeat_contact_rate.7d",
        "Had to come back within 7 days",
        "Contacts by somebody who had made contact in the 7 days before; linked people only.",
        CONTACTS,
        better=-1,
    ),
    Measure(
        "repeat_contact_rate.28d",
        "Had to come back within 28 days",
        "Contacts by somebody who had made contact in the 28 days before; linked people only.",
        CONTACTS,
        better=-1,
    ),
    Measure(
        "first_contact_resolution",
        "Settled with one contact",
        "Journeys with a contact that needed only that one, and none in the 28 days after.",
    ),
    Measure(
        "help_reachability",
        "Got through",
        "Attempts to reach help that reached somebody.",
        CONTACTS,
    ),
)

_CHANNELS = (
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

_VOLUME = (
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

_QUALITY = (
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


def _in(theme: Theme, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    return tuple(replace(measure, theme=theme) for measure in measures)


BEHAVIOUR = (
    *_in(Theme.FINISHING, _FINISHING),
    *_in(Theme.LEAVING, _LEAVING),
    *_in(Theme.PATHS, _PATHS),
    *_in(Theme.CONTACTS, _CONTACTS),
    *_in(Theme.CHANNELS, _CHANNELS),
    *_in(Theme.VOLUME, _VOLUME),
    *_in(Theme.QUALITY, _QUALITY),
)
