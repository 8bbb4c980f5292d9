"""Whether a visitor goes through pages as no human does: too fast, or as regular as a clock.

Told from when the views happened, never from when they arrived: a client that was offline, or that
tries again, sends much at once. What a human may do in bad luck is no sign: to click fast, to
reload, to leave a page open that renews itself.
"""

from bisect import bisect_left
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from schemas.control import LIVE
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Action, Channel, IdentityKind, Initiator, Quality
from services.ingest.domain.submission import Submission

# Nobody loads four pages in each second of a whole minute.
MOST_IN_A_MINUTE = 240
# Nobody turns so many pages without once being a tenth slower or faster.
IN_STEP = 30
_TOLERANCE = 0.1
# Faster than this, whole seconds make the steps of a quick hand look alike.
_SLOWEST_HAND_SECONDS = 2.0
_MINUTE_SECONDS = 60.0
_PERSONS = (IdentityKind.CITIZEN, IdentityKind.VISITOR)


class Sign(StrEnum):
    """By what a machine is told."""

    RATE = "rate"
    RHYTHM = "rhythm"


class View(NamedTuple):
    """A page was viewed. `page` only tells it from others."""

    at: float
    page: int


def view(submission: Submission, record: TouchpointRecord, *, is_alone: bool) -> View | None:
    """The view of a page that may be judged; None for all else.

    On the website only: at a kiosk or a counter one device serves many. Of live clocks only: times
    of an imported log may be as coarse as a day. Without a time it happened when it arrived, unless
    it came with others; with a time that is ahead of ours nothing is known.
    """
    event = record.data
    is_timed = is_alone if submission.time is None else not event.clock_skew
    is_of_a_person = (
        event.clock == LIVE
        and event.quality is Quality.VALID
        and event.identity_kind in _PERSONS
        and event.initiator is Initiator.CITIZEN
    )
    is_of_a_page = (
        event.channel is Channel.WEBSITE
        and event.action is Action.VISITED
        and submission.address != ""
    )
    if not (is_of_a_person and is_of_a_page and is_timed):
        return None
    return View(record.time.timestamp(), hash((submission.address, event.touchpoint)))


def seen(views: tuple[View, ...], one: View) -> tuple[View, ...]:
    """The newest views with this one among them, in the order of their times; a repeat of one is
    that one.
    """
    place = bisect_left(views, one)
    if views[place : place + 1] == (one,):
        return views
    return (*views[:place], one, *views[place:])[-MOST_IN_A_MINUTE - 1 :]


def sign(views: Sequence[View]) -> Sign | None:
    """What tells that a machine views; None when a human may."""
    if len(views) > MOST_IN_A_MINUTE and views[-1].at - views[0].at < _MINUTE_SECONDS:
        return Sign.RATE
    return Sign.RHYTHM if _is_in_step(views[-IN_STEP - 1 :]) else None


def _is_in_step(views: Sequence[View]) -> bool:
    if len(views) <= IN_STEP:
        return False
    mean = (views[-1].at - views[0].at) / IN_STEP
    return mean >= _SLOWEST_HAND_SECONDS and all(
        abs(later.at - earlier.at - mean) <= mean * _TOLERANCE and later.page != earlier.page
        for earlier, later in pairwise(views)
    )
