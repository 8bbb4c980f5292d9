"""Help that people had to seek: how often, why, and whether it could have been spared."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from schemas.vocabulary import Quality
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course, calls
from tests.oracle.measures.units import (
    Number,
    Scoring,
    Unit,
    amount,
    amount_by_bin,
    apart,
    cluster,
    dimensions,
    exactly,
    repeated,
    share,
)
from tests.oracle.surveys import UNSCORED

FEWEST_TRIES = 100
_KNOWN = {None: "unknown", True: "yes", False: "no"}


def of_journey(course: Course) -> Iterator[Unit]:
    """Each contact of the citizen when it was made."""
    for call in calls(course.journey):
        noted, at = call.data.contact, call.time
        yield Unit("contacts", at, dimensions=dimensions(channel=call.data.channel))
        about = dimensions(reason=noted.reason if noted and noted.reason else "none")
        avoidable = noted.avoidable if noted else None
        yield Unit("contacts.by_reason", at, dimensions=about, bin=_KNOWN[avoidable])
        if noted is not None and noted.reached is not None:
            yield Unit("help_reachability", at, noted.reached)
    yield from _judged(course)


def _judged(course: Course) -> Iterator[Unit]:
    """The contacts of which it is known whether they were avoidable, all and by reason."""
    known = [
        (call.time, noted.avoidable, dimensions(reason=noted.reason or "none"))
        for call in calls(course.journey)
        if (noted := call.data.contact) is not None and noted.avoidable is not None
    ]
    yield from cluster("avoidable_contact_share", [call[:2] for call in known])
    for about in {call[2] for call in known}:
        alike = [call[:2] for call in known if call[2] == about]
        yield from cluster("avoidable_contact_share.by_reason", alike, about)


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """Contacts of unlinked people; whether they reached anybody is not told."""
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for (reason, avoidable), n in counts.contacts.items():
        at, about = place.hour, dimensions(reason=reason or "none")
        yield Unit("contacts", at, of=n, dimensions=dimensions(channel=place.channel))
        yield Unit("contacts.by_reason", at, of=n, dimensions=about, bin=_KNOWN[avoidable])
        if avoidable is not None:
            alone = ((1, int(avoidable)),) * n
            for measure, where in (
                ("avoidable_contact_share", ()),
                ("avoidable_contact_share.by_reason", about),
            ):
                yield Unit(measure, at, n * avoidable, n, where, clusters=alone)


def _reached(units: Sequence[Unit]) -> Number:
    told = share(units)
    return told if told.n >= FEWEST_TRIES else replace(exactly(units), value=None)


SCORES: dict[str, Scoring] = {
    "contacts": apart(amount),
    "contacts.by_reason": apart(amount_by_bin),
    "avoidable_contact_share": apart(repeated),
    "avoidable_contact_share.by_reason": apart(repeated),
    "help_reachability": apart(_reached),
}
