"""Who answers for the data, whether promises are kept now, and who decides."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.access import Classification
from schemas.metric import ClockProgress
from schemas.stewardship import DATA_SETS
from schemas.topics import COMMENTS, ERASURES, JOURNEYS, METRICS_INTERNAL, NAMES, TOUCHPOINTS
from schemas.vocabulary import Decision
from services.publish.domain.governance import (
    Governance,
    Held,
    Reader,
    Standing,
    Stewarded,
    governance,
)
from tests.unit.publish.samples import NOW, progress
from tests.unit.schemas.deciding import ROUTINE, authority

SENT = NOW - timedelta(seconds=8)
FRESH = progress(sent_at=SENT, watermark=SENT - timedelta(seconds=5))


def shown(*clocks: ClockProgress, now: datetime = NOW) -> Governance:
    return governance(authority(), clocks, now)


def data_set(name: str, told: Governance) -> Stewarded:
    [found] = [one for shelf in told.shelves for one in shelf.data_sets if one.id == name]
    return found


def standing(name: str, *clocks: ClockProgress) -> tuple[Standing, str]:
    promise = data_set(name, shown(*clocks)).promise
    return promise.standing, promise.why


def test_every_data_set_is_on_the_shelf_of_its_classification() -> None:
    told = shown()
    assert sorted(one.id for shelf in told.shelves for one in shelf.data_sets) == sorted(NAMES)
    assert [shelf.classification for shelf in told.shelves] == list(Classification)
    [public] = told.shelves[-1].data_sets
    assert public.id == "metrics.public.v1"


def test_a_data_set_says_who_answers_for_it_who_reads_it_and_how_long_it_is_kept() -> None:
    comments = data_set(COMMENTS, shown())
    assert (comments.owners, comments.stewards) == (("service-owner",), ("comment-steward",))
    assert comments.readers == (Reader("comment-steward", "who reads free text"),)
    assert comments.writers == (Reader("collector", "ingest"),)
    assert comments.kept == "27 days"
    assert "what was written in own words" in comments.holds
    kept = {name: data_set(name, shown()).kept for name in (METRICS_INTERNAL, ERASURES, JOURNEYS)}
    assert list(kept.values()) == ["the newest of each key", "7 years", "1,100 days"]
    assert data_set(TOUCHPOINTS, shown()).promise.available == "99.9%"


def test_who_has_left_answers_no_more() -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert data_set(COMMENTS, shown(now=long_ago)).owners == ()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, (Standing.KEPT, "last word from metrics 8 seconds ago")),
        (
            {"sent_at": NOW - timedelta(seconds=61)},
            (Standing.BROKEN, "no word from metrics for 1 minute 1 second"),
        ),
        (
            {"partitions": 4, "partitions_caught_up": 2},
            (Standing.BROKEN, "metrics is catching up, 2 of 4 parts are done"),
        ),
    ],
)
def test_numbers_are_as_fresh_as_the_last_word_of_metrics(
    changes: dict[str, object], found: tuple[Standing, str]
) -> None:
    assert standing(METRICS_INTERNAL, FRESH.model_copy(update=changes)) == found


def test_a_clock_that_ended_does_not_make_numbers_late() -> None:
    ended = progress(clock="archive", sent_at=NOW - timedelta(days=1))
    assert standing(METRICS_INTERNAL, ended, FRESH)[0] is Standing.KEPT


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, (Standing.KEPT, "5 seconds behind")),
        ({"watermark": SENT - timedelta(seconds=60)}, (Standing.KEPT, "1 minute behind")),
        (
            {"watermark": SENT - timedelta(seconds=61)},
            (Standing.BROKEN, "1 minute 1 second behind"),
        ),
        ({"watermark": None}, (Standing.UNSEEN, "nothing has come on the live clock yet")),
        ({"clock": "demo"}, (Standing.UNSEEN, "nothing has come on the live clock yet")),
        (
            {"sent_at": NOW - timedelta(minutes=5)},
            (Standing.UNSEEN, "metrics does not keep up, so nobody sees from here"),
        ),
    ],
)
def test_journeys_are_as_late_as_the_live_clock_was_when_metrics_spoke_last(
    changes: dict[str, object], found: tuple[Standing, str]
) -> None:
    assert standing(JOURNEYS, FRESH.model_copy(update=changes)) == found


def test_what_is_not_seen_from_here_is_not_said_to_be_kept() -> None:
    unseen = [
        one.name
        for one in DATA_SETS
        if standing(one.name, FRESH)[0] is Standing.UNSEEN
        and one.name not in {JOURNEYS, METRICS_INTERNAL}
    ]
    assert sorted([*unseen, JOURNEYS, METRICS_INTERNAL]) == sorted(NAMES)
    assert standing(METRICS_INTERNAL)[0] is Standing.UNSEEN


def test_the_verdict_names_what_is_late() -> None:
    total = f"{len(NAMES)} data sets; "
    assert shown().verdict == total + "whether promises are kept is not seen from here now"
    kept = total + "2 promises are seen from here, and all of them are kept"
    assert shown(FRESH).verdict == kept
    late = FRESH.model_copy(update={"watermark": SENT - timedelta(minutes=3)})
    assert shown(late).verdict == total + "late now: Journeys"


def test_a_decision_names_its_offices_and_who_holds_them_today() -> None:
    told = governance(authority(more=ROUTINE), [], NOW)
    assert [one.decision for one in told.decisions] == list(Decision)
    release = told.decisions[0]
    assert release.decides == (
        Held("steward of erasures.v1", ("officer",)),
        Held("owner of erasures.v1", ("heiress",)),
    )
    assert release.routine == "each-month: in advance by chief, until 2026-12-31"
    assert [one.routine for one in told.decisions[1:]] == [None] * 6
    assert release.four_eyes
