"""What can change no more: months that are due, spans that are old, and where an hour counts."""

from datetime import datetime, timedelta

import pytest

from schemas.vocabulary import Level, PeriodKind
from services.metrics.domain.blocks import Block
from services.metrics.domain.closings import Closings, due, old
from services.metrics.domain.contribution import contribution
from services.metrics.domain.periods import Shelf, Watermarks, hour_of
from services.metrics.domain.shelves import CLOSED, Shelves
from services.metrics.domain.targets import Target, levels_gone
from tests.builders import at
from tests.unit.metrics.snapshots import START, ended, rules

THERE = Block("permit", Shelf.TOUCHPOINT_HOUR, "2026-03-02T09:00Z", "live")
HOUR = THERE._replace(kind=Shelf.HOUR)
DAY = Block("permit", Shelf.DAY, "2026-03-02", "live")
MONTH = Block("permit", Shelf.MONTH, "2026-03-01", "live")
ALL = [THERE, HOUR, DAY, MONTH]
CLOSING = at("2026-03-31 22:00") + timedelta(days=10)  # end and grace
ZONE = rules().services["permit"].zone
LINE, NINE = ("permit", "live"), hour_of(START, ZONE)
SECOND = timedelta(seconds=1)


def live(time: datetime | None) -> Watermarks:
    return Watermarks({"live": time})


def test_a_month_is_due_when_its_grace_is_over_on_its_own_clock() -> None:
    demo = MONTH._replace(clock="demo")
    assert due([*ALL, demo], Closings(), live(CLOSING - SECOND), rules()) == []
    assert due([*ALL, demo], Closings(), live(CLOSING), rules()) == [MONTH]
    ended_ = Watermarks({"demo": START, "live": None}, frozenset({"demo"}))
    assert due([*ALL, demo], Closings(), ended_, rules()) == [demo]


def test_a_month_is_due_once() -> None:
    assert due(ALL, Closings(frozen={MONTH: False}), live(CLOSING), rules()) == []


@pytest.mark.parametrize(
    ("block", "end", "days"),
    [
        (THERE, "2026-03-02 10:00", 8),
        (HOUR, "2026-03-02 10:00", 65),
        (DAY, "2026-03-02 23:00", 400),
    ],
)
def test_a_span_is_old_so_long_after_its_end(block: Block, end: str, days: int) -> None:
    mark = at(end) + timedelta(days=days)
    assert block not in old(ALL, live(mark - SECOND), rules())[0]
    found, stretches = old(ALL, live(mark), rules())
    assert block in found
    assert stretches["permit", block.kind, "live"] == (block.start, block.start)


def test_months_are_never_old_and_a_clock_without_a_time_forgets_nothing() -> None:
    assert MONTH not in old(ALL, live(at("2099-01-01 00:00")), rules())[0]
    assert old(ALL, live(None), rules()) == ([], {})


def test_what_one_clock_forgets_is_forgotten_for_all() -> None:
    """A sum without it would be told as if it were the whole."""
    beside = DAY._replace(clock="import-1")
    found, stretches = old([DAY, beside], live(at("2028-01-01 00:00")), rules())
    assert found == [beside, DAY]
    assert set(stretches) == {("permit", Shelf.DAY, "live")}


def test_a_stretch_reaches_from_the_first_to_the_last() -> None:
    later = DAY._replace(start="2026-05-02")
    _, stretches = old([later, DAY], live(at("2028-01-01 00:00")), rules())
    closings = Closings(forgotten=stretches)
    days = ("2026-03-01", "2026-03-02", "2026-04-01", "2026-05-02", "2026-05-03")
    assert [closings.has_forgotten("permit", (Shelf.DAY, day)) for day in days] == [
        *(False, True, True, True, False)
    ]
    assert not closings.has_forgotten("licence", (Shelf.DAY, "2026-04-01"))


def forgotten(*shelves: Shelf) -> Closings:
    spans = {b.kind: (b.start, b.start) for b in ALL}
    return Closings(forgotten={("permit", shelf, "live"): spans[shelf] for shelf in shelves})


def test_an_hour_counts_on_every_shelf_that_is_open() -> None:
    assert tuple(Shelves(rules(), Closings()).of(*LINE)[NINE]) == (HOUR, THERE, DAY, MONTH)
    without = Shelves(rules(), forgotten(Shelf.TOUCHPOINT_HOUR, Shelf.DAY)).of(*LINE)[NINE]
    assert tuple(without) == (HOUR, None, None, MONTH)


def test_a_history_that_is_read_in_has_no_hours() -> None:
    demo = Shelves(rules(), Closings()).of("permit", "demo")[NINE]
    assert tuple(demo) == (None, None, DAY._replace(clock="demo"), MONTH._replace(clock="demo"))


def test_nothing_of_a_frozen_month_counts_but_while_a_generation_is_made() -> None:
    frozen = {MONTH: True}
    assert Shelves(rules(), Closings(frozen=frozen)).of(*LINE)[NINE] is CLOSED
    being_made = Closings(frozen=frozen, is_being_made=True)
    assert tuple(Shelves(rules(), being_made).of(*LINE)[NINE]) == (HOUR, THERE, DAY, None)


def test_a_journey_can_change_as_long_as_one_of_its_months_is_open() -> None:
    two_months = contribution(ended(hours=24 * 40), rules())
    april = MONTH._replace(start="2026-04-01")
    for frozen, can in (({}, True), ({MONTH: True}, True), ({MONTH: True, april: True}, False)):
        assert Shelves(rules(), Closings(frozen=frozen)).can_change(two_months) is can


@pytest.mark.parametrize(
    ("kind", "shelves", "levels"),
    [
        (PeriodKind.HOUR, (Shelf.TOUCHPOINT_HOUR,), {Level.TOUCHPOINT}),
        (PeriodKind.HOUR, (Shelf.TOUCHPOINT_HOUR, Shelf.HOUR), set(Level)),
        (PeriodKind.DAY, (Shelf.DAY,), set(Level)),
        (PeriodKind.DAY, (Shelf.HOUR,), set()),
    ],
)
def test_touchpoints_lose_their_hours_before_services_do(
    kind: PeriodKind, shelves: tuple[Shelf, ...], levels: set[Level]
) -> None:
    start = HOUR.start if kind is PeriodKind.HOUR else DAY.start
    scope = rules().scopes["permit"]
    assert levels_gone(Target("permit", kind, start), scope, forgotten(*shelves)) == levels
