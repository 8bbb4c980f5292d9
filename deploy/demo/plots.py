"""The plots: each tells one way a journey goes, event by event, and states how it ended.

A plot takes a Telling and the instant at which the need arises. Its silences are measured from what
the plot itself said last, with the catalogue's windows. The module is one thing: the list of all
ways, which is why it is long.
"""

from collections.abc import Callable
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

Plot = Callable[[Telling, datetime], None]


def _concludes(t: Telling, at: datetime, mood: float) -> None:
    rates(t, at, mood)
    comes_back_to_it(t, at)


def looks_around(t: Telling, at: datetime) -> None:
    """Only a question: informed, once nothing has followed for the gap."""
    at = feels_the_need(t, at)
    for _ in range(t.rng.randint(0, 3)):
        at = reads(t, later(t, at, 0.01, 2), 0)
    if t.rng.random() < 0.3:
        reason = t.rng.choice((ContactReason.NEW_NEED, ContactReason.WRONG_PLACE))
        at = asks_for_help(t, later(t, at, 0.01, 1), reason)
    else:
        at = reads(t, soon(t, at), 0.4)
        if t.rng.random() < 0.15:
            at = asks_for_help(t, later(t, at, 0.01, 1), ContactReason.CLARIFY)
    t.ends(Outcome.INFORMED, at + t.desk.windows.journey_gap)


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


def gives_up(t: Telling, at: datetime) -> None:
    """Starts, maybe calls, and is not heard of again: abandoned at the end of the gap."""
    if t.rng.random() < 0.6:
        at = feels_the_need(t, at)
    at = opens_the_form(t, at)
    if t.rng.random() < 0.4:
        at = asks_for_help(t, later(t, at, 0.01, 3), ContactReason.ERROR)
    at += t.desk.windows.journey_gap
    t.ends(Outcome.ABANDONED, at)
    if t.rng.random() < 0.3:
        rates(t, at, 1.9)


def forgets_the_draft(t: Telling, at: datetime) -> None:
    """A saved form that nobody comes back to: expired at the time limit."""
    at = saves_the_form(t, soon(t, opens_the_form(t, at)))
    t.ends(Outcome.EXPIRED, at + t.desk.windows.time_limit)


def leaves_the_letter(t: Telling, at: datetime) -> None:
    """Was asked for more and never answers: expired, counted from the request."""
    at = sends_back(t, handles(t, applies(t, at)))
    t.ends(Outcome.EXPIRED, at + t.desk.windows.time_limit)


def is_kept_waiting(t: Telling, at: datetime) -> None:
    """The agency never decides: undecided, which is not the citizen's doing."""
    at = applies(t, at)
    asks_for_help(t, later(t, at, 3, 9), ContactReason.CHASE)
    t.ends(Outcome.UNDECIDED, at + t.desk.windows.decision_limit)


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


def takes_it_back(t: Telling, at: datetime) -> None:
    """Withdraws what was sent."""
    at = later(t, applies(t, at), 0.5, 3)
    t.says(t.desk.withdrawn, Channel.WEBSITE, at, action="withdrawn")
    t.ends(Outcome.WITHDRAWN, at)
    rates(t, at, 3.0)


def belongs_elsewhere(t: Telling, at: datetime) -> None:
    """Another service has to do it: transferred."""
    at = later(t, applies(t, at), 0.5, 4)
    handled = t.desk.service.by_touchpoint[t.desk.handled]
    t.says(
        t.desk.handled, handled.channels[-1], at, action="transferred", transferred_to="tax-office"
    )
    t.ends(Outcome.TRANSFERRED, at)
    rates(t, at, 2.5)


def meets_an_error(t: Telling, at: datetime) -> None:
    """The form breaks."""
    channel = screen(t)
    at = soon(t, saves_the_form(t, soon(t, opens_the_form(t, at))))
    t.says(t.desk.draft, channel, at, action="failed")
    t.ends(Outcome.ERROR, at)
    rates(t, at, 1.6)


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


# How many of a hundred or so go which way.
PLOTS: tuple[tuple[Plot, int], ...] = (
    (looks_around, 16),
    (gets_it, 26),
    (is_refused, 6),
    (is_sent_back, 7),
    (does_it_on_the_spot, 8),
    (is_helped_on_a_screen, 4),
    (gives_up_the_screen, 4),
    (goes_in_circles, 4),
    (calls_again_and_again, 2),
    (is_told_no_need, 3),
    (gives_up, 9),
    (forgets_the_draft, 4),
    (leaves_the_letter, 2),
    (is_kept_waiting, 3),
    (is_decided_too_late, 1),
    (returns_from_the_dead, 1),
    (comes_back_to_the_draft, 6),
    (takes_it_back, 2),
    (belongs_elsewhere, 2),
    (meets_an_error, 2),
    (wins_the_appeal, 1),
    (writes_on_paper, 6),
)
# A visitor without an account, and a file that only has a number, can do these.
OF_VISITORS: tuple[tuple[Plot, int], ...] = (
    (looks_around, 5),
    (gives_up, 3),
    (does_it_on_the_spot, 2),
)
OF_CASES: tuple[tuple[Plot, int], ...] = ((writes_on_paper, 1),)
