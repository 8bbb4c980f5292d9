"""The help that people had to seek."""

from collections.abc import Iterator
from datetime import timedelta

from deploy.demo.facts import Call, Glimpse, JourneyTruth
from deploy.demo.truth.parts import Part, named
from schemas.vocabulary import COMPLETE_OUTCOMES, Identity, Outcome

_REPEATED = {"7d": timedelta(days=7), "28d": timedelta(days=28)}
_AFTERMATH = timedelta(days=28)
_SOLVED = COMPLETE_OUTCOMES | {Outcome.INFORMED}


def of_journey(journey: JourneyTruth) -> Iterator[Part]:
    """The contacts of one journey, and what they led to."""
    for call in journey.calls:
        yield from _one(call, 1)
        if journey.identity is Identity.LINKED:
            for name, within in _REPEATED.items():
                is_repeat = call.follows is not None and call.follows <= within
                yield Part(f"repeat_contact_rate.{name}", call.time, int(is_repeat))
    is_complete = int(journey.outcome in COMPLETE_OUTCOMES)
    yield Part("contacts_per_resolved", journey.ended, len(journey.calls), is_complete)
    in_time = [c for c in journey.calls if c.time <= journey.ended + _AFTERMATH]
    if in_time:
        is_only = len(in_time) == 1 and in_time[0].time <= journey.ended
        solved = int(is_only and journey.outcome in _SOLVED)
        yield Part("first_contact_resolution", journey.ended, solved)


def of_glimpse(glimpse: Glimpse) -> Iterator[Part]:
    """A contact of somebody without a name."""
    if glimpse.call is not None:
        yield from _one(glimpse.call, glimpse.times)


def _one(call: Call, times: int) -> Iterator[Part]:
    at, why = call.time, named(reason=call.reason or "none")
    known = {None: "unknown", True: "yes", False: "no"}[call.avoidable]
    yield Part("contacts", at, times, times, None, named(channel=call.channel))
    yield Part("contacts.by_reason", at, times, times, known, why, times=times)
    avoidable = times if call.avoidable else 0
    of = 0 if call.avoidable is None else times
    yield Part("avoidable_contact_share", at, avoidable, of)
    yield Part("avoidable_contact_share.by_reason", at, avoidable, of, dimensions=why)
    # Of unlinked people nobody keeps whether they got through.
    if call.reached is not None:
        yield Part("help_reachability", at, int(call.reached))
