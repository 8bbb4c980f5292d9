"""Scenes in which somebody is asked how it was: what the form asks, and what they answer.

Answers are drawn from a mood on 1 to 5, brought to the question's own scale.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.facts import Dismissal, Offer, Opinion
from deploy.demo.story import Telling
from deploy.demo.words import own_words
from schemas.instrument import Instrument, Question
from schemas.vocabulary import SCALE_RANGE, About, Action, Channel, Driver, Initiator, Polarity

_FATES, _WEIGHTS = (Action.ANSWERED, Action.DISMISSED, None), (5, 2, 3)
# Each form offers its own drivers: one that is not offered has no answer, which is not a no.
_OFFERED = {
    "permit": (Driver.EFFECTIVENESS, Driver.EASE, Driver.EFFICIENCY, Driver.TRANSPARENCY),
    "claim": (Driver.EFFECTIVENESS, Driver.EASE, Driver.HUMANITY, Driver.EMPLOYEE),
    "passport": (Driver.EASE, Driver.EFFICIENCY, Driver.EMPLOYEE, Driver.OTHER),
}


def rates(t: Telling, at: datetime, mood: float) -> None:
    """Some get a survey about the journey, and a few more one about the agency, where
    it asks."""
    if t.rng.random() < 0.55:
        asking = _Asking.by(t, t.desk.journey_survey, ("survey", Channel.EMAIL), mood)
        asking.offers(offered := at + _days(t, 0.02, 1.5), offered + _days(t, 0.001, 2))
    if t.desk.agency_survey in t.desk.service.by_instrument and t.rng.random() < 0.2:
        asking = _Asking.by(t, t.desk.agency_survey, ("survey", Channel.SMS), mood)
        asking.offers(offered := at + _days(t, 0.02, 1.5), offered + _days(t, 0.001, 2))


def asks_there(t: Telling, place: str, channel: Channel, at: datetime, mood: float) -> datetime:
    """A place where the person was at `at` asks how it was; the answer may be joined. Returns the
    person's last act, which being asked is not.
    """
    offered = at + timedelta(seconds=t.rng.randint(10, 90))
    reply = offered + timedelta(seconds=t.rng.randint(20, 400))
    asking = _Asking.by(t, t.desk.step_survey, (place, channel), mood)
    return reply if asking.offers(offered, reply) else at


@dataclass(frozen=True)
class _Asking:
    """One survey, offered once to one person in some mood."""

    telling: Telling
    survey: Instrument
    place: str
    channel: Channel
    mood: float
    offer_id: str

    @classmethod
    def by(cls, t: Telling, survey: str, where: tuple[str, Channel], mood: float) -> "_Asking":
        instrument = t.desk.service.by_instrument[survey]
        return cls(t, instrument, *where, mood, f"o-{t.rng.getrandbits(40):x}")

    def offers(self, at: datetime, reply: datetime) -> bool:
        """Offers it at `at`; whether the person reacted, at `reply`."""
        t, survey = self.telling, self.survey.id
        fate = t.rng.choices(_FATES, weights=_WEIGHTS)[0]
        self._says(Action.OFFERED, at, {})
        offer = Offer(at, survey, self.channel, fate is Action.ANSWERED)
        t.states(offers=(*t.truth.offers, offer))
        if fate is Action.DISMISSED:
            self._says(Action.DISMISSED, reply, {})
            t.states(dismissals=(*t.truth.dismissals, Dismissal(reply, survey)))
        elif fate is Action.ANSWERED:
            self._answers(reply)
        return fate is not None

    def _answers(self, at: datetime) -> None:
        """The first question and some of the others; a few answer the first one again."""
        t = self.telling
        first, *others = self.survey.constructs
        for question in (first, *t.rng.sample(others, min(len(others), 3))):
            self._answer(question, at)
        if self.survey.about is About.JOURNEY and t.rng.random() < 0.06:
            self._answer(first, at + _days(t, 0.01, 0.5))

    def _answer(self, question: Question, at: datetime) -> None:
        t, mood = self.telling, self.mood
        answer = drawn(t.rng, question, mood)
        is_first = question is self.survey.constructs[0]
        drivers = chosen(t.rng, t.desk.sender, mood) if is_first and t.rng.random() < 0.7 else None
        opinion = Opinion(
            at,
            self.survey.id,
            question.wording,
            answer,
            question.construct,
            question.scale,
            self.survey.about,
            self.place,
            drivers,
        )
        words = own_words(t.rng, mood) if is_first else {}
        said = {**form(question, answer), **mentions(drivers, mood)}
        self._says(Action.ANSWERED, at, said, words)
        t.states(opinions=(*t.truth.opinions, opinion))

    def _says(
        self, action: Action, at: datetime, said: Mapping[str, Any], words: Mapping[str, str] = {}
    ) -> None:
        feedback = {"instrument": self.survey.id, "offer_id": self.offer_id, **said}
        who = Initiator.SYSTEM if action is Action.OFFERED else Initiator.CITIZEN
        more = {"action": action, "initiator": who, "feedback": feedback}
        self.telling.says(self.place, self.channel, at, **more, **words)


def drawn(rng: Random, question: Question, mood: float) -> int:
    """An answer on the question's scale in a mood on 1 to 5."""
    low, high = SCALE_RANGE[question.scale]
    exact = low + (rng.gauss(mood, 0.9) - 1) / 4 * (high - low)
    return max(low, min(high, round(exact)))


def form(question: Question, answer: int) -> dict[str, Any]:
    """A question and its answer as a form sends them."""
    return {
        "construct": question.construct,
        "scale": question.scale,
        "wording": question.wording,
        "answer": answer,
    }


def chosen(rng: Random, sender: str, mood: float) -> dict[Driver, Polarity | None]:
    """Of the drivers a form offered, which were chosen, and as what."""
    side = Polarity.POSITIVE if mood >= 3 else Polarity.NEGATIVE
    offered: Sequence[Driver] = _OFFERED[sender]
    return {driver: side if rng.random() < 0.4 else None for driver in offered}


def mentions(drivers: Mapping[Driver, Polarity | None] | None, mood: float) -> dict[str, Any]:
    """The same as a form sends them: 1 is chosen, 0 offered and not; others are absent."""
    if drivers is None:
        return {}
    asked = Polarity.POSITIVE if mood >= 3 else Polarity.NEGATIVE
    told = [
        {"driver": driver, "polarity": side or asked, "chosen": int(side is not None)}
        for driver, side in drivers.items()
    ]
    return {"drivers": told}


def _days(t: Telling, low: float, high: float) -> timedelta:
    return timedelta(seconds=int(t.rng.uniform(low, high) * 86_400))
