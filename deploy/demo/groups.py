"""What is told of many at once: what a group said one evening, and what was tallied on paper."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.desks import Desk, source_of
from deploy.demo.facts import Call, Glimpse, Opinion
from deploy.demo.noise import Seen, Span
from deploy.demo.story import Sending
from deploy.demo.surveys import chosen, drawn, form, mentions
from schemas.vocabulary import About, Action, Channel, ContactReason, Provenance

_EVERY = timedelta(days=5)
_AT = timedelta(hours=18, minutes=10)
_TOLD = (Provenance.MODERATED, Provenance.ESTIMATED)
_PLACE = "guidance"


@dataclass(frozen=True)
class _Evening:
    """Who tells of many, where, when and how they know."""

    rng: Random
    desk: Desk
    told: Provenance
    at: datetime

    def tells(self) -> Iterator[Seen]:
        """What they answered and named, of the whole and of a page, and why they called."""
        for about in (About.JOURNEY, About.TOUCHPOINT):
            yield self._answer(about)
            yield self._theme(about)
        why = self.rng.choice((None, *ContactReason))
        call = Call(self.at, Channel.PHONE, why, self.rng.choice((True, None)))
        yield self._call(call, {})
        # One by one, of somebody whose number is known: told beside all the same.
        yield self._call(replace(call, avoidable=None), {"citizen": f"{self.told}-guest"})

    def _call(self, call: Call, who: Mapping[str, str]) -> Seen:
        noted = {"reason": call.reason, "avoidable": call.avoidable}
        more = {"contact": {word: said for word, said in noted.items() if said is not None}}
        return self._seen("help-phone", Action.CONTACTED, {**more, **who}, call=call)

    def _answer(self, about: About) -> Seen:
        survey = self._survey(about)
        question = self.desk.service.by_instrument[survey].constructs[0]
        answer = drawn(self.rng, question, 3.2)
        said = {"about": about, "instrument": survey, **form(question, answer)}
        opinion = Opinion(
            self.at,
            survey,
            question.wording,
            answer,
            question.construct,
            question.scale,
            about,
            _PLACE,
        )
        return self._seen(_PLACE, Action.ANSWERED, {"feedback": said}, opinion=opinion)

    def _theme(self, about: About) -> Seen:
        mood = self.rng.choice((2.0, 4.0))
        themes = chosen(self.rng, self.desk.sender, mood)
        said = {"about": about, "instrument": self._survey(about), **mentions(themes, mood)}
        more = {"feedback": said}
        return self._seen(_PLACE, Action.ANSWERED, more, themes=themes, about=about)

    def _survey(self, about: About) -> str:
        desk = self.desk
        return desk.page_survey if about is About.TOUCHPOINT else desk.journey_survey

    def _seen(self, place: str, action: Action, more: Mapping[str, Any], **facts: Any) -> Seen:
        desk, at = self.desk, self.at
        times = 1 if "citizen" in more else self.rng.randint(3, 14)
        channel = Channel.PHONE if action is Action.CONTACTED else Channel.EMAIL
        where = {"service": desk.service.id, "touchpoint": place, "channel": channel}
        data = {**where, "action": action, "count": times, "provenance": self.told, **more}
        name = f"{self.told}-{desk.sender}-{self.rng.getrandbits(64):016x}"
        known = {"provenance": self.told, "times": times, **facts}
        seen = Glimpse(desk.service.id, place, at, action, channel, **known)
        return Sending(source_of(desk, channel, place), name, at, at, data), seen


def groups(rng: Random, span: Span, desks: Sequence[Desk]) -> list[Seen]:
    """Every few days somebody writes up what a group said, and somebody guesses the same."""
    begin, end = span
    evenings = (begin + number * _EVERY + _AT for number in range((end - begin) // _EVERY))
    return [
        seen
        for at in evenings
        for desk in desks
        for told in _TOLD
        for seen in _Evening(rng, desk, told, at).tells()
    ]
