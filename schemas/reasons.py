"""What each reason for a refusal means, and what whoever was refused can change."""

from typing import NamedTuple

from schemas.vocabulary import Ignored, Reason


class Meaning(NamedTuple):
    """Two sentences for people: what happened, and what to do."""

    what: str
    change: str


MEANINGS: dict[Reason, Meaning] = {
    Reason.TOO_LARGE: Meaning("The event is larger than one may be.", "Send less in one event."),
    Reason.NOT_AN_OBJECT: Meaning(
        "The event's data is no JSON object.",
        "Send an object with the fields of a touchpoint event.",
    ),
    Reason.MISSING_FIELD: Meaning("A field that is needed is absent.", "Send the field named."),
    Reason.UNKNOWN_FIELD: Meaning(
        "A field has a name the contract does not have.",
        "Use the name that is told, or leave the field out.",
    ),
    Reason.WRONG_TYPE: Meaning("A field is of another type.", "Send the type named."),
    Reason.BAD_VALUE: Meaning(
        "A value breaks a rule of its field: a range, a length, a form.",
        "Send a value that keeps the rule named.",
    ),
    Reason.UNKNOWN_SERVICE: Meaning(
        "The catalogue has no such service.",
        "Add the service to the catalogue, or send the one that is told.",
    ),
    Reason.SERVICE_NOT_ALLOWED: Meaning(
        "This source may not send for this service.",
        "Add the service to this source in the file of sources, or send from another source.",
    ),
    Reason.UNKNOWN_TOUCHPOINT: Meaning(
        "The service has no such touchpoint.",
        "Add it to the catalogue, or leave the id out and let the match rules find it.",
    ),
    Reason.UNKNOWN_CHANNEL: Meaning(
        "Channels are a closed list, and this is none of them.", "Send one that is told."
    ),
    Reason.CHANNEL_NOT_ALLOWED: Meaning(
        "This source may not send for this channel.",
        "Add the channel to this source in the file of sources.",
    ),
    Reason.UNKNOWN_ACTION: Meaning(
        "Actions are a closed list, and this is none of them.", "Send one that is told."
    ),
    Reason.UNKNOWN_INSTRUMENT: Meaning(
        "The service has no such survey.",
        "Add the instrument to the catalogue, or send one that is told.",
    ),
    Reason.UNKNOWN_WORD: Meaning(
        "A word is not in the closed list of its field.", "Send one that is told."
    ),
    Reason.UNMAPPED_VALUE: Meaning(
        "The mapping of a log does not name a value, or an answer is no step of its scale.",
        "Add the value to the mapping or to its `ignore`, or to the `words` of the question.",
    ),
    Reason.BAD_TIME: Meaning(
        "The time cannot be read, or has no offset from UTC.",
        "Send RFC 3339 text with an offset, such as 2026-03-01T09:00:00Z.",
    ),
    Reason.TOO_OLD: Meaning(
        "The event happened longer ago than `max_delay` of its source.",
        "Send earlier, or raise `max_delay` of the source and `grace` of the service.",
    ),
    Reason.IN_THE_FUTURE: Meaning(
        "The time is more than a day ahead of ours.", "Set the sender's clock."
    ),
    Reason.INTERNAL: Meaning(
        "Our own fault: a rule failed on this event, and an alarm was raised.",
        "Nothing; tell the operator. The original is kept.",
    ),
    Reason.CONTRACT_BROKEN: Meaning(
        "A record on touchpoints.v1 does not keep the contract: something else than ingest wrote.",
        "Find out who writes to the topic; only ingest and journey may.",
    ),
    Reason.LATE: Meaning(
        "The event is older than its clock's watermark less `grace`.",
        "On the live clock: find out why the pipeline lagged. On a feed: send in order of time.",
    ),
    Reason.TOO_MANY: Meaning(
        "The citizen has more than 2,000 events with the service that are not final yet.",
        "Find out which program sends under one identifier.",
    ),
    Reason.ERASED: Meaning(
        "The event is of somebody who was erased, from before that. Counted, and not kept.",
        "Nothing. Where it came again, find out who still sends it.",
    ),
    Reason.UNREADABLE_SNAPSHOT: Meaning(
        "A record on journeys.v1 does not keep the contract; it was counted nowhere.",
        "Find out which version of journey wrote it.",
    ),
}

IGNORED: dict[Ignored, str] = {
    Ignored.MAPPED_TO_IGNORE: (
        "The mapping or the protocol says that this is no contact, or not a finished one."
    ),
    Ignored.EMPTY: "There was nothing in it.",
    Ignored.ONLY_TEXT: "A survey was answered in own words alone: a comment, and nothing to count.",
}
