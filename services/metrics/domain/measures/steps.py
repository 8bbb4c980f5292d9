"""Which steps of the survey count, and which answer belongs to which offer."""

from collections.abc import Iterable, Iterator
from operator import attrgetter

from schemas.journey import SurveyStep
from schemas.vocabulary import Action, Provenance

NEVER_SCORED = frozenset({Provenance.MODERATED, Provenance.ESTIMATED})


def counted(steps: Iterable[SurveyStep]) -> list[SurveyStep]:
    """The steps that may enter a score, in the order of time."""
    scored = (step for step in steps if step.provenance not in NEVER_SCORED)
    return sorted(scored, key=attrgetter("time"))


def latest_answers(steps: Iterable[SurveyStep]) -> list[SurveyStep]:
    """One answer per instrument, question, about and touchpoint: the latest wins. They keep the
    order of the steps.
    """
    latest: dict[tuple[object, ...], SurveyStep] = {}
    for step in steps:
        if step.action is Action.ANSWERED and step.answer is not None:
            question = (step.instrument, step.construct, step.about, step.touchpoint)
            latest.pop(question, None)
            latest[question] = step
    return list(latest.values())


def answered_offers(steps: list[SurveyStep]) -> Iterator[tuple[SurveyStep, bool]]:
    """Each offer, and whether it was answered: by its offer id where it has one, else by any
    answer to that instrument at or after it.
    """
    answers = [step for step in steps if step.action is Action.ANSWERED]
    for offer in steps:
        if offer.action is Action.OFFERED:
            yield offer, any(_answers(answer, offer) for answer in answers)


def _answers(answer: SurveyStep, offer: SurveyStep) -> bool:
    if answer.instrument != offer.instrument:
        return False
    if offer.offer_id is not None:
        return answer.offer_id == offer.offer_id
    return answer.time >= offer.time
