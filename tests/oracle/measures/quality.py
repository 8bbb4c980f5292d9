"""How good the data is: whose events can be joined, and what came in that counts nowhere."""

from collections.abc import Iterator, Sequence

from schemas.vocabulary import Identity, Quality
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course
from tests.oracle.measures.units import (
    Named,
    Number,
    Scoring,
    Unit,
    bins_of,
    by_dimensions,
    dimensions,
)
from tests.oracle.surveys import UNSCORED

_EVENTS = "events"


def of_journey(course: Course) -> Iterator[Unit]:
    """The events at a touchpoint lie where the first of them lies."""
    for at in course.journey.touchpoints.values():
        by = dimensions(channel=at.channel)
        yield Unit(_EVENTS, at.first, 0, at.count, by, course.identity.value)


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """Unlinked people, suspected bots, and tests; a tally is no event."""
    if place.provenance in UNSCORED:
        return
    is_valid = place.quality is Quality.VALID
    known = Identity.UNLINKED.value if is_valid else place.quality.value
    by = dimensions(channel=place.channel)
    yield Unit(_EVENTS, place.hour, 0, counts.actions.total(), by, known)


def _shares(_: str, units: Sequence[Unit]) -> Iterator[Named]:
    events = bins_of(units)
    valid = sum(events.get(identity, 0) for identity in Identity)
    everything = sum(events.values())
    yield "identity_linked_share", (), _share(events, Identity.LINKED, valid)
    yield "bot_share", (), _share(events, Quality.BOT_SUSPECTED, everything)
    yield "unlinked_share", (), _share(events, Identity.UNLINKED, everything)
    for where, own in by_dimensions(units).items():
        on_it = bins_of(own)
        valid = sum(on_it.get(identity, 0) for identity in Identity)
        yield "identity_linked_share.by_channel", where, _share(on_it, Identity.LINKED, valid)


def _share(events: dict[str, int], which: str, of: int) -> Number:
    n = events.get(which, 0)
    return Number(of, n / of if of else None, n, of, events)


SCORES: dict[str, Scoring] = {_EVENTS: _shares}
