"""A submitted answer, completed by what its instrument says about the question."""

from schemas.instrument import Instrument, Question
from schemas.touchpoint_event import Feedback
from schemas.vocabulary import SCALE_RANGE, Reason
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.submitted_event import SubmittedFeedback


def completed(said: SubmittedFeedback, instrument: Instrument) -> Feedback | Rejected:
    """The feedback with about, construct, scale and wording; refused when the instrument does not
    ask that, or asks several and the event does not say which.
    """
    question = _question(said, instrument)
    if isinstance(question, Rejected):
        return question
    if said.answer is None:
        return _feedback(said, instrument, None)
    if isinstance(question, Question):
        low, high = SCALE_RANGE[question.scale]
        if not low <= said.answer <= high:
            return Rejected(Reason.BAD_VALUE, f"feedback.answer: not on its scale {question.scale}")
        return _feedback(said, instrument, question)
    return Rejected(Reason.MISSING_FIELD, f"feedback.construct: needed; {_asked(instrument)}")


def _question(said: SubmittedFeedback, instrument: Instrument) -> Question | Rejected | None:
    fitting = [q for q in instrument.constructs if _fits(q, said)]
    if not fitting:
        detail = f"feedback: not a question of this instrument; {_asked(instrument)}"
        return Rejected(Reason.BAD_VALUE, detail)
    return fitting[0] if len(fitting) == 1 else None


def _fits(question: Question, said: SubmittedFeedback) -> bool:
    return (
        said.construct in {None, question.construct}
        and said.scale in {None, question.scale}
        and said.wording in {None, question.wording}
    )


def _asked(instrument: Instrument) -> str:
    asked = (f"{q.construct} {q.scale} {q.wording}" for q in instrument.constructs)
    return "it asks: " + ", ".join(asked)


def _feedback(
    said: SubmittedFeedback, instrument: Instrument, question: Question | None
) -> Feedback:
    return Feedback(
        about=said.about or instrument.about,
        construct=question.construct if question else said.construct,
        scale=question.scale if question else said.scale,
        answer=said.answer,
        instrument=said.instrument,
        wording=question.wording if question else said.wording,
        offer_id=said.offer_id,
        drivers=said.drivers,
    )
