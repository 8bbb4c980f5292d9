"""The ways that end without it: given up, forgotten, taken back, or never begun."""

from datetime import datetime

from deploy.demo.scenes import (
    applies,
    asks_for_help,
    feels_the_need,
    handles,
    later,
    opens_the_form,
    reads,
    saves_the_form,
    screen,
    sends_back,
    soon,
)
from deploy.demo.story import Telling
from deploy.demo.surveys import rates
from schemas.vocabulary import Channel, ContactReason, Outcome


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
