"""The measures of help that people had to ask for."""

from schemas.vocabulary import Unit
from services.publish.domain.measures.measure import (
    ANY_SPAN,
    CONTACTS,
    Measure,
    Theme,
    in_theme,
)

OF_CONTACTS = in_theme(
    Theme.CONTACTS,
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
