"""What a journey's surveys come to: which answers stand, what was chosen, which offers bore fruit.

Moderated and estimated steps are in no score and no n. One answer stands for each instrument,
question, about and touchpoint: the latest. The questions of one form are one survey, and the last
of its answers that brought drivers speaks for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.touchpoint_event import Feedback, TouchpointRecord
from schemas.vocabulary import Action, Driver, Polarity, Provenance
from tests.oracle.journeys import Journey

UNSCORED = (Provenance.MODERATED, Provenance.ESTIMATED)
NEITHER = "neutral"

Form = tuple[str, str, str]
"""Instrument, about and touchpoint: what tells one form of a journey from another."""


@dataclass(frozen=True)
class Said:
    """One step of a survey and what was asked or answered in it."""

    event: TouchpointRecord
    told: Feedback

    @property
    def form(self) -> Form:
        """The form it belongs to."""
        return self.told.instrument, self.told.about.value, self.event.data.touchpoint


def steps(journey: Journey, action: Action) -> list[Said]:
    """The steps of one kind that may be scored, in order."""
    return [
        Said(event, event.data.feedback)
        for event in journey.survey
        if event.data.feedback is not None
        and event.data.action is action
        and event.data.provenance not in UNSCORED
    ]


def standing_answers(journey: Journey) -> list[Said]:
    """The answers that stand, in the order of time."""
    answers = [said for said in steps(journey, Action.ANSWERED) if said.told.answer is not None]
    return [
        said
        for place, said in enumerate(answers)
        if not any(_question(later) == _question(said) for later in answers[place + 1 :])
    ]


def forms(journey: Journey) -> dict[Form, list[Said]]:
    """Of each survey that was answered, the answers that stand."""
    answers = standing_answers(journey)
    return {form: [said for said in answers if said.form == form] for form in _forms_of(answers)}


def drivers(journey: Journey) -> Iterator[tuple[Said, dict[Driver, str]]]:
    """Of each form that offered drivers, the answer that speaks for it, and how each was chosen."""
    for answers in forms(journey).values():
        speaking = [said for said in answers if said.told.drivers]
        if speaking:
            yield speaking[-1], sides(speaking[-1].told)


def sides(told: Feedback) -> dict[Driver, str]:
    """Each driver that was offered, and the side it was chosen on; on both is on neither."""
    chosen = {polarity: chosen_as(told, polarity) for polarity in Polarity}
    return {
        driver: next((p.value for p in Polarity if _is_only_on(p, driver, chosen)), NEITHER)
        for driver in {mention.driver for mention in told.drivers}
    }


def chosen_as(told: Feedback, polarity: Polarity) -> set[Driver]:
    """The drivers that were chosen on one side."""
    return {m.driver for m in told.drivers if m.chosen and m.polarity is polarity}


def bore_fruit(offer: Said, journey: Journey) -> bool:
    """Whether an offer was answered: by its id, or without one by any later answer to the same."""
    return any(
        said.told.instrument == offer.told.instrument
        and (
            said.told.offer_id == offer.told.offer_id
            if offer.told.offer_id is not None
            else said.event.time >= offer.event.time
        )
        for said in steps(journey, Action.ANSWERED)
    )


def _forms_of(answers: list[Said]) -> dict[Form, None]:
    return dict.fromkeys(said.form for said in answers)


def _question(said: Said) -> tuple[object, ...]:
    return (*said.form, said.told.construct)


def _is_only_on(side: Polarity, driver: Driver, chosen: dict[Polarity, set[Driver]]) -> bool:
    return [p for p in Polarity if driver in chosen[p]] == [side]
