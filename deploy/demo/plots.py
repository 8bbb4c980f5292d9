"""The plots: each tells one way a journey goes, event by event, and states how it ended.

A plot takes a Telling and the instant at which the need arises. Its silences are measured from what
the plot itself said last, with the catalogue's windows. The module is one thing: the list of all
ways, which is why it is long.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from deploy.demo.story import Offer, Opinion, Telling
from schemas.vocabulary import Channel, ContactReason, Outcome

Plot = Callable[[Telling, datetime], None]
_LETTERS = (Channel.POST, Channel.EMAIL)


# -- scenes: parts that several plots share ------------------------------------------------------
def _after(t: Telling, at: datetime, low: float, high: float) -> datetime:
    """Between `low` and `high` days later, on a whole second."""
    return at + timedelta(seconds=int(t.rng.uniform(low, high) * 86_400))


def _soon(t: Telling, at: datetime) -> datetime:
    return at + timedelta(seconds=t.rng.randint(40, 1_500))


def _screen(t: Telling) -> Channel:
    return t.rng.choices(t.desk.digital_start, weights=[3, 2])[0]


def _feels_the_need(t: Telling, at: datetime) -> datetime:
    """Need and information, each maybe; ends with an act of the citizen's."""
    need = t.desk.service.by_touchpoint[t.desk.need]
    if t.rng.random() < 0.5:
        at = _soon(t, t.says(t.desk.need, t.rng.choice(need.channels), at))
    return _soon(t, t.says("guidance", t.rng.choice((Channel.WEBSITE, Channel.MOBILE_APP)), at))


def _asks_for_help(t: Telling, at: datetime, reason: ContactReason) -> datetime:
    place, channel = t.rng.choice(
        (
            ("help-phone", Channel.PHONE),
            ("help-phone", Channel.PHONE),
            ("help-counter", Channel.IN_PERSON),
        )
    )
    return t.says(place, channel, at, contact={"reason": reason, "avoidable": t.rng.random() < 0.4})


def _opens_the_form(t: Telling, at: datetime) -> datetime:
    t.says(t.desk.start, _screen(t), at)
    t.begins(at, left_at=t.desk.start)
    return at


def _saves_the_form(t: Telling, at: datetime) -> datetime:
    t.says(t.desk.draft, _screen(t), at)
    t.states(left_at=t.desk.draft)
    return at


def _sends_the_form(t: Telling, at: datetime, channel: Channel | None = None) -> datetime:
    """From here on the service's own reference is known."""
    t.who.setdefault("case", f"{t.desk.sender}-{t.rng.getrandbits(48):012x}")
    t.says(t.desk.sent, channel or _screen(t), at)
    t.submits(at)
    return at


def _applies(t: Telling, at: datetime) -> datetime:
    """Start to sent in one go, with a saved draft and a call in between for some."""
    at = _soon(t, _opens_the_form(t, at))
    if t.rng.random() < 0.6:
        at = _soon(t, _saves_the_form(t, at))
    if t.rng.random() < 0.2:
        at = _soon(t, _asks_for_help(t, at, ContactReason.CLARIFY))
    if t.desk.pay is not None:
        at = _soon(t, t.says(t.desk.pay, _screen(t), at))
    return _sends_the_form(t, at)


def _handles(t: Telling, at: datetime) -> datetime:
    """The agency's days, its own steps, a call from some who wait. Returns when it is done."""
    done = _after(t, at, *t.desk.days)
    handled = t.desk.service.by_touchpoint[t.desk.handled]
    for _ in range(t.rng.randint(0, 3)):
        between = at + timedelta(seconds=int(t.rng.uniform(0.1, 0.9) * (done - at).total_seconds()))
        t.says(t.desk.handled, handled.channels[-1], between)
    if t.rng.random() < 0.25:
        chase = at + timedelta(seconds=int(t.rng.uniform(0.5, 0.95) * (done - at).total_seconds()))
        _asks_for_help(t, chase, ContactReason.CHASE)
    return done


def _decides(t: Telling, at: datetime, outcome: Outcome) -> datetime:
    told = {} if outcome is Outcome.SUCCESS else {"outcome": outcome}
    t.says(t.desk.decided, t.rng.choice(_LETTERS), at, **told)
    t.states(decided=t.truth.decided or at)
    t.ends(outcome, at)
    return at


def _returns(t: Telling, at: datetime) -> datetime:
    return t.says(t.desk.returned, t.rng.choice(_LETTERS), at)


def _rates(t: Telling, at: datetime, mood: float) -> None:
    """Some get a survey about the journey: answered, dismissed or left alone."""
    if t.rng.random() > 0.55:
        return
    offered = _after(t, at, 0.02, 1.5)
    fate = t.rng.choices(("answered", "dismissed", "left"), weights=[5, 2, 3])[0]
    offer = Offer(offered, t.desk.journey_survey, fate == "answered", fate == "dismissed")
    reply = _after(t, offered, 0.001, 2)
    feedback = {
        "about": "journey",
        "instrument": offer.instrument,
        "offer_id": f"o-{t.rng.getrandbits(40):x}",
    }
    t.says("survey", Channel.EMAIL, offered, feedback=feedback)
    t.states(offers=(offer,))
    if fate == "dismissed":
        t.says(
            "survey",
            Channel.EMAIL,
            reply,
            action="dismissed",
            initiator="citizen",
            feedback=feedback,
        )
    elif fate == "answered":
        _answers(t, reply, feedback, mood)


def _answers(t: Telling, at: datetime, feedback: dict[str, Any], mood: float) -> None:
    """The latest answer is the one that counts."""
    wording = f"{t.desk.journey_survey}-en-1"
    question = {"construct": "satisfaction", "scale": "1..5", "wording": wording}
    for _ in range(2 if t.rng.random() < 0.06 else 1):
        answer = max(1, min(5, round(t.rng.gauss(mood, 0.9))))
        said = {**feedback, **question, "answer": answer}
        t.says("survey", Channel.EMAIL, at, action="answered", initiator="citizen", feedback=said)
        t.states(opinions=(Opinion(at, t.desk.journey_survey, wording, answer),))
        at = _after(t, at, 0.01, 0.5)


def _comes_back_to_it(t: Telling, at: datetime) -> None:
    """A question after the end, for some: it attaches and moves nothing."""
    if t.rng.random() < 0.3:
        after = t.desk.service.by_touchpoint[t.desk.after]
        t.says(t.desk.after, t.rng.choice(after.channels), _after(t, at, 0.5, 4))


def _concludes(t: Telling, at: datetime, mood: float) -> None:
    _rates(t, at, mood)
    _comes_back_to_it(t, at)


# -- the plots -----------------------------------------------------------------------------------
def looks_around(t: Telling, at: datetime) -> None:
    """Only a question: informed, once nothing has followed for the gap."""
    at = _feels_the_need(t, at)
    for _ in range(t.rng.randint(0, 3)):
        at = _after(t, at, 0.01, 2)
        t.says("guidance", Channel.WEBSITE, at)
    if t.rng.random() < 0.3:
        at = _asks_for_help(t, _after(t, at, 0.01, 1), ContactReason.NEW_NEED)
    else:
        t.says("guidance", Channel.WEBSITE, at := _soon(t, at))
    t.ends(Outcome.INFORMED, at + t.desk.windows.journey_gap)


def gets_it(t: Telling, at: datetime) -> None:
    """Applies, waits, receives."""
    if t.rng.random() < 0.6:
        at = _feels_the_need(t, at)
    at = _decides(t, _handles(t, _applies(t, at)), Outcome.SUCCESS)
    _concludes(t, at, 4.2)


def is_refused(t: Telling, at: datetime) -> None:
    """A correct decision, but not the one hoped for: the service did what it should."""
    at = _decides(t, _handles(t, _applies(t, _feels_the_need(t, at))), Outcome.NEGATIVE_BUT_CORRECT)
    _concludes(t, at, 2.3)


def is_sent_back(t: Telling, at: datetime) -> None:
    """Something is missing: the turn goes back and forth, then a decision."""
    at = _returns(t, _handles(t, _applies(t, at)))
    at = _sends_the_form(t, _after(t, at, 0.2, 6))
    at = _decides(t, _handles(t, at), Outcome.SUCCESS)
    _concludes(t, at, 3.1)


def does_it_on_the_spot(t: Telling, at: datetime) -> None:
    """Finished in one sitting, without anybody deciding."""
    at = _soon(t, _saves_the_form(t, _soon(t, _opens_the_form(t, at))))
    t.says(t.desk.sent, _screen(t), at, action="completed")
    t.ends(Outcome.SUCCESS, at)
    _rates(t, at, 4.5)


def is_told_no_need(t: Telling, at: datetime) -> None:
    """The form itself says that there is nothing to apply for."""
    at = _soon(t, _opens_the_form(t, at))
    t.says(t.desk.start, Channel.WEBSITE, at, action="completed", outcome="negative_but_correct")
    t.ends(Outcome.NEGATIVE_BUT_CORRECT, at)


def gives_up(t: Telling, at: datetime) -> None:
    """Starts, maybe calls, and is not heard of again: abandoned at the end of the gap."""
    if t.rng.random() < 0.6:
        at = _feels_the_need(t, at)
    at = _opens_the_form(t, at)
    if t.rng.random() < 0.4:
        at = _asks_for_help(t, _after(t, at, 0.01, 3), ContactReason.ERROR)
    t.ends(Outcome.ABANDONED, at + t.desk.windows.journey_gap)


def forgets_the_draft(t: Telling, at: datetime) -> None:
    """A saved form that nobody comes back to: expired at the time limit."""
    at = _saves_the_form(t, _soon(t, _opens_the_form(t, at)))
    t.ends(Outcome.EXPIRED, at + t.desk.windows.time_limit)


def leaves_the_letter(t: Telling, at: datetime) -> None:
    """Was asked for more and never answers: expired, counted from the request."""
    at = _returns(t, _handles(t, _applies(t, at)))
    t.ends(Outcome.EXPIRED, at + t.desk.windows.time_limit)


def is_kept_waiting(t: Telling, at: datetime) -> None:
    """The agency never decides: undecided, which is not the citizen's doing."""
    at = _applies(t, at)
    _asks_for_help(t, _after(t, at, 3, 9), ContactReason.CHASE)
    t.ends(Outcome.UNDECIDED, at + t.desk.windows.decision_limit)


def is_decided_too_late(t: Telling, at: datetime) -> None:
    """The agency's limit had passed, then the decision came after all: the journey opens again."""
    at = _applies(t, at)
    at += t.desk.windows.decision_limit
    _decides(t, _after(t, at, 2, 8), Outcome.SUCCESS)


def returns_from_the_dead(t: Telling, at: datetime) -> None:
    """A draft had expired; within the follow-up window its owner resumes it and goes on."""
    at = _saves_the_form(t, _soon(t, _opens_the_form(t, at)))
    at = _after(t, at + t.desk.windows.time_limit, 1, 5)
    at = _resumes(t, at)
    _decides(t, _handles(t, _sends_the_form(t, _soon(t, at))), Outcome.SUCCESS)


def comes_back_to_the_draft(t: Telling, at: datetime) -> None:
    """Saves, sleeps on it, resumes, sends."""
    at = _saves_the_form(t, _soon(t, _opens_the_form(t, at)))
    at = _resumes(t, _after(t, at, 0.3, 5))
    at = _decides(t, _handles(t, _sends_the_form(t, _soon(t, at))), Outcome.SUCCESS)
    _concludes(t, at, 3.9)


def _resumes(t: Telling, at: datetime) -> datetime:
    t.says(t.desk.draft, _screen(t), at, action="resumed")
    t.states(resumed=t.truth.resumed + 1)
    return at


def takes_it_back(t: Telling, at: datetime) -> None:
    """Withdraws what was sent."""
    at = _after(t, _applies(t, at), 0.5, 3)
    t.says(t.desk.withdrawn, Channel.WEBSITE, at, action="withdrawn")
    t.states(left_at=t.desk.withdrawn)
    t.ends(Outcome.WITHDRAWN, at)


def belongs_elsewhere(t: Telling, at: datetime) -> None:
    """Another service has to do it: transferred."""
    at = _after(t, _applies(t, at), 0.5, 4)
    handled = t.desk.service.by_touchpoint[t.desk.handled]
    t.says(
        t.desk.handled, handled.channels[-1], at, action="transferred", transferred_to="tax-office"
    )
    t.ends(Outcome.TRANSFERRED, at)


def meets_an_error(t: Telling, at: datetime) -> None:
    """The form breaks."""
    channel = _screen(t)
    at = _soon(t, _saves_the_form(t, _soon(t, _opens_the_form(t, at))))
    t.says(t.desk.draft, channel, at, action="failed")
    t.ends(Outcome.ERROR, at)


def wins_the_appeal(t: Telling, at: datetime) -> None:
    """Refused, then decided again in the same case: the outcome is corrected, the end stays."""
    at = _applies(t, at)
    at = _decides(t, _handles(t, at), Outcome.NEGATIVE_BUT_CORRECT)
    ended = t.truth.ended
    _decides(t, _after(t, at, 2, 12), Outcome.SUCCESS)
    t.ends(Outcome.SUCCESS, ended)


def writes_on_paper(t: Telling, at: datetime) -> None:
    """A form on paper: it begins with `submitted`, and the post room types it in weeks later."""
    slow = timedelta(days=t.rng.uniform(0.2, 0.6) * t.desk.windows.grace.days)
    t.who.setdefault("case", f"{t.desk.sender}-{t.rng.getrandbits(48):012x}")
    t.says(t.desk.sent, Channel.POST, at, late_by=slow)
    t.begins(at, left_at=t.desk.sent)
    t.submits(at)
    _concludes(t, _decides(t, _handles(t, at), Outcome.SUCCESS), 3.8)


# How many of a hundred or so go which way.
PLOTS: tuple[tuple[Plot, int], ...] = (
    (looks_around, 16),
    (gets_it, 26),
    (is_refused, 6),
    (is_sent_back, 7),
    (does_it_on_the_spot, 8),
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
