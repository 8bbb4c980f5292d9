"""The help that people had to seek."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from deploy.demo.facts import Call, Glimpse, JourneyTruth
from deploy.demo.truth.parts import Dimensions, Part, named
from schemas.vocabulary import COMPLETE_OUTCOMES, Identity, Outcome

_REPEATED = {"7d": timedelta(days=7), "28d": timedelta(days=28)}
_AFTERMATH = timedelta(days=28)
_SOLVED = COMPLETE_OUTCOMES | {Outcome.INFORMED}


def of_journey(journey: JourneyTruth) -> Iterator[Part]:
    """The contacts of one journey, and what they led to."""
    calls = sorted(journey.calls, key=lambda call: call.time)
    for call in calls:
        yield from _one(call, 1)
    if journey.identity is Identity.LINKED:
        for name, within in _REPEATED.items():
            yield from _repeats(f"repeat_contact_rate.{name}", calls, within)
    yield from _judged(calls)
    is_complete = int(journey.outcome in COMPLETE_OUTCOMES)
    both = (is_complete, len(calls))
    yield Part("contacts_per_resolved", journey.ended, len(calls), is_complete, cluster=both)
    in_time = [c for c in journey.calls if c.time <= journey.ended + _AFTERMATH]
    if in_time:
        is_only = len(in_time) == 1 and in_time[0].time <= journey.ended
        solved = int(is_only and journey.outcome in _SOLVED)
        yield Part("first_contact_resolution", journey.ended, solved)


def of_glimpse(glimpse: Glimpse) -> Iterator[Part]:
    """A contact of somebody without a name, who may have made no other."""
    if glimpse.call is not None:
        yield from _one(glimpse.call, glimpse.times)
        yield from _judged([glimpse.call], glimpse.times)


def _repeats(metric: str, calls: Sequence[Call], within: timedelta) -> Iterator[Part]:
    hits = [int(call.follows is not None and call.follows <= within) for call in calls]
    for call, hit in zip(calls, hits, strict=True):
        yield Part(metric, call.time, hit)
    if calls:
        yield _together(metric, calls, sum(hits))


def _judged(calls: Sequence[Call], times: int = 1) -> Iterator[Part]:
    """What a journey's contacts have in common counts at the first of them."""
    known = [call for call in calls if call.avoidable is not None]
    for reason in {call.reason for call in known}:
        alike = [call for call in known if call.reason is reason]
        why = named(reason=reason or "none")
        hits = sum(bool(call.avoidable) for call in alike)
        yield _together("avoidable_contact_share.by_reason", alike, hits, why, times)
    if known:
        hits = sum(bool(call.avoidable) for call in known)
        yield _together("avoidable_contact_share", known, hits, (), times)


def _together(
    metric: str, calls: Sequence[Call], hits: int, where: Dimensions = (), times: int = 1
) -> Part:
    both = (len(calls), hits)
    return Part(metric, calls[0].time, 0, 0, dimensions=where, times=times, cluster=both)


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
