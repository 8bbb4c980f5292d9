"""What the desk's form calls things, and what it says of an entry that was sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.catalogue import OTHER, Service
from schemas.sources import Source
from schemas.touchpoint_event import TouchpointEvent
from schemas.vocabulary import ContactReason, Outcome
from services.ingest.domain.desk import ENDINGS, Filled
from services.ingest.domain.outcome import Accepted, Rejected
from services.ingest.domain.outcome import Outcome as Decided
from services.ingest.domain.protocols.csv_rows import Problem, problems
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.domain.rules import Rules

REASONS: Mapping[str, str] = {
    ContactReason.NEW_NEED: "A new need or question",
    ContactReason.CHASE: "To ask how far it is",
    ContactReason.CLARIFY: "Something was not clear",
    ContactReason.ERROR: "Something had gone wrong",
    ContactReason.WRONG_PLACE: "Had come to the wrong place",
    ContactReason.COMPLAINT: "A complaint",
}
OUTCOMES: Mapping[str, str] = {
    Outcome.SUCCESS: "Yes: done as asked",
    Outcome.NEGATIVE_BUT_CORRECT: "Yes: rightly refused, or not needed",
    Outcome.WITHDRAWN: "Yes: taken back by the citizen",
    Outcome.TRANSFERRED: "Yes: handed to another service",
    Outcome.ERROR: "Yes: an error of ours ended it",
}
_MOST_TOLD = 20
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What is said above the form, and the status of the answer that says it."""

    title: str
    lines: tuple[str, ...]
    status: int = 200

    @property
    def is_done(self) -> bool:
        """Whether it was recorded, and the next may be taken."""
        return self.status == 200


def channels(source: Source) -> Options:
    """The channels of this desk."""
    return [(channel.value, worded(channel)) for channel in source.channels]


def places(source: Source, rules: Rules) -> Sequence[tuple[str, Options]]:
    """Each service of this desk, with the touchpoints where its channels meet citizens."""
    services = (rules.catalogue.services[id_] for id_ in source.services)
    return [(service.name, list(_places(service, source))) for service in services]


def outcome_options() -> Options:
    """The ends that a desk can know of."""
    return [(outcome.value, OUTCOMES[outcome]) for outcome in ENDINGS]


def told(filled: Filled, outcomes: Sequence[Decided], rules: Rules) -> Told:
    """What became of one form."""
    refused = {outcome.detail for outcome in outcomes if isinstance(outcome, Rejected)}
    records = [outcome.record for outcome in outcomes if isinstance(outcome, Accepted)]
    if refused or not records:
        return Told("Not recorded", (*sorted(refused), "Mend it below and send it again."), 422)
    return Told("Recorded", tuple(_summary(filled, records[0].data, rules)))


def told_of_rows(request: Request, outcomes: Sequence[Decided]) -> Told:
    """What became of a file of rows."""
    wrong = problems(request, outcomes)
    accepted = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    if not wrong:
        return Told(f"Rows recorded: {accepted}", ("Sent again, the same rows count once.",))
    lines = [f"Line {one.line}{_column(one)}: {one.detail}" for one in wrong[:_MOST_TOLD]]
    if len(wrong) > _MOST_TOLD:
        lines.append(f"And {len(wrong) - _MOST_TOLD} more.")
    lines.append("Mend these in the file and send it again: what was recorded counts once.")
    return Told(f"Rows recorded: {accepted}, refused: {len(wrong)}", tuple(lines), 422)


def told_of_no_table(malformed: Malformed) -> Told:
    """That a file is none that can be read."""
    return Told("Nothing recorded", (malformed.detail,), 422)


def told_of_waiting(seconds: int) -> Told:
    """That it is more than this desk may send."""
    lines = (f"That is more than this desk may send at once. Try again in {seconds} seconds.",)
    return Told("Not recorded yet", lines, 429)


def worded(word: str) -> str:
    """A word of ours as people write it."""
    return word.replace("_", " ").capitalize()


def _column(problem: Problem) -> str:
    return f", column {problem.column}" if problem.column else ""


def _places(service: Service, source: Source) -> Iterator[tuple[str, str]]:
    for touchpoint in service.touchpoints:
        if set(touchpoint.channels) & set(source.channels):
            yield f"{service.id}/{touchpoint.id}", touchpoint.name
    yield f"{service.id}/{OTHER}", f"{service.name}: something else"


def _summary(filled: Filled, event: TouchpointEvent, rules: Rules) -> Iterator[str]:
    service = rules.catalogue.services[event.service]
    touchpoint = service.by_touchpoint[event.touchpoint]
    yield f"{worded(event.channel)}, {service.name}, {touchpoint.name}"
    if filled.reason:
        yield f"Asked for help: {REASONS[filled.reason].lower()}"
    if filled.outcome:
        yield f"Ended: {OUTCOMES[filled.outcome].removeprefix('Yes: ')}"
    # The number itself is not repeated: the next citizen may see the screen.
    yield "With a case number" if filled.case else "Without a case number"
    yield f"At {filled.time.replace('T', ' ')}" if filled.time else "Just now"
