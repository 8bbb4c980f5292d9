"""The journey service's fold against the oracle: the same journeys from any citizen's events."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from schemas.catalogue import AgencyCatalogue, Catalogue, Service, Touchpoint, Windows
from schemas.control import Tick
from schemas.instrument import Instrument, Question
from schemas.journey import Bucket, JourneySnapshot
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import (
    SCALE_RANGE,
    About,
    Action,
    Channel,
    Construct,
    Outcome,
    Reason,
    Scale,
    Stage,
    Status,
)
from services.journey.domain.rules import rules_from
from tests.builders import ORIGIN, pseudonym, record
from tests.folding import Folded, fold_log
from tests.oracle.belonging import order
from tests.oracle.buckets import Counts, Place, buckets
from tests.oracle.journeys import Account, Journey, accounts, journeys

HOUR = timedelta(hours=1)
CLOCK = "replay"
# So short that random events lie before, on and after every limit.
WINDOWS = Windows(
    journey_gap=3 * HOUR,
    time_limit=9 * HOUR,
    decision_limit=20 * HOUR,
    follow_up=4 * HOUR,
    case_follow_up=10 * HOUR,
    grace=6 * HOUR,
    max_duration=30 * HOUR,
)
# Pauses on and beside every limit: where the rules differ, random times hardly ever fall.
PAUSES = [
    timedelta(minutes=minutes)
    for limit in (0, 30, 60, 180, 240, 540, 600, 1200)
    for minutes in (limit, limit, limit + 1, max(0, limit - 1))
]
OFTEN = [
    Action.VISITED,
    Action.STARTED,
    Action.SAVED,
    Action.RESUMED,
    Action.SUBMITTED,
    Action.RETURNED,
    Action.COMPLETED,
    Action.DECIDED,
    Action.CONTACTED,
    Action.OFFERED,
    Action.ANSWERED,
]
SERVICE = "building-permit"
CATALOGUE = Catalogue(
    agencies=(
        AgencyCatalogue(
            agency="municipality",
            contact="desk",
            services=(
                Service(
                    id=SERVICE,
                    name="Permit",
                    owner="Desk",
                    time_zone="Europe/Amsterdam",
                    windows=WINDOWS,
                    touchpoints=(
                        Touchpoint(
                            id="form",
                            name="Form",
                            stage=Stage.TRANSACTION,
                            channels=(Channel.WEBSITE,),
                        ),
                    ),
                    instruments=(
                        Instrument(
                            id="exit",
                            about=About.JOURNEY,
                            constructs=(
                                Question(
                                    construct=Construct.SATISFACTION,
                                    scale=Scale.ONE_TO_FIVE,
                                    wording="plain",
                                ),
                                Question(
                                    construct=Construct.EASE,
                                    scale=Scale.ONE_TO_FIVE,
                                    wording="plain",
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )
)
RULES = rules_from(CATALOGUE, epoch=1)
CASES = [None, None, pseudonym("case 1"), pseudonym("case 2")]
MENTIONS = st.fixed_dictionaries(
    {
        "driver": st.sampled_from(["ease", "efficiency"]),
        "polarity": st.sampled_from(["positive", "negative"]),
        "chosen": st.sampled_from([0, 1]),
    }
)
CONTACTS = st.none() | st.fixed_dictionaries(
    {
        "reason": st.sampled_from([None, "chase", "error"]),
        "avoidable": st.sampled_from([None, True, False]),
        "reached": st.sampled_from([None, True, False]),
    }
)
QUESTIONS = [
    *[("satisfaction", scale) for scale in ("1..5", "1..5", "1..5", "smileys", "thumbs")],
    *[("trust", scale) for scale in ("1..5", "thumbs")],
    *[("recommend", scale) for scale in ("1..10", "0..10")],
    *[("ease", scale) for scale in ("1..5", "1..7", "0..10")],
    *[("reuse_intent", scale) for scale in ("1..5", "1..10", "yes_no")],
    *[("comprehension", "1..5"), ("help_quality", "1..7"), ("trust_change", "1..5")],
    *[("task_success", "yes_no"), ("trust_level", "0..10")],
]
DECISIONS = [None, Outcome.SUCCESS, Outcome.NEGATIVE_BUT_CORRECT]
MANY = settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


@st.composite
def one_event(
    draw: st.DrawFn, number: int, time: datetime, kinds: Sequence[str], often: Sequence[Action]
) -> TouchpointRecord:
    """Anything that can happen at a time."""
    action = draw(st.sampled_from(often) | st.sampled_from(Action))
    changes: dict[str, Any] = {
        "action": action,
        "sequence": draw(st.sampled_from([0, number])),
        "stage": draw(st.sampled_from(Stage)),
        "touchpoint": draw(st.sampled_from([f"place-{number}", "form"])),
        "channel": draw(st.sampled_from([Channel.WEBSITE, Channel.PHONE])),
        "initiator": draw(st.sampled_from(["citizen", "citizen", "agency", "system"])),
        "identity_kind": draw(st.sampled_from(kinds)),
        "case": draw(st.sampled_from(CASES)),
        "assisted": draw(st.sampled_from([False, False, True])),
        "clock": CLOCK,
    }
    if action is Action.CONTACTED:
        changes["contact"] = draw(CONTACTS)
    if action in (Action.DECIDED, Action.COMPLETED):
        changes["outcome"] = draw(st.sampled_from(DECISIONS))
    if action in (Action.OFFERED, Action.ANSWERED, Action.DISMISSED):
        changes["feedback"] = draw(feedback(action))
        changes["provenance"] = draw(st.sampled_from(["observed", "self_reported", "moderated"]))
    return record(f"e{number}", time=time, **changes)


@st.composite
def feedback(draw: st.DrawFn, action: Action) -> dict[str, Any]:
    construct, scale = draw(st.sampled_from(QUESTIONS))
    asked: dict[str, Any] = {
        "about": draw(st.sampled_from(["journey", "touchpoint", "agency"])),
        "instrument": draw(st.sampled_from(["exit", "exit", "page"])),
        "construct": construct,
        "scale": scale,
        "wording": draw(st.sampled_from([None, "plain"])),
        "offer_id": draw(st.sampled_from([None, "a"])),
    }
    if action is not Action.ANSWERED:
        return asked
    answer = draw(st.integers(*SCALE_RANGE[Scale(scale)]))
    return asked | {"answer": answer, "drivers": draw(st.lists(MENTIONS))}


@st.composite
def events(
    draw: st.DrawFn, kinds: Sequence[str] = ("citizen",), often: Sequence[Action] = OFTEN
) -> list[TouchpointRecord]:
    """One citizen's events. Two that tie but for their ids have no order anybody could know, nor
    have two journeys that opened at one instant.
    """
    pauses = draw(st.lists(st.sampled_from(PAUSES), min_size=1, max_size=12))
    times = [ORIGIN + sum(pauses[:n], timedelta(0)) for n in range(len(pauses) + 1)]
    drawn = [draw(one_event(n, time, kinds, often)) for n, time in enumerate(times)]
    assume(len({order(e)[:3] for e in drawn}) == len(drawn))
    opened = [j.opened for j in journeys(drawn, CATALOGUE)]
    assume(len(set(opened)) == len(opened))
    return drawn


@st.composite
def arrivals(draw: st.DrawFn, happened: list[TouchpointRecord]) -> list[TouchpointRecord | Tick]:
    """The events in any order with repeats, and ticks that make none of them late."""
    log: list[TouchpointRecord | Tick] = []
    repeats: list[TouchpointRecord] = draw(st.lists(st.sampled_from(happened), max_size=3))
    waiting = draw(st.permutations(happened + repeats))
    watermark = ORIGIN - WINDOWS.grace
    for place, event in enumerate(waiting):
        log.append(event)
        if waiting[place + 1 :] and draw(st.integers(0, 2)) == 0:
            reach = min(e.time for e in waiting[place + 1 :]) + WINDOWS.grace - watermark
            watermark += reach * draw(st.sampled_from([0.0, 0.5, 1.0]))
            log.append(Tick(clock=CLOCK, time=watermark))
    return [*log, last_tick(happened)]


@st.composite
def careless_arrivals(
    draw: st.DrawFn, happened: list[TouchpointRecord]
) -> list[TouchpointRecord | Tick]:
    """The events in any order with repeats, and ticks that hurry ahead of some of them."""
    log: list[TouchpointRecord | Tick] = []
    repeats: list[TouchpointRecord] = draw(st.lists(st.sampled_from(happened), max_size=3))
    hour = 0
    for event in draw(st.permutations(happened + repeats)):
        if draw(st.integers(0, 2)) == 0:
            hour += draw(st.integers(0, 60))
            log.append(Tick(clock=CLOCK, time=ORIGIN + hour * HOUR))
        log.append(event)
    return [*log, Tick(clock=CLOCK, time=ORIGIN + (hour + 200) * HOUR, last=True), happened[0]]


def in_time(log: Sequence[TouchpointRecord | Tick]) -> tuple[list[TouchpointRecord], int]:
    """The events that were not late when they arrived, repeats among them; and how many were."""
    taken: list[TouchpointRecord] = []
    newest = ORIGIN - 1000 * HOUR
    late = 0
    for one in log:
        if isinstance(one, Tick):
            assert one.time is not None
            newest = one.time
        elif one.time < newest - WINDOWS.grace:
            late += 1
        else:
            taken.append(one)
    return taken, late


def last_tick(happened: Sequence[TouchpointRecord]) -> Tick:
    return Tick(clock=CLOCK, time=max(e.time for e in happened) + WINDOWS.grace, last=True)


def of_snapshot(one: JourneySnapshot, opened: dict[Any, Any]) -> dict[str, Any]:
    before = one.predecessor
    return {
        "opened": one.opened,
        "case": one.case,
        "started": one.started,
        "submitted": one.submitted,
        "decided": one.decided,
        "ended": one.ended,
        "outcome": one.outcome,
        "turn": one.turn,
        "entries": one.entries,
        "visits": one.visits,
        "resumed": one.resumed,
        "milestones": {m.stage: m.time for m in one.milestones},
        "touchpoints": {t.touchpoint: (t.count, t.first, t.last) for t in one.touchpoints},
        "channels": [(c.channel, c.initiator) for c in one.channels],
        "first_channel": one.first_channel,
        "last_touchpoint": one.last_touchpoint,
        "survey": [(s.time, s.action, s.touchpoint, s.answer) for s in one.survey],
        "contacts": [(c.time, c.touchpoint, c.repeat_7d, c.repeat_28d) for c in one.contacts],
        "predecessor": before and (opened[before.id], before.ended, before.last_citizen_channel),
        "alone": one.alone,
    }


def of_oracle(one: Journey) -> dict[str, Any]:
    before = one.predecessor
    return {
        "opened": one.opened,
        "case": one.case,
        "started": one.started,
        "submitted": one.submitted,
        "decided": one.decided,
        "ended": one.ended,
        "outcome": one.outcome,
        "turn": one.turn,
        "entries": len(one.events),
        "visits": one.visits,
        "resumed": one.resumed,
        "milestones": one.milestones,
        "touchpoints": {p: (a.count, a.first, a.last) for p, a in one.touchpoints.items()},
        "channels": one.channels,
        "first_channel": one.first_channel,
        "last_touchpoint": one.last_touchpoint,
        "survey": [
            (e.time, e.data.action, e.data.touchpoint, e.data.feedback and e.data.feedback.answer)
            for e in one.survey
        ],
        "contacts": [
            (c.event.time, c.event.data.touchpoint, c.repeat_7d, c.repeat_28d) for c in one.contacts
        ],
        "predecessor": before and (before.opened, before.ended, before.last_channel),
        "alone": one.alone,
    }


def _when(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["opened"], one["ended"]


def as_told(folded: Folded) -> list[dict[str, Any]]:
    """The fold's journeys in the order they opened."""
    opened = {j.id: j.opened for j in folded.journeys}
    found = [of_snapshot(j, opened) for j in folded.journeys]
    return sorted(found, key=_when)


def assert_same(folded: Folded, happened: Sequence[TouchpointRecord]) -> None:
    """The fold's final journeys are the oracle's, whole."""
    wanted = [of_oracle(j) for j in journeys(happened, CATALOGUE)]
    assert as_told(folded) == sorted(wanted, key=_when)
    assert {j.status for j in folded.journeys} <= {Status.FINAL}
    assert folded.rejections == ()


# It opens at the very instant at which the other ended, which is not after it.
OPENED_AT_AN_END = [
    record("a", action="completed", clock=CLOCK),
    record("b", action="started", sequence=1, clock=CLOCK),
]


@MANY
@given(events())
@example(OPENED_AT_AN_END)
def test_events_in_order_give_the_oracles_journeys(happened: list[TouchpointRecord]) -> None:
    in_order = sorted(happened, key=order)
    assert_same(fold_log([*in_order, last_tick(happened)], RULES), happened)


@MANY
@given(st.data())
def test_any_arrival_with_repeats_and_ticks_gives_the_oracles_journeys(data: st.DataObject) -> None:
    happened = data.draw(events())
    log = data.draw(arrivals(happened))
    folded = fold_log(log, RULES)
    assert_same(folded, happened)
    [wanted] = accounts(e for e in log if isinstance(e, TouchpointRecord)).values()
    told = folded.account(CLOCK)
    assert (told.applied, told.duplicate, told.late) == (wanted.applied, wanted.duplicate, 0)


@MANY
@given(st.data())
def test_what_is_late_is_refused_and_the_rest_gives_the_oracles_journeys(
    data: st.DataObject,
) -> None:
    log = data.draw(careless_arrivals(data.draw(events())))
    taken, late = in_time(log)
    wanted = [of_oracle(j) for j in journeys(taken, CATALOGUE)]
    assume(len({j["opened"] for j in wanted}) == len(wanted))
    folded = fold_log(log, RULES)
    assert as_told(folded) == sorted(wanted, key=_when)
    assert [r.reason for r in folded.rejections] == [Reason.LATE] * late
    told, whole = folded.account(CLOCK), accounts(taken).get(CLOCK, Account(0, 0))
    assert (told.applied, told.duplicate) == (whole.applied, whole.duplicate)


@MANY
@given(events(kinds=["once"]))
def test_unlinked_events_give_the_oracles_buckets(happened: list[TouchpointRecord]) -> None:
    folded = fold_log([*happened, last_tick(happened)], RULES)
    wanted = buckets(happened, CATALOGUE)
    assert {place_of(b): counts_of(b) for b in folded.buckets} == wanted
    assert folded.journeys == ()


def place_of(bucket: Bucket) -> Place:
    named = {field.name: getattr(bucket, field.name) for field in fields(Place)}
    return Place(**named)


def counts_of(bucket: Bucket) -> Counts:
    steps = {
        (chain.instrument, action): count
        for chain in bucket.chain
        for action, count in (
            (Action.OFFERED, chain.offered),
            (Action.ANSWERED, chain.answered),
            (Action.DISMISSED, chain.dismissed),
        )
        if count
    }
    answers = {
        (a.about, a.construct, a.scale, a.wording, a.instrument, a.answer): a.count
        for a in bucket.answers
    }
    contacts = {(c.reason, c.avoidable): c.count for c in bucket.contacts}
    drivers = {(d.about, d.instrument, d.driver, d.chosen): d.count for d in bucket.drivers}
    return Counts(
        Counter(dict(bucket.actions)),
        Counter(steps),
        Counter(answers),
        Counter(contacts),
        Counter(drivers),
    )
