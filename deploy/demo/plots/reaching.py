"""The ways on which the service does in the end what it should, however crooked."""

from datetime import datetime, timedelta

from deploy.demo.scenes import (
    applies,
    asks_for_help,
    comes_back_to_it,
    decides,
    feels_the_need,
    handles,
    later,
    opens_the_form,
    reads,
    resumes,
    saves_the_form,
    screen,
    sends_back,
    sends_the_form,
    soon,
)
from deploy.demo.story import Telling
from deploy.demo.surveys import rates
from schemas.vocabulary import Channel, ContactReason, Outcome


def _concludes(t: Telling, at: datetime, mood: float) -> None:
    rates(t, at, mood)
    comes_back_to_it(t, at)


def gets_it(t: Telling, at: datetime) -> None:
    """Applies, waits, receives."""
    if t.rng.random() < 0.6:
        at = feels_the_need(t, at)
    at = decides(t, handles(t, applies(t, at)), Outcome.SUCCESS)
    _concludes(t, at, 4.2)


def is_refused(t: Telling, at: datetime) -> None:
    """A correct decision, but not the one hoped for: the service did what it should."""
    at = decides(t, handles(t, applies(t, feels_the_need(t, at))), Outcome.NEGATIVE_BUT_CORRECT)
    _concludes(t, at, 2.3)


def is_sent_back(t: Telling, at: datetime) -> None:
    """Something is missing: the turn goes back and forth, then a decision."""
    at = sends_back(t, handles(t, applies(t, at)))
    at = sends_the_form(t, later(t, at, 0.2, 6))
    at = decides(t, handles(t, at), Outcome.SUCCESS)
    _concludes(t, at, 3.1)


def does_it_on_the_spot(t: Telling, at: datetime) -> None:
    """Finished in one sitting, without anybody deciding."""
    at = soon(t, saves_the_form(t, soon(t, opens_the_form(t, at))))
    t.says(t.desk.sent, screen(t), at, action="completed")
    t.ends(Outcome.SUCCESS, at)
    rates(t, at, 4.5)


def is_helped_on_a_screen(t: Telling, at: datetime) -> None:
    """Cannot do it alone: somebody at the desk fills in the form on a screen with them."""
    at = soon(t, asks_for_help(t, at, ContactReason.NEW_NEED))
    at = soon(t, opens_the_form(t, at, assisted=True))
    at = sends_the_form(t, soon(t, saves_the_form(t, at, assisted=True)), assisted=True)
    t.states(is_assisted=True)
    _concludes(t, decides(t, handles(t, at), Outcome.SUCCESS), 4.3)


def gives_up_the_screen(t: Telling, at: datetime) -> None:
    """Begins on a screen, is stuck, calls, and finishes at the counter."""
    at = saves_the_form(t, soon(t, opens_the_form(t, feels_the_need(t, at))))
    at = asks_for_help(t, later(t, at, 0.01, 2), ContactReason.ERROR)
    at = sends_the_form(t, later(t, at, 0.01, 2), Channel.IN_PERSON)
    _concludes(t, decides(t, handles(t, at), Outcome.SUCCESS), 3.0)


def goes_in_circles(t: Telling, at: datetime) -> None:
    """Back to the guidance from every step, and on the phone in between."""
    at = soon(t, opens_the_form(t, feels_the_need(t, at)))
    at = soon(t, saves_the_form(t, soon(t, reads(t, at, 0.3, 2.4))))
    at = soon(t, asks_for_help(t, at, ContactReason.CLARIFY))
    at_rest = reads(t, at, 0)
    at = soon(t, at_rest)
    if t.rng.random() < 0.3:
        t.ends(Outcome.EXPIRED, at_rest + t.desk.windows.time_limit)
        return
    at = sends_the_form(t, soon(t, resumes(t, at)))
    _concludes(t, decides(t, handles(t, at), Outcome.SUCCESS), 2.6)


def calls_again_and_again(t: Telling, at: datetime) -> None:
    """Four calls about one matter, and a complaint when it is over."""
    at = applies(t, asks_for_help(t, at, ContactReason.NEW_NEED) + timedelta(minutes=9))
    done = handles(t, at)
    share = (done - at) / 4
    for part in (1, 2):
        asks_for_help(t, at + part * share + timedelta(seconds=7), ContactReason.CHASE)
    at = decides(t, done, Outcome.SUCCESS)
    asks_for_help(t, later(t, at, 0.1, 3), ContactReason.COMPLAINT)
    rates(t, at, 2.0)


def is_told_no_need(t: Telling, at: datetime) -> None:
    """The form itself says that there is nothing to apply for."""
    at = soon(t, opens_the_form(t, at))
    t.says(t.desk.start, Channel.WEBSITE, at, action="completed", outcome="negative_but_correct")
    t.ends(Outcome.NEGATIVE_BUT_CORRECT, at)


def is_decided_too_late(t: Telling, at: datetime) -> None:
    """The agency's limit had passed, then the decision came after all: the journey opens again."""
    at = applies(t, at)
    at += t.desk.windows.decision_limit
    decides(t, later(t, at, 2, 8), Outcome.SUCCESS)


def returns_from_the_dead(t: Telling, at: datetime) -> None:
    """A draft had expired; within the follow-up window its owner resumes it and goes on."""
    at = saves_the_form(t, soon(t, opens_the_form(t, at)))
    at = later(t, at + t.desk.windows.time_limit, 1, 5)
    at = resumes(t, at)
    decides(t, handles(t, sends_the_form(t, soon(t, at))), Outcome.SUCCESS)


def comes_back_to_the_draft(t: Telling, at: datetime) -> None:
    """Saves, sleeps on it, resumes, sends."""
    at = saves_the_form(t, soon(t, opens_the_form(t, at)))
    at = resumes(t, later(t, at, 0.3, 5))
    at = decides(t, handles(t, sends_the_form(t, soon(t, at))), Outcome.SUCCESS)
    _concludes(t, at, 3.9)


def wins_the_appeal(t: Telling, at: datetime) -> None:
    """Refused, then decided again in the same case: the outcome is corrected, the end stays."""
    at = applies(t, at)
    at = decides(t, handles(t, at), Outcome.NEGATIVE_BUT_CORRECT)
    ended = t.truth.ended
    decides(t, later(t, at, 2, 12), Outcome.SUCCESS)
    t.ends(Outcome.SUCCESS, ended)


def writes_on_paper(t: Telling, at: datetime) -> None:
    """A form on paper: it begins with `submitted`, and the post room types it in weeks later."""
    slow = timedelta(days=t.rng.uniform(0.2, 0.6) * t.desk.windows.grace.days)
    t.who.setdefault("case", f"{t.desk.sender}-{t.rng.getrandbits(48):012x}")
    t.says(t.desk.sent, Channel.POST, at, late_by=slow)
    t.begins(at)
    t.submits(at)
    _concludes(t, decides(t, handles(t, at), Outcome.SUCCESS), 3.8)
