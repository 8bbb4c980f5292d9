"""Who an erasure means, and when the last raw copy of what was known of them is gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field

from schemas import topics
from schemas.model import Contract, Name
from schemas.vocabulary import IdentityKind
from schemas.yaml_file import nearest
from services.ingest.domain.pseudonym import pseudonym
from services.ingest.domain.rules import Rules

# Where something lies that belongs to a person.
PERSONAL: Final = (
    topics.TOUCHPOINTS,
    topics.TOUCHPOINTS_REJECTED,
    topics.TOUCHPOINTS_INBOX,
    topics.COMMENTS,
    topics.JOURNEY_STATE,
    topics.JOURNEYS,
    topics.JOURNEYS_REJECTED,
)
_KAFKAS_SEGMENT_MS: Final = 7 * 86_400_000


class Reference(Contract):
    """One name a person has: as a citizen or visitor of an `issuer` of the sources, or a case of a
    service, which is its issuer.
    """

    kind: Literal["citizen", "visitor", "case"]
    issuer: Name
    id: Annotated[str, Field(min_length=1, max_length=256)]


class Meant(Contract):
    """One person, by the names an agency knows them under."""

    agency: Name
    people: Annotated[tuple[Reference, ...], Field(min_length=1, max_length=20)]


class AskedErasure(Meant):
    """The body of a request: whoever asks gives it an id, by which it is asked for once. Where the
    person `objects`, or withdraws a consent, nothing is joined to them from then on.
    """

    id: Name
    objects: bool = False


class ErasureRefused(Exception):
    """The request means nobody we could know; says which field, and what is nearest."""


def subjects(asked: Meant, rules: Rules) -> tuple[str, ...]:
    """The pseudonyms that are meant: of each reference under each key of the agency that there is.

    Raises ErasureRefused.
    """
    agencies = sorted(rules.all_keys)
    if asked.agency not in agencies:
        raise ErasureRefused(f"agency: {nearest(asked.agency, agencies)}")
    for place, one in enumerate(asked.people):
        known = sorted(_issuers(one.kind, asked.agency, rules))
        if one.issuer not in known:
            raise ErasureRefused(f"people.{place}.issuer: {nearest(one.issuer, known)}")
    secrets = [key.secret.get_secret_value().encode() for key in rules.all_keys[asked.agency]]
    meant = (
        pseudonym(secret, IdentityKind(one.kind), one.issuer, one.id)
        for one in asked.people
        for secret in secrets
    )
    return tuple(dict.fromkeys(meant))


def _issuers(kind: str, agency: str, rules: Rules) -> Iterable[str]:
    if kind == IdentityKind.CASE:
        return (name for name, of in rules.catalogue.agency_of.items() if of == agency)
    return (source.issuer for source in rules.sources.values() if source.agency == agency)


def raw_gone_by(time: datetime) -> datetime:
    """When the last record from before `time` has expired, and compaction has taken away what a
    later one replaces: a closed segment goes as a whole, and is closed a while after it was begun.
    """
    return time + max(_longest(topics.topic(name).production.configuration) for name in PERSONAL)


def _longest(configuration: Mapping[str, str]) -> timedelta:
    compacts = "compact" in configuration["cleanup.policy"]
    kept = configuration["max.compaction.lag.ms" if compacts else "retention.ms"]
    segment = int(configuration.get("segment.ms", _KAFKAS_SEGMENT_MS))
    return timedelta(milliseconds=int(kept) + segment)
