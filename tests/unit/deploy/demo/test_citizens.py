from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.demo.citizens import History, history
from deploy.demo.desks import desks
from deploy.demo.story import Fate
from schemas.catalogue import load
from schemas.vocabulary import Identity, Outcome, Quality

CATALOGUE = load(
    (p.name, p.read_text("utf-8")) for p in sorted(Path("deploy/catalogue").glob("*.yaml"))
)
DESKS = desks(CATALOGUE)
END = datetime(2026, 9, 14, tzinfo=UTC)
SPAN = (END - timedelta(days=120), END)


@pytest.fixture(scope="module")
def told() -> History:
    return history(1, 1_500, SPAN, DESKS)


def test_the_same_seed_tells_the_same_history() -> None:
    assert history(7, 40, SPAN, DESKS) == history(7, 40, SPAN, DESKS)


def test_another_seed_tells_another() -> None:
    assert history(7, 40, SPAN, DESKS) != history(8, 40, SPAN, DESKS)


def test_every_outcome_occurs(told: History) -> None:
    assert {j.outcome for j in told.journeys} == set(Outcome) - {Outcome.OPEN}


def test_every_fate_occurs(told: History) -> None:
    assert {s.fate for s in told.sendings} == set(Fate)


def test_people_are_known_in_part_or_in_full_and_some_not_at_all(told: History) -> None:
    assert {j.identity for j in told.journeys} == {Identity.LINKED, Identity.PARTIAL}
    assert {g.quality for g in told.glimpses} == set(Quality)


def test_everything_happens_and_is_handed_over_within_the_span(told: History) -> None:
    for sending in told.sendings:
        assert SPAN[0] - timedelta(days=1) < sending.time <= sending.delivered < SPAN[1]


def test_all_but_the_late_ones_arrive_within_the_grace(told: History) -> None:
    graces = {d.service.id: d.windows.grace for d in DESKS}
    for sending in told.sendings:
        if sending.fate in {Fate.APPLIED, Fate.DUPLICATE}:
            waited = sending.delivered - sending.time
            assert waited < graces[sending.data["service"]] - timedelta(days=1)


def test_the_late_ones_are_older_than_the_watermark_allows(told: History) -> None:
    graces = {d.service.id: d.windows.grace for d in DESKS}
    late = [s for s in told.sendings if s.fate is Fate.LATE]
    assert late
    for sending in late:
        watermark = sending.delivered.replace(hour=0, minute=0, second=0)
        assert sending.time < watermark - graces[sending.data["service"]]


def test_a_repeat_is_the_same_event_and_never_earlier(told: History) -> None:
    first = {(s.source, s.origin, s.id): s for s in told.sendings if s.fate is Fate.APPLIED}
    again = [s for s in told.sendings if s.fate is Fate.DUPLICATE]
    assert again
    for sending in again:
        original = first[sending.source, sending.origin, sending.id]
        assert sending.delivered >= original.delivered
        assert (sending.data, sending.time) == (original.data, original.time)


def test_an_id_is_used_once_but_for_its_repeats(told: History) -> None:
    ids = Counter((s.source, s.origin, s.id) for s in told.sendings if s.fate is not Fate.DUPLICATE)
    assert max(ids.values()) == 1
