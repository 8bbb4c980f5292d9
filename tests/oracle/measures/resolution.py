"""Whether help solved it: at the first contact, for good, and with how many contacts in all."""

from collections.abc import Iterator
from datetime import timedelta

from schemas.vocabulary import COMPLETE_OUTCOMES, Identity, Initiator, Outcome
from tests.oracle.courses import Course, calls
from tests.oracle.measures.units import Scoring, Unit, apart, cluster, ratio, repeated, share
from tests.oracle.surveys import UNSCORED

AFTERMATH = timedelta(days=28)
_SOLVED = {*COMPLETE_OUTCOMES, Outcome.INFORMED}


def of_journey(course: Course) -> Iterator[Unit]:
    """Contacts that follow another when they were made, what they solved at the end."""
    if course.identity is Identity.LINKED:
        yield from _repeats(course)
    ended, made = course.ended, calls(course.journey)
    if ended is None:
        return
    both = (int(course.is_complete), len(made))
    yield Unit("contacts_per_resolved", ended, len(made), both[0], clusters=(both,))
    in_time = [call for call in made if call.time <= ended + AFTERMATH]
    if in_time:
        is_only = len(in_time) == 1 and in_time[0].time <= ended
        yield Unit("first_contact_resolution", ended, is_only and course.outcome in _SOLVED)


def _repeats(course: Course) -> Iterator[Unit]:
    made = [
        contact
        for contact in course.journey.contacts
        if contact.event.data.initiator is Initiator.CITIZEN
        and contact.event.data.provenance not in UNSCORED
    ]
    yield from cluster("repeat_contact_rate.7d", [(c.event.time, c.repeat_7d) for c in made])
    yield from cluster("repeat_contact_rate.28d", [(c.event.time, c.repeat_28d) for c in made])


SCORES: dict[str, Scoring] = {
    "repeat_contact_rate.7d": apart(repeated),
    "repeat_contact_rate.28d": apart(repeated),
    "contacts_per_resolved": apart(ratio),
    "first_contact_resolution": apart(share),
}
