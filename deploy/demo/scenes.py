"""Scenes: the parts that several plots share, and how long they take."""

from datetime import datetime, timedelta
from typing import Any

from deploy.demo.facts import Call
from deploy.demo.story import Telling
from deploy.demo.surveys import asks_there
from schemas.vocabulary import Channel, ContactReason, Outcome

_LETTERS = (Channel.POST, Channel.EMAIL)
_HELP = (
    ("help-phone", Channel.PHONE),
    ("help-phone", Channel.PHONE),
    ("help-counter", Channel.IN_PERSON),
)


def later(t: Telling, at: datetime, low: float, high: float) -> datetime:
    """Between `low` and `high` days later, on a whole second."""
    return at + timedelta(seconds=int(t.rng.uniform(low, high) * 86_400))


def soon(t: Telling, at: datetime) -> datetime:
    """Within half an hour: the same visit."""
    return at + timedelta(seconds=t.rng.randint(40, 1_500))


def screen(t: Telling) -> Channel:
    """A screen on which a form can be filled in."""
    return t.rng.choices(t.desk.digital_start, weights=[3, 2])[0]


def feels_the_need(t: Telling, at: datetime) -> datetime:
    """Need and information, each maybe; ends with an act of the citizen's."""
    need = t.desk.service.by_touchpoint[t.desk.need]
    if t.rng.random() < 0.5:
        at = soon(t, t.says(t.desk.need, t.rng.choice(need.channels), at))
    return soon(t, reads(t, at, 0.15))


def reads(t: Telling, at: datetime, asked: float, mood: float = 3.6) -> datetime:
    """Guidance on a screen, and of a share of the readers the question how that was."""
    channel = t.rng.choice((Channel.WEBSITE, Channel.MOBILE_APP))
    t.says("guidance", channel, at)
    if t.rng.random() < asked:
        at = asks_there(t, "guidance", channel, at, mood)
    return at


def asks_for_help(t: Telling, at: datetime, reason: ContactReason) -> datetime:
    """Calls or comes by. Nobody notes everything about every contact."""
    place, channel = t.rng.choice(_HELP)
    avoidable = t.rng.choices((True, False, None), weights=[4, 5, 1])[0]
    reached = t.rng.choices((True, False, None), weights=[7, 1, 2])[0]
    noted = None if t.rng.random() < 0.05 else reason
    return t.asks(place, Call(at, channel, noted, avoidable, reached))


def opens_the_form(t: Telling, at: datetime, **more: Any) -> datetime:
    """The transaction begins."""
    t.says(t.desk.start, screen(t), at, **more)
    t.begins(at)
    return at


def saves_the_form(t: Telling, at: datetime, **more: Any) -> datetime:
    """A saved draft, and of some the question how that went."""
    channel = screen(t)
    t.says(t.desk.draft, channel, at, **more)
    if t.rng.random() < 0.12:
        at = asks_there(t, t.desk.draft, channel, at, 3.0)
    return at


def sends_the_form(
    t: Telling, at: datetime, channel: Channel | None = None, **more: Any
) -> datetime:
    """From here on the service's own reference is known."""
    t.who.setdefault("case", f"{t.desk.sender}-{t.rng.getrandbits(48):012x}")
    t.says(t.desk.sent, channel or screen(t), at, **more)
    t.submits(at)
    return at


def applies(t: Telling, at: datetime) -> datetime:
    """Start to sent in one go, with a saved draft and a call in between for some."""
    at = soon(t, opens_the_form(t, at))
    if t.rng.random() < 0.6:
        at = soon(t, saves_the_form(t, at))
    if t.rng.random() < 0.2:
        at = soon(t, asks_for_help(t, at, ContactReason.CLARIFY))
    if t.desk.pay is not None:
        at = soon(t, t.says(t.desk.pay, screen(t), at))
    return sends_the_form(t, at)


def handles(t: Telling, at: datetime) -> datetime:
    """The agency's days, its own steps, a call from some who wait, a second one from a few.
    Returns when it is done.
    """
    done = later(t, at, *t.desk.days)
    handled = t.desk.service.by_touchpoint[t.desk.handled]
    for _ in range(t.rng.randint(0, 3)):
        t.says(t.desk.handled, handled.channels[-1], _between(t, at, done, 0.1, 0.9))
    if t.rng.random() < 0.25:
        asks_for_help(t, _between(t, at, done, 0.5, 0.7), ContactReason.CHASE)
        if t.rng.random() < 0.3:
            asks_for_help(t, _between(t, at, done, 0.75, 0.95), ContactReason.CHASE)
    return done


def _between(t: Telling, begin: datetime, end: datetime, low: float, high: float) -> datetime:
    return begin + timedelta(seconds=int(t.rng.uniform(low, high) * (end - begin).total_seconds()))


def decides(t: Telling, at: datetime, outcome: Outcome) -> datetime:
    """The decision, which ends the journey."""
    told = {} if outcome is Outcome.SUCCESS else {"outcome": outcome}
    t.says(t.desk.decided, t.rng.choice(_LETTERS), at, **told)
    t.states(decided=t.truth.decided or at)
    t.ends(outcome, at)
    return at


def sends_back(t: Telling, at: datetime) -> datetime:
    """The agency asks for something that is missing."""
    return t.says(t.desk.returned, t.rng.choice(_LETTERS), at)


def resumes(t: Telling, at: datetime) -> datetime:
    """The draft is taken up again."""
    t.says(t.desk.draft, screen(t), at, action="resumed")
    t.states(resumed=t.truth.resumed + 1)
    return at


def comes_back_to_it(t: Telling, at: datetime) -> None:
    """A question or a complaint after the end, for some: it attaches and moves nothing."""
    if t.rng.random() < 0.3:
        after = t.desk.service.by_touchpoint[t.desk.after]
        t.says(t.desk.after, t.rng.choice(after.channels), later(t, at, 0.5, 4))
    if t.rng.random() < 0.08:
        asks_for_help(t, later(t, at, 0.5, 6), ContactReason.COMPLAINT)
