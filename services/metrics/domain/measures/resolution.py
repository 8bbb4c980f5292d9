"""Whether help solved it: at the first contact, for good, and with how many contacts in all."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import inf

from schemas.journey import Bucket, ContactMade, JourneySnapshot
from schemas.vocabulary import Identity, Outcome, Unit
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.clusters import cluster, ratio_of, sums
from services.metrics.domain.measures.course import calls, end_of, is_complete
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    share_of_yes,
    yes_or_no,
)

REPEATS = "repeats"  # contacts of linked people, by how soon they followed another
REPEATING = "repeating"  # linked journeys by their contacts, and those repeated in 7 and in 28 d
RESOLVED = "resolved"  # ended journeys: whether complete, and their contacts
FIRST_CONTACT = "first_contact"  # ended journeys with a contact: was it the only one

AFTERMATH = timedelta(days=28)
"""A contact within this time after the end is about what the first one did not solve."""
_SOLVED = (Outcome.SUCCESS, Outcome.NEGATIVE_BUT_CORRECT, Outcome.INFORMED)
_SOON, _LATER, _NEVER = "7d", "28d", "first"
_REPEATED = {"7d": (_SOON,), "28d": (_SOON, _LATER)}


def of_journey(journey: JourneySnapshot) -> Iterator[Amount]:
    """Amounts of one journey. Contacts count when they were made; how many a journey brought
    together counts at the first of them.
    """
    made = calls(journey) if journey.contacts else []
    ended = end_of(journey)
    if ended is not None:
        yield ended, cell(RESOLVED, "", cluster(int(is_complete(journey)), len(made))), 1
        if made:
            yield from _first(journey, made, ended)
    if made and journey.identity is Identity.LINKED:
        yield from _repeats(made)


def _first(
    journey: JourneySnapshot, made: Sequence[ContactMade], ended: datetime
) -> Iterator[Amount]:
    in_time = [call for call in made if call.time <= ended + AFTERMATH]
    if in_time:
        is_only = len(in_time) == 1 and in_time[0].time <= ended
        is_solved = is_only and journey.outcome in _SOLVED
        yield ended, cell(FIRST_CONTACT, "", yes_or_no(is_solved)), 1


def _repeats(made: Sequence[ContactMade]) -> Iterator[Amount]:
    for call in made:
        soon = _SOON if call.repeat_7d else _LATER if call.repeat_28d else _NEVER
        yield call.time, cell(REPEATS, "", soon), 1
    in_7d, in_28d = sum(c.repeat_7d for c in made), sum(c.repeat_28d for c in made)
    yield made[0].time, cell(REPEATING, "", cluster(len(made), in_7d, in_28d)), 1


def of_bucket(_bucket: Bucket) -> Iterator[Amount]:
    """Nobody knows which contacts of unlinked people one person made."""
    return iter(())


def _repeat_rate(span: str, reading: Reading) -> Score:
    made = reading.bins(REPEATS)
    repeated = sum(made.get(bin_, 0) for bin_ in _REPEATED[span])
    kind = 1 + list(_REPEATED).index(span)
    return ratio_of(repeated, sum(made.values()), sums(reading.bins(REPEATING), kind))


def _per_resolved(reading: Reading) -> Score:
    journeys = sums(reading.bins(RESOLVED))
    return ratio_of(journeys.hits, journeys.units, journeys, highest=inf)


FORMULAS = (
    *(
        Formula(
            f"repeat_contact_rate.{span}",
            (REPEATS, REPEATING),
            partial(_repeat_rate, span),
            interval=Method.RATIO,
            when=When.CONTACT,
            periods=FROM_DAYS,
            means=f"Of the contacts of linked citizens, the share that followed another of the "
            f"same citizen and matter within {span[:-1]} days.",
        )
        for span in _REPEATED
    ),
    Formula(
        "contacts_per_resolved",
        (RESOLVED,),
        _per_resolved,
        unit=Unit.RATIO,
        means="Contacts of all journeys that ended, for each one that ended complete.",
        periods=FROM_DAYS,
    ),
    Formula(
        "first_contact_resolution",
        (FIRST_CONTACT,),
        partial(share_of_yes, FIRST_CONTACT),
        horizon=AFTERMATH,
        means="Of the ended journeys with a contact up to 28 days after the end, the share that "
        "ended complete or informed with one contact, made before the end.",
        periods=FROM_DAYS,
    ),
)
RESOLUTION = Family("resolution", of_journey, of_bucket, FORMULAS)
