"""Unlinked events: counted by the hour, and twice only when they come twice hours apart."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from schemas.catalogue import Windows
from schemas.journey import Account, Bucket, BucketAnswer, BucketContact, SurveyChain
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import About, Action, Channel, Construct, Polarity, Quality, Reason, Stage
from services.journey.domain.buckets import PREFIX, decode, hour_of
from services.journey.domain.rules import Rules, ServiceRules
from tests.builders import at, pseudonym, record
from tests.unit.journey.builders import (
    DAY,
    DEFAULT,
    HOUR,
    SECOND,
    ZERO,
    World,
    buckets,
    day,
    progress,
    rejections,
)


def event(ident: str, **changes: Any) -> TouchpointRecord:
    ordinary = {"identity_kind": "once", "subject": pseudonym(f"once-{ident}"), "time": ZERO}
    return record(ident, **(ordinary | changes))


def account(world: World) -> Account:
    return progress(world.tick(ZERO))[-1].account


def test_unlinked_events_of_an_hour_add_up_in_one_bucket() -> None:
    world = World(Rules({}, epoch=1))
    world.send(event("a"), event("b", time=ZERO + 59 * SECOND), event("c", time=ZERO + HOUR))
    assert buckets(world.outputs) == [
        Bucket(
            version=2**44 + offset,
            clock="live",
            agency="municipality",
            service="building-permit",
            touchpoint="visited",
            stage=Stage.INFORMATION,
            channel=Channel.WEBSITE,
            quality=Quality.VALID,
            provenance="observed",
            hour=hour,
            actions={Action.VISITED: count},
        )
        for offset, hour, count in ((1, ZERO, 2), (2, ZERO + HOUR, 1))
    ]


def test_an_unlinked_event_has_no_journey_and_no_row_of_a_citizen() -> None:
    world = World()
    world.send(event("a"))
    assert (world.journeys, world.state.live_citizens) == ({}, 0)


def test_a_bucket_is_keyed_by_partition_clock_and_labels() -> None:
    world = World(partition=3)
    one, other = world.send(event("a", clock="demo"), event("b", clock="demo", channel="phone"))
    assert one.key.startswith(b"bucket/3/demo/")
    assert one.key != other.key


@pytest.mark.parametrize("quality", [Quality.BOT_SUSPECTED, Quality.TEST])
def test_events_of_each_quality_are_counted_apart(quality: Quality) -> None:
    world = World()
    world.send(event("a"), event("b", quality=quality))
    assert [b.quality for b in buckets(world.outputs)] == [Quality.VALID, quality]


def test_an_aggregated_tally_counts_for_as_many_as_it_says() -> None:
    world = World()
    world.send(event("a", count=40), event("b"))
    assert buckets(world.outputs)[-1].actions == {Action.VISITED: 41}


def test_the_survey_chain_and_the_answers_are_counted() -> None:
    said = {"about": "touchpoint", "instrument": "exit", "construct": "ease", "scale": "1..5"}
    world = World()
    world.send(
        event("a", action="offered", touchpoint="page", feedback=said),
        event("b", action="answered", touchpoint="page", feedback=said | {"answer": 4}),
        event("c", action="answered", touchpoint="page", feedback=said | {"answer": 4}),
        event("d", action="answered", touchpoint="page", feedback=said | {"answer": 1}),
        event("e", action="dismissed", touchpoint="page", feedback=said),
    )
    bucket = buckets(world.outputs)[-1]
    assert bucket.chain == (SurveyChain(instrument="exit", offered=1, answered=3, dismissed=1),)
    answer = {"about": "touchpoint", "construct": "ease", "scale": "1..5", "instrument": "exit"}
    assert bucket.answers == (
        BucketAnswer(answer=1, count=1, **answer),
        BucketAnswer(answer=4, count=2, **answer),
    )


ASKING = Rules({"building-permit": replace(DEFAULT, first_questions={"exit": Construct.EASE})})


def answer(ident: str, construct: str = "ease", **said: Any) -> TouchpointRecord:
    told = {"about": "journey", "instrument": "exit", "scale": "1..5", "answer": 4}
    feedback = told | {"construct": construct} | said
    return event(ident, action="answered", touchpoint="page", feedback=feedback)


def test_a_survey_is_answered_once_however_many_questions_it_asks() -> None:
    world = World(ASKING)
    world.send(answer("a"), answer("b", "trust"), answer("c", "reuse_intent"), answer("d"))
    bucket = buckets(world.outputs)[-1]
    assert bucket.chain == (SurveyChain(instrument="exit", answered=2),)
    assert sum(one.count for one in bucket.answers) == 4


def test_of_an_instrument_that_is_not_listed_every_question_counts() -> None:
    world = World(ASKING)
    world.send(answer("a", instrument="other"), answer("b", "trust", instrument="other"))
    assert buckets(world.outputs)[-1].chain == (SurveyChain(instrument="other", answered=2),)


def mention(driver: str, polarity: str, chosen: int) -> dict[str, Any]:
    return {"driver": driver, "polarity": polarity, "chosen": chosen}


def test_each_driver_of_a_form_is_counted_once_by_how_it_was_chosen() -> None:
    form = (
        mention("ease", "positive", 0),
        mention("ease", "negative", 1),
        mention("efficiency", "positive", 1),
        mention("efficiency", "negative", 1),
        mention("humanity", "positive", 0),
    )
    world = World(ASKING)
    world.send(answer("a", drivers=form), answer("b", "trust", drivers=form))
    world.send(answer("c", drivers=form[:2]))
    told = buckets(world.outputs)[-1].drivers
    assert [(str(one.driver), one.chosen, one.count) for one in told] == [
        ("ease", Polarity.NEGATIVE, 2),
        ("efficiency", None, 1),
        ("humanity", None, 1),
    ]
    assert {(one.about, one.instrument) for one in told} == {(About.JOURNEY, "exit")}


def test_the_themes_of_a_group_are_drivers_of_as_many_and_no_survey() -> None:
    world = World()
    theme = mention("ease", "negative", 1)
    said = {"about": "touchpoint", "instrument": "group", "drivers": [theme]}
    world.send(event("a", action=Action.ANSWERED, feedback=said, count=9, provenance="moderated"))
    [bucket] = buckets(world.outputs)
    [driver] = bucket.drivers
    assert (driver.driver, driver.chosen, driver.count) == ("ease", Polarity.NEGATIVE, 9)
    assert (bucket.provenance, bucket.chain, bucket.answers) == ("moderated", (), ())


def test_a_bucket_of_before_drivers_were_kept_can_be_read() -> None:
    world = World(ASKING)
    world.send(answer("a"))
    [row] = [row for key, row in world.state.rows().items() if key.startswith(PREFIX)]
    fields = msgspec.msgpack.decode(row)
    assert decode(msgspec.msgpack.encode(fields[:-1])) == decode(row)


def test_contacts_are_counted_by_reason() -> None:
    world = World()
    world.send(
        event("a", action="contacted", contact={"reason": "chase", "avoidable": True}),
        event("b", action="contacted", contact={"reason": "chase", "avoidable": True}),
        event("c", action="contacted"),
    )
    assert buckets(world.outputs)[-1].contacts == (
        BucketContact(reason="chase", avoidable=True, count=2),
        BucketContact(count=1),
    )


@pytest.mark.parametrize("apart", [timedelta(0), HOUR])
def test_an_unlinked_event_repeated_within_an_hour_counts_once(apart: timedelta) -> None:
    world = World()
    world.send(event("a"), at=ZERO)
    world.send(event("a"), at=ZERO + apart)
    assert account(world) == Account(applied=1, duplicate=1)


def test_an_unlinked_event_repeated_after_more_than_an_hour_counts_twice() -> None:
    world = World()
    world.send(event("a"), at=ZERO)
    world.send(event("a"), at=ZERO + HOUR + SECOND)
    assert account(world) == Account(applied=2)


def test_an_unlinked_event_twice_in_one_step_counts_once() -> None:
    world = World()
    world.send(event("a"), event("a"))
    assert account(world) == Account(applied=1, duplicate=1)


def test_repeats_are_found_after_a_restart() -> None:
    world = World()
    world.send(event("a"))
    world.state = type(world.state).restore(0, world.state.rows())
    world.send(event("a"))
    assert account(world) == Account(applied=1, duplicate=1)


def test_the_hashes_of_an_hour_go_when_they_can_find_no_repeat() -> None:
    world = World()
    world.send(event("a"), at=ZERO)
    [key] = [key for key in world.state.rows() if key.startswith(b"\0seen/")]
    world.tick(ZERO + 2 * HOUR)
    assert world.state.row(key) is not None
    world.tick(ZERO + 2 * HOUR + SECOND)
    assert world.state.row(key) is None


def test_a_late_unlinked_event_is_rejected() -> None:
    world = World()
    world.tick(day(100))
    told = world.send(event("a", time=day(40) - SECOND))
    assert [r.reason for r in rejections(told)] == [Reason.LATE]


def test_a_bucket_is_final_and_leaves_when_nothing_on_time_can_come_any_more() -> None:
    world = World()
    world.send(event("a"))
    rows = len(world.state.rows())
    world.tick(ZERO + HOUR + 60 * DAY)
    assert buckets(world.outputs)[-1].final is False
    world.tick(ZERO + HOUR + 60 * DAY + SECOND)
    last = buckets(world.outputs)[-1]
    assert (last.final, last.actions) == (True, {Action.VISITED: 1})
    assert len(world.state.rows()) < rows


def test_the_last_tick_of_a_clock_makes_its_buckets_final() -> None:
    world = World()
    world.send(event("a", clock="demo"), event("b"))
    world.tick(day(1), "demo", last=True)
    assert [(b.clock, b.final) for b in buckets(world.outputs)][-1] == ("demo", True)
    assert sum(b.final for b in buckets(world.outputs)) == 1


def in_zone(zone: str) -> ServiceRules:
    return ServiceRules(**dict(Windows()), zone=ZoneInfo(zone))


def test_hours_are_those_of_the_services_zone() -> None:
    kathmandu = in_zone("Asia/Kathmandu")
    assert hour_of(at("2026-01-05 09:20"), kathmandu) == at("2026-01-05 09:15")
    assert hour_of(at("2026-01-05 09:20"), DEFAULT) == at("2026-01-05 09:00")
    assert hour_of(at("2026-01-05 09:20"), kathmandu).tzinfo is UTC


def test_the_hour_that_comes_twice_in_autumn_is_two_hours() -> None:
    amsterdam = in_zone("Europe/Amsterdam")
    assert hour_of(at("2026-10-25 00:30"), amsterdam) == at("2026-10-25 00:00")
    assert hour_of(at("2026-10-25 01:30"), amsterdam) == at("2026-10-25 01:00")
