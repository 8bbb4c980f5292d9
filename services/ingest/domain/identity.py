"""Who an event belongs to: its key, and whether it may be joined to anything at all."""

from collections.abc import Iterable, Iterator
from typing import Any

from schemas.control import KEY_ROTATION, Link
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Channel, IdentityKind, Quality
from services.ingest.domain import tally
from services.ingest.domain.draft import Draft
from services.ingest.domain.pseudonym import once, pseudonym
from services.ingest.domain.rules import Rules
from services.ingest.domain.submitted_event import SubmittedEvent


def quality(draft: Draft, rules: Rules) -> Quality:
    """Only `valid` events are ever joined."""
    if draft.submission.is_test:
        return Quality.TEST
    agents = (draft.submission.user_agent, draft.said.device or "")
    is_crawler = any(rules.is_crawler(agent) for agent in agents)
    is_bot = is_crawler or draft.arrival.is_of_machine
    return Quality.BOT_SUSPECTED if is_bot else Quality.VALID


def identify(draft: Draft, rules: Rules) -> dict[str, Any]:
    """Subject, identity kind and case; an event that may not be linked keeps nothing that could."""
    key = rules.keys[draft.values["agency"]].secret.get_secret_value().encode()
    if _is_unlinked(draft, rules):
        return _unlinked(draft, key)
    kind, issuer, identifier = _known_as(draft, rules)
    return {
        "subject": pseudonym(key, kind, issuer, identifier),
        "identity_kind": kind,
        "case": _case(key, draft.said),
    }


def links(draft: Draft, rules: Rules) -> tuple[Link, ...]:
    """What the person, and the case that the event names, were called under each former key."""
    values = draft.values
    former = rules.former.get(values["agency"], ())
    if not former or values["identity_kind"] is IdentityKind.ONCE:
        return ()
    kind, issuer, identifier = _known_as(draft, rules)
    secrets = (key.secret.get_secret_value().encode() for key in former)
    return tuple(
        Link(
            lower=pseudonym(secret, kind, issuer, identifier),
            lower_kind=kind,
            upper=values["subject"],
            upper_kind=kind,
            rule=KEY_ROTATION,
            time=draft.arrival.received_at,
            former_case=_case(secret, draft.said),
            case=values["case"],
        )
        for secret in secrets
    )


def subjects(record: TouchpointRecord, links: Iterable[Link], rules: Rules) -> Iterator[str]:
    """The subject of an event, and those it would have under former keys."""
    yield record.subject
    yield from (link.lower for link in links)
    if record.data.identity_kind is IdentityKind.ONCE:
        for key in rules.former.get(record.data.agency, ()):
            yield once(key.secret.get_secret_value().encode(), record.source, record.id)


def _known_as(draft: Draft, rules: Rules) -> tuple[IdentityKind, str, str]:
    """Kind, issuer and identifier of the first there is of citizen, visitor and case."""
    issuer = rules.sources[draft.arrival.source_id].issuer
    for kind, identifier in _people(draft):
        if identifier:
            return kind, issuer, identifier
    return IdentityKind.CASE, draft.said.service, str(draft.said.case)


def _case(key: bytes, said: SubmittedEvent) -> str | None:
    """A case number is given out by the service, whoever passes it on."""
    return pseudonym(key, IdentityKind.CASE, said.service, said.case) if said.case else None


def _is_unlinked(draft: Draft, rules: Rules) -> bool:
    said = draft.said
    if draft.values["quality"] is not Quality.VALID:
        return True
    if not rules.sources[draft.arrival.source_id].linkable:
        return True
    if not (said.case or any(identifier for _, identifier in _people(draft))):
        return True
    if draft.values["provenance"] in tally.TOLD_OF_MANY:
        return True
    if said.feedback is None or draft.values["action"] is not Action.ANSWERED:
        return False
    return not draft.service(rules).by_instrument[said.feedback.instrument].linkable


def _people(draft: Draft) -> tuple[tuple[IdentityKind, str | None], ...]:
    """Who it was. On social media nobody: what a client sends there may be a handle."""
    if draft.values["channel"] is Channel.SOCIAL_MEDIA:
        return ()
    said = draft.said
    return ((IdentityKind.CITIZEN, said.citizen), (IdentityKind.VISITOR, said.visitor))


def _unlinked(draft: Draft, key: bytes) -> dict[str, Any]:
    subject = once(key, draft.published_source, str(draft.submission.id))
    found: dict[str, Any] = {"subject": subject, "identity_kind": IdentityKind.ONCE, "case": None}
    if feedback := draft.values.get("feedback"):
        # The offer of a linked person names the same id: it would join the answer to them.
        found["feedback"] = feedback.model_copy(update={"offer_id": None})
    return found
