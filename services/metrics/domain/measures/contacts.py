"""Help that people had to seek: how often, why, and whether it could have been spared."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from schemas.journey import Bucket, ContactMade, JourneySnapshot
from schemas.vocabulary import Quality, Unit
from services.metrics.domain.intervals import Method
from services.metrics.domain.measures.clusters import cluster, ratio_of, sums
from services.metrics.domain.measures.course import calls
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    NO,
    YES,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    count,
    held,
    share_of_yes,
    yes_or_no,
)
from services.metrics.domain.measures.steps import NEVER_SCORED

MADE = "contacts"  # the citizens' contacts, by channel
REASONS = "contact_reasons"  # the same by reason; bins: was it avoidable
AVOIDABLE = "avoidable"  # journeys by their contacts of which that is known, and the avoidable
AVOIDABLE_OF = "avoidable_of"  # the same by reason
HELP = "help"  # contacts that tried to reach somebody: did they

NO_REASON = "none"
_UNKNOWN = "unknown"
AVOIDABILITY = (YES, NO, _UNKNOWN)
_FEWEST_TRIES = 100


def of_journey(journey: JourneySnapshot) -> Iterable[Amount]:
    """Amounts of one journey. Contacts count when they were made; how many a journey brought
    together counts at the first of them.
    """
    return _of_calls(calls(journey)) if journey.contacts else ()


def _of_calls(made: Sequence[ContactMade]) -> Iterator[Amount]:
    for call in made:
        yield from _one(call)
    yield from _avoidable(made)


def _one(call: ContactMade) -> Iterator[Amount]:
    yield call.time, cell(MADE, call.channel), 1
    yield call.time, cell(REASONS, call.reason or NO_REASON, known(call.avoidable)), 1
    if call.reached is not None:
        yield call.time, cell(HELP, "", yes_or_no(call.reached)), 1


def known(is_so: bool | None) -> str:  # noqa: FBT001 - a bin that says one of three things
    """The bin of something that nobody may have noted."""
    return _UNKNOWN if is_so is None else yes_or_no(is_so)


def _avoidable(made: Sequence[ContactMade]) -> Iterator[Amount]:
    judged = [call for call in made if call.avoidable is not None]
    if not judged:
        return
    yield judged[0].time, cell(AVOIDABLE, "", _judged(judged)), 1
    for reason in {call.reason for call in judged}:
        alike = [call for call in judged if call.reason is reason]
        yield alike[0].time, cell(AVOIDABLE_OF, reason or NO_REASON, _judged(alike)), 1


def _judged(made: Sequence[ContactMade]) -> str:
    return cluster(len(made), sum(call.avoidable is True for call in made))


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """Contacts of unlinked people: nobody knows which of them one person made."""
    if bucket.quality is not Quality.VALID or bucket.provenance in NEVER_SCORED:
        return
    for contact in bucket.contacts:
        reason, hour, n = contact.reason or NO_REASON, bucket.hour, contact.count
        yield hour, cell(MADE, bucket.channel), n
        yield hour, cell(REASONS, reason, known(contact.avoidable)), n
        if contact.avoidable is not None:
            alone = cluster(1, int(contact.avoidable))
            yield hour, cell(AVOIDABLE, "", alone), n
            yield hour, cell(AVOIDABLE_OF, reason, alone), n


def _contacts(reading: Reading) -> Score:
    return count(sum(reading.bins(MADE).values()))


def _by_reason(reading: Reading) -> Score:
    judged = held(reading.bins(REASONS))
    return count(sum(judged.values()), judged)


def _avoidable_share(journeys: str, reading: Reading) -> Score:
    judged = reading.bins(REASONS)
    avoidable = judged.get(YES, 0)
    return ratio_of(avoidable, avoidable + judged.get(NO, 0), sums(reading.bins(journeys)))


def _reachability(reading: Reading) -> Score:
    tried = share_of_yes(HELP, reading)
    few = Score(tried.n, tried.numerator, tried.denominator)
    return tried if tried.n >= _FEWEST_TRIES else few


_of_contacts = partial(Formula, when=When.CONTACT, periods=FROM_DAYS)
FORMULAS = (
    Formula(
        "contacts",
        (MADE,),
        _contacts,
        labels=("channel",),
        unit=Unit.COUNT,
        when=When.CONTACT,
        means="Contacts that citizens made, by channel; those of unlinked people too.",
    ),
    _of_contacts(
        "contacts.by_reason",
        (REASONS,),
        _by_reason,
        labels=("reason",),
        unit=Unit.COUNT,
        means="The same by reason (`none`: nobody noted one), split by whether it was avoidable.",
    ),
    _of_contacts(
        "avoidable_contact_share",
        (REASONS, AVOIDABLE),
        partial(_avoidable_share, AVOIDABLE),
        interval=Method.RATIO,
        means="Of the contacts of which it is known, the share that a better service would have "
        "made needless.",
    ),
    _of_contacts(
        "avoidable_contact_share.by_reason",
        (REASONS, AVOIDABLE_OF),
        partial(_avoidable_share, AVOIDABLE_OF),
        interval=Method.RATIO,
        labels=("reason",),
        means="The same of the contacts made for one reason.",
    ),
    _of_contacts(
        "help_reachability",
        (HELP,),
        _reachability,
        few=_FEWEST_TRIES,
        means="Of the contacts that tried to reach somebody, the share that did. No value below "
        "100 tries.",
    ),
)
CONTACTS = Family("contacts", of_journey, of_bucket, FORMULAS)
