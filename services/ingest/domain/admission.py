"""Admission: ten named pure steps, in the order in which a sender reads them in the answer.

Long because it is one chain; each step is one function: a draft in, a draft or a refusal out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydantic import ValidationError

from schemas.catalogue import OTHER, Service, Touchpoint
from schemas.codec import explain as told
from schemas.touchpoint_event import TouchpointEvent, TouchpointRecord
from schemas.vocabulary import Action, Reason
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain import comments, identity, moment, opinion, tally
from services.ingest.domain.address import scrubbed
from services.ingest.domain.draft import Arrival, Draft
from services.ingest.domain.envelope import envelope_fault
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected
from services.ingest.domain.pseudonym import made_id
from services.ingest.domain.refusal import json_type, refusal, unknown
from services.ingest.domain.rules import Rules
from services.ingest.domain.submission import Received
from services.ingest.domain.submitted_event import SubmittedEvent
from services.ingest.domain.words import vocabulary_fault

Decided = Draft | Ignored | Rejected


@dataclass(frozen=True)
class Step:
    """A named check."""

    name: str
    run: Callable[[Draft, Rules], Decided]

    def decide(self, draft: Draft, rules: Rules) -> Decided:
        """What the check says. Raises nothing: a bug of ours costs the one event that met it, which
        is kept and counted, and not the others of its batch.
        """
        try:
            return self.run(draft, rules)
        except Exception as fault:  # noqa: BLE001 (whatever it is, the event must not get lost)
            return Rejected(Reason.INTERNAL, f"{self.name}: {type(fault).__name__}")


def admit(received: Received, arrival: Arrival, rules: Rules) -> Outcome:
    """Decide one event. Pure; raises nothing, whatever was sent."""
    if isinstance(received.content, Ignored | Rejected):
        return received.content
    draft = Draft(arrival, received.content)
    for step in STEPS:
        decided = step.decide(draft, rules)
        if not isinstance(decided, Draft):
            return decided
        draft = decided
    return accepted(draft)


def accepted(draft: Draft) -> Outcome:
    """What a draft that passed every step has become."""
    if draft.record is None:
        return Rejected(Reason.INTERNAL, "the last step made no touchpoint event")
    return Accepted(draft.record, draft.comments, draft.unmatched_address, draft.links)


def known_source(draft: Draft, rules: Rules) -> Decided:
    """Whether the sender is one of the file of sources; its clock and agency are then known."""
    source = rules.sources.get(draft.arrival.source_id)
    if source is None:
        return unknown(Reason.SERVICE_NOT_ALLOWED, "source", draft.arrival.source_id, rules.sources)
    key = rules.keys[source.agency]
    if (parts := draft.submission.makes_id) is not None:
        parts = parts or (str(draft.arrival.uid),)
        named = made_id(key.secret.get_secret_value().encode(), parts)
        draft = replace(draft, submission=replace(draft.submission, id=named))
    return draft.knowing(
        agency=source.agency, clock=draft.submission.clock or source.clock, key_id=key.id
    )


def size(draft: Draft, rules: Rules) -> Decided:
    """Whether one event is small enough for every consumer."""
    if draft.arrival.size > rules.max_event_bytes:
        limit = rules.max_event_bytes
        return Rejected(Reason.TOO_LARGE, f"event: larger than {limit} bytes")
    return draft


def required_fields(draft: Draft, rules: Rules) -> Decided:
    """Whether envelope and data have the fields they must, no others, each of its type."""
    if fault := envelope_fault(draft.submission):
        return fault
    data = draft.submission.data
    if not isinstance(data, dict):
        got = json_type(data)
        return Rejected(Reason.NOT_AN_OBJECT, f"data: got {got}, expected an object")
    try:
        return draft.saying(SubmittedEvent.model_validate(_whole(data, draft, rules)))
    except ValidationError as error:
        return refusal(error)


def _whole(data: Mapping[str, object], draft: Draft, rules: Rules) -> Mapping[str, object]:
    """The data, with the service where its client knows none: the one a match rule finds, else the
    first of its source, where it is counted as `other`.
    """
    submission, allowed = draft.submission, rules.sources[draft.arrival.source_id].services
    if not submission.finds_service:
        return data
    services = (rules.catalogue.services[id_] for id_ in allowed)
    fitting = (service.id for service in services if service.matching(submission.seen))
    return {"service": next(fitting, allowed[0]), **data}


def catalogue_match(draft: Draft, rules: Rules) -> Decided:
    """Service, touchpoint and what an event there means, and the instrument of an answer."""
    said, source = draft.said, rules.sources[draft.arrival.source_id]
    service = rules.catalogue.services.get(said.service)
    if service is None:
        return unknown(Reason.UNKNOWN_SERVICE, "service", said.service, rules.catalogue.services)
    if service.id not in source.services:
        allowed = ", ".join(source.services)
        return Rejected(Reason.SERVICE_NOT_ALLOWED, f"service: this source may send: {allowed}")
    if said.touchpoint is not None and said.touchpoint not in service.by_touchpoint:
        known = service.by_touchpoint
        return unknown(Reason.UNKNOWN_TOUCHPOINT, "touchpoint", said.touchpoint, known)
    if said.feedback and said.feedback.instrument not in service.by_instrument:
        word, instruments = said.feedback.instrument, service.by_instrument
        return unknown(Reason.UNKNOWN_INSTRUMENT, "feedback.instrument", word, instruments)
    return _placed(draft, rules)


def _placed(draft: Draft, rules: Rules) -> Draft:
    said, service = draft.said, draft.service(rules)
    if said.touchpoint is not None:
        return _at(draft, service, service.by_touchpoint[said.touchpoint])
    if found := service.matching(draft.submission.seen):
        touchpoint, rule = found
        meant = {"action": said.action or rule.action, "outcome": said.outcome or rule.outcome}
        return _at(draft.saying(said.model_copy(update=meant)), service, touchpoint)
    sample = scrubbed(draft.submission.address or str(draft.submission.name))
    unmatched = replace(draft, unmatched_address=sample)
    return _at(unmatched, service, service.by_touchpoint[OTHER])


def _at(draft: Draft, service: Service, touchpoint: Touchpoint) -> Draft:
    return draft.knowing(
        service=service.id,
        touchpoint=touchpoint.id,
        stage=touchpoint.stage,
        initiator=draft.said.initiator or touchpoint.initiator,
        action=draft.said.action or touchpoint.action,
    )


def vocabulary(draft: Draft, rules: Rules) -> Decided:
    """Whether the words fit together: channel and source, action, outcome and feedback."""
    source = rules.sources[draft.arrival.source_id]
    said, action = draft.said, draft.values["action"]
    channel = said.channel or source.channels[0]
    if fault := vocabulary_fault(said, action, channel, source, has_text=draft.has_text):
        return fault
    draft = draft.knowing(
        channel=channel,
        provenance=tally.provenance(said, channel),
        count=said.count,
        outcome=said.outcome,
        transferred_to=said.transferred_to,
        contact=said.contact.contact() if said.contact else None,
    )
    if said.feedback is None:
        return draft
    instrument = draft.service(rules).by_instrument[said.feedback.instrument]
    feedback = opinion.completed(said.feedback, instrument)
    return feedback if isinstance(feedback, Rejected) else draft.knowing(feedback=feedback)


def time(draft: Draft, rules: Rules) -> Decided:
    """When it happened: readable, not too old for its source, not in the future."""
    found = moment.decide(draft, rules)
    if isinstance(found, Rejected):
        return found
    return draft.knowing(time=found.time, clock_skew=found.is_skewed)


def quality(draft: Draft, rules: Rules) -> Decided:
    """Whether a citizen did it: tests and crawlers are counted and never joined."""
    return draft.knowing(quality=identity.quality(draft, rules))


def pseudonymise(draft: Draft, rules: Rules) -> Decided:
    """The key: the first that exists of citizen, visitor, case, once; raw identifiers end here."""
    known = draft.knowing(**identity.identify(draft, rules))
    links = identity.links(known, rules)
    return replace(known, links=links) if links else known


def free_text_out(draft: Draft, rules: Rules) -> Decided:
    """Free text leaves the event and becomes comments, redacted; as it was it goes no further."""
    return replace(draft, comments=comments.made(draft, rules)) if draft.has_text else draft


def touchpoint_event(draft: Draft, _: Rules) -> Decided:
    """The CloudEvent of `touchpoints.v1`, checked against its contract; a survey that was answered
    in own words alone has nothing to count.
    """
    if _is_only_text(draft):
        reason = IgnoredReason.ONLY_TEXT if draft.comments else IgnoredReason.EMPTY
        return Ignored(reason, draft.comments)
    values = dict(draft.values)
    happened, subject = values.pop("time"), values.pop("subject")
    said, arrival = draft.said, draft.arrival
    try:
        event = TouchpointEvent(
            **values,
            uid=arrival.uid,
            assisted=said.assisted,
            sequence=said.sequence,
            device=said.device,
            language=said.language,
            received_at=arrival.received_at,
            protocol=arrival.protocol,
            protocol_version=arrival.protocol_version,
        )
        record = TouchpointRecord(
            source=draft.published_source,
            id=str(draft.submission.id),
            time=happened,
            subject=subject,
            data=event,
        )
    except ValidationError as error:
        return Rejected(Reason.BAD_VALUE, told(error)[:1000], subject)
    return draft.recorded(record)


def _is_only_text(draft: Draft) -> bool:
    feedback = draft.said.feedback
    is_answer = draft.values.get("action") is Action.ANSWERED and feedback is not None
    has_answer = feedback is not None and feedback.answer is not None
    return is_answer and not has_answer and not tally.is_theme(draft.said, draft.values["channel"])


STEPS: tuple[Step, ...] = (
    Step("known source", known_source),
    Step("size", size),
    Step("required fields", required_fields),
    Step("catalogue match", catalogue_match),
    Step("vocabulary", vocabulary),
    Step("time", time),
    Step("quality", quality),
    Step("pseudonymise", pseudonymise),
    Step("free text out", free_text_out),
    Step("touchpoint event", touchpoint_event),
)
