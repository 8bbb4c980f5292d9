"""What real channels add to the stories: crowds without a name, robots, repeats, disorder, late
and broken events. Each says what must become of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.desks import Desk, source_of
from deploy.demo.facts import Call, Glimpse, Opinion
from deploy.demo.story import Fate, Sending
from deploy.demo.surveys import chosen, drawn, form, mentions
from deploy.demo.words import own_words
from schemas.catalogue import Match
from schemas.instrument import Question
from schemas.vocabulary import About, Action, Channel, ContactReason, Quality, Reason

Span = tuple[datetime, datetime]
Seen = tuple[Sending, Glimpse]
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
_DAY = timedelta(days=1)
_GUIDANCE = ("guidance", Channel.WEBSITE)


def crowd(rng: Random, size: int, span: Span, desks: Sequence[Desk]) -> list[Seen]:
    """People without any identifier: they look at pages and rate them; some are robots or tests."""
    seen: list[Seen] = []
    for number in range(size):
        desk, at, name = rng.choice(desks), _moment(rng, span), f"crowd-{number}"
        kind = rng.random()
        if kind < 0.22:
            seen += _page_feedback(rng, desk, name, at)
        elif kind < 0.27:
            seen.append(_nobody(rng, desk, name, at))
        elif kind < 0.29:
            seen.append(_nowhere(desk, name, at))
        else:
            seen.append(_passer_by(rng, desk, name, at))
    return seen


def too_late(rng: Random, size: int, span: Span, desks: Sequence[Desk]) -> list[Sending]:
    """Events that arrive when their time can no longer be counted: older than the grace."""
    told = []
    for number in range(size):
        desk = rng.choice(desks)
        delivered = _moment(rng, span)
        at = delivered - desk.windows.grace - timedelta(days=rng.randint(3, 9))
        if at - _DAY > span[0]:
            who = {"citizen": f"latecomer-{number}"}
            sent = _sending(desk, _GUIDANCE, f"late-{number}", at, who)
            told.append(replace(sent, delivered=delivered, fate=Fate.LATE))
    return told


def refused(rng: Random, size: int, span: Span, desks: Sequence[Desk]) -> list[Sending]:
    """Events that ingest must refuse, each for a reason known beforehand."""
    told = []
    for number in range(size):
        desk = rng.choice(desks)
        at = _moment(rng, span)
        wrong, reason = rng.choice(_WRONGS)
        sent = _sending(desk, _GUIDANCE, f"bad-{number}", at, {"citizen": f"refused-{number}"})
        data = {name: v for name, v in {**sent.data, **wrong}.items() if v is not None}
        told.append(replace(sent, data=data, fate=Fate.REJECTED, reason=reason))
    return told


def disorder(rng: Random, sendings: Sequence[Sending], span: Span) -> list[Sending]:
    """Some channels report a day or a few later (an app without a net); all within the grace."""
    moved = []
    for sending in sendings:
        roll = rng.random()
        is_slow = sending.delivered > sending.time  # the post, already weeks behind
        days = rng.randint(1, 6) if roll < 0.04 and not is_slow else 0
        delivered = min(sending.delivered + days * _DAY, span[1] - timedelta(seconds=1))
        moved.append(replace(sending, delivered=delivered))
    return moved


def duplicates(rng: Random, sendings: Sequence[Sending], span: Span) -> list[Sending]:
    """Some are sent again: at once, or by a nervous client a day later."""
    last = span[1] - timedelta(seconds=1)
    again = []
    for sending in sendings:
        roll = rng.random()
        if roll < 0.03:
            days = rng.choice((0, 0, 1, 2))
            again.append(sending.again(min(sending.delivered + days * _DAY, last)))
    return again


_WRONGS: tuple[tuple[Mapping[str, Any], Reason], ...] = (
    ({"service": "dog-licence"}, Reason.UNKNOWN_SERVICE),
    ({"touchpoint": "no-such-page"}, Reason.UNKNOWN_TOUCHPOINT),
    ({"channel": "telepathy"}, Reason.UNKNOWN_CHANNEL),
    ({"channel": "post"}, Reason.CHANNEL_NOT_ALLOWED),
    ({"action": "danced"}, Reason.UNKNOWN_ACTION),
    ({"outcome": "splendid"}, Reason.UNKNOWN_WORD),
    ({"service": None}, Reason.MISSING_FIELD),
    ({"colour": "blue"}, Reason.UNKNOWN_FIELD),
)


def _passer_by(rng: Random, desk: Desk, name: str, at: datetime) -> Seen:
    place = rng.choice(("guidance", "guidance", desk.need, desk.start, "help-phone"))
    touchpoint = desk.service.by_touchpoint[place]
    channel = rng.choice(touchpoint.channels)
    call, more = None, {}
    if touchpoint.action is Action.CONTACTED:
        call = _call(rng, at, channel)
        noted = {"reason": call.reason, "avoidable": call.avoidable}
        more = {"contact": {word: said for word, said in noted.items() if said is not None}}
    glimpse = Glimpse(desk.service.id, place, at, touchpoint.action, channel, call=call)
    sending = _sending(desk, (place, channel), name, at, more)
    if touchpoint.match and rng.random() < 0.4:
        sending = _without_saying_where(sending, rng.choice(touchpoint.match))
    return sending, glimpse


def _call(rng: Random, at: datetime, channel: Channel) -> Call:
    reason = rng.choice((None, ContactReason.NEW_NEED, ContactReason.WRONG_PLACE))
    return Call(at, channel, reason, rng.choice((True, False, None)))


def _without_saying_where(sending: Sending, rule: Match) -> Sending:
    """The event names no touchpoint; the catalogue's rule has to find it."""
    data = {name: v for name, v in sending.data.items() if name != "touchpoint"}
    found = rule.pattern.replace("*", "")
    if rule.type == "event":
        return replace(sending, data=data, type=found)
    return replace(sending, data=data, origin=f"https://www.example{found}")


def _nobody(rng: Random, desk: Desk, name: str, at: datetime) -> Seen:
    """A robot, or a test that names a person: counted by quality, joined to nothing."""
    sending = _sending(desk, _GUIDANCE, name, at, {"citizen": f"tester-{name}"})
    if rng.random() < 0.7:
        seen = Glimpse(desk.service.id, "guidance", at, quality=Quality.BOT_SUSPECTED)
        return replace(sending, attributes={"useragent": ROBOT}), seen
    seen = Glimpse(desk.service.id, "guidance", at, quality=Quality.TEST)
    return replace(sending, attributes={"test": "true"}), seen


def _nowhere(desk: Desk, name: str, at: datetime) -> Seen:
    """A page that no rule of the catalogue knows: the touchpoint `other`."""
    data = {"service": desk.service.id, "channel": Channel.WEBSITE}
    source = source_of(desk, Channel.WEBSITE, "other")
    sending = Sending(source, name, at, at, data, type="page.viewed")
    return sending, Glimpse(desk.service.id, "other", at)


def _page_feedback(rng: Random, desk: Desk, name: str, at: datetime) -> list[Seen]:
    """A page asks how it was. The answer stays unlinked even when the page knows who answers."""
    place = rng.choice(("guidance", desk.draft))
    at = at.replace(minute=rng.randrange(50))
    offer = {"about": "touchpoint", "instrument": desk.page_survey}
    seen = [_asked(desk, place, name, at, (Action.OFFERED, offer))]
    reply = at + timedelta(seconds=rng.randint(5, 300))
    fate = rng.choices(("answered", "dismissed", "left"), weights=[5, 2, 3])[0]
    if fate == "dismissed":
        seen.append(_asked(desk, place, f"{name}-no", reply, (Action.DISMISSED, offer)))
    elif fate == "answered":
        questions = desk.service.by_instrument[desk.page_survey].constructs
        seen += [
            _rated(rng, desk, question, (place, f"{name}-{question.construct}"), reply)
            for question in questions[: rng.randint(1, len(questions))]
        ]
    return seen


def _asked(
    desk: Desk, place: str, name: str, at: datetime, asked: tuple[Action, Mapping[str, Any]]
) -> Seen:
    action, feedback = asked
    more = {"action": action, "feedback": feedback}
    sending = _sending(desk, (place, Channel.WEBSITE), name, at, more)
    return sending, Glimpse(desk.service.id, place, at, action, instrument=desk.page_survey)


def _rated(rng: Random, desk: Desk, question: Question, met: tuple[str, str], at: datetime) -> Seen:
    """One answer; the first question stands for the whole form, and brings its drivers."""
    place, name = met
    mood = 3.6 if place == "guidance" else 2.9
    answer = drawn(rng, question, mood)
    is_first = question is desk.service.by_instrument[desk.page_survey].constructs[0]
    drivers = chosen(rng, desk.sender, mood) if is_first and rng.random() < 0.5 else None
    said = {"about": "touchpoint", "instrument": desk.page_survey, **mentions(drivers, mood)}
    seen = _asked(desk, place, name, at, (Action.ANSWERED, {**said, **form(question, answer)}))
    known = {"citizen": f"rater-{name}"} if rng.random() < 0.4 else {}
    words = own_words(rng, mood) if is_first else {}
    opinion = Opinion(
        at,
        desk.page_survey,
        question.wording,
        answer,
        question.construct,
        question.scale,
        About.TOUCHPOINT,
        place,
        drivers,
    )
    sending = replace(seen[0], data={**seen[0].data, **known, **words})
    return sending, replace(seen[1], opinion=opinion, is_first=is_first)


def _sending(
    desk: Desk, met: tuple[str, Channel], name: str, at: datetime, more: Mapping[str, Any]
) -> Sending:
    place, channel = met
    data = {"service": desk.service.id, "touchpoint": place, "channel": channel, **more}
    return Sending(source_of(desk, channel, place), name, at, at, data)


def _moment(rng: Random, span: Span) -> datetime:
    begin, end = span
    seconds = int((end - begin).total_seconds()) - 3_600
    return begin + timedelta(seconds=rng.randrange(seconds))
