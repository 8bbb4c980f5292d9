"""Who goes through pages as no human does; and the humans who must never be taken for such."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

import pytest

from schemas.vocabulary import Quality
from services.ingest.adapters.visitors import Visitors
from services.ingest.collect import Batch, Collector
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.pace import IN_STEP, MOST_IN_A_MINUTE, Sign, View, seen, sign
from services.ingest.domain.protocols.matomo import MATOMO
from services.ingest.domain.protocols.protocol import Protocol, Request
from services.ingest.domain.protocols.segment import SEGMENT
from services.ingest.domain.submission import Received
from tests.unit.ingest.world import (
    EDGE,
    NOW,
    RULES,
    RecordingWorld,
    batch,
    json,
    received,
    source,
    visit,
)

VALID, BOT = Quality.VALID, Quality.BOT_SUSPECTED


class Signs:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Sign]] = []

    def suspected(self, source_id: str, sign: Sign) -> None:
        self.told.append((source_id, sign))


async def qualities(*batches: Batch, signs: Signs | None = None) -> list[Quality]:
    """What each event is labelled, in the order of arrival; all of them are accepted."""
    world = RecordingWorld()
    collector = Collector(RULES, world, world, EDGE, Visitors(signs or Signs()))
    outcomes = [one for arrived in batches for one in await collector.collect(arrived)]
    assert all(isinstance(one, Accepted) for one in outcomes)
    return [one.record.data.quality for one in outcomes if isinstance(one, Accepted)]


def view(at: float, page: object = None, **changes: Any) -> Received:
    """A view of a page so many seconds after noon yesterday; each of a page of its own."""
    time = NOW - timedelta(hours=20) + timedelta(seconds=at)
    address = f"/page/{at if page is None else page}"
    values = {"id": f"{at}", "time": time.isoformat(), "address": address}
    return received(**values | changes)


def each(*events: Received, source_id: str = "web") -> list[Batch]:
    """Every event in a request of its own."""
    return [batch(event, source_id=source_id) for event in events]


def every(seconds: float, count: int) -> list[float]:
    return [number * seconds for number in range(count)]


def human(rng: Random, mean: float, count: int, *, spread: float = 0.3) -> list[float]:
    """Moments of a hand: never twice the same pause, however steady."""
    pauses = (max(0.2, rng.gauss(mean, mean * spread)) for _ in range(count))
    return list(accumulate(pauses))


async def test_more_views_in_a_minute_than_a_human_makes_are_labelled_and_none_is_dropped() -> None:
    signs = Signs()
    moments = every(0.1, MOST_IN_A_MINUTE + 60)
    found = await qualities(*each(*map(view, moments)), signs=signs)
    assert found == [VALID] * MOST_IN_A_MINUTE + [BOT] * 60
    assert signs.told == [("web", Sign.RATE)] * 60


async def test_what_is_labelled_is_joined_to_nobody() -> None:
    world = RecordingWorld()
    collector = Collector(RULES, world, world, EDGE, Visitors(Signs()))
    for moment in every(0.1, MOST_IN_A_MINUTE):
        await collector.collect(batch(view(moment)))
    (outcome,) = await collector.collect(batch(view(50)))
    assert isinstance(outcome, Accepted)
    assert outcome.record.data.identity_kind == "once"


async def test_a_walk_in_step_through_page_after_page_is_labelled() -> None:
    signs = Signs()
    found = await qualities(*each(*map(view, every(5, IN_STEP + 5))), signs=signs)
    assert found == [VALID] * IN_STEP + [BOT] * 5
    assert signs.told == [("web", Sign.RHYTHM)] * 5


async def test_a_machine_that_rests_is_a_visitor_like_others_again() -> None:
    burst = [view(moment) for moment in every(0.1, MOST_IN_A_MINUTE + 1)]
    *_, last, later = await qualities(*each(*burst, view(600)))
    assert (last, later) == (BOT, VALID)


async def test_one_machine_does_not_give_another_visitor_its_label() -> None:
    burst = [view(moment) for moment in every(0.1, MOST_IN_A_MINUTE + 1)]
    other = view(20, data=visit(citizen="43"))
    assert (await qualities(*each(*burst, other)))[-2:] == [BOT, VALID]


async def test_a_machine_is_known_however_its_events_arrive() -> None:
    moments = every(0.1, MOST_IN_A_MINUTE + 1)
    Random(7).shuffle(moments)
    found = await qualities(batch(*map(view, moments)))
    assert found == [VALID] * MOST_IN_A_MINUTE + [BOT]


def clicks_fast() -> Iterable[Batch]:
    """Three pages a second for two minutes; a record among people."""
    return each(*map(view, human(Random(1), 0.34, 300)))


def turns_pages_steadily() -> Iterable[Batch]:
    """Next, next, next: as steady as a hand gets, on a clock of whole seconds."""
    return each(*(view(round(m), page=m) for m in human(Random(2), 2.5, 120, spread=0.15)))


def reloads_like_mad() -> Iterable[Batch]:
    """At eight the appointments are given out."""
    return each(*(view(moment, page="times") for moment in human(Random(3), 0.4, 300)))


def leaves_a_page_open_that_renews_itself() -> Iterable[Batch]:
    return each(*(view(moment, page="queue") for moment in every(30, IN_STEP + 5)))


def reads_with_a_screen_reader() -> Iterable[Batch]:
    """Steady, with long texts between; and from heading to heading fast."""
    slow = human(Random(4), 12, 60, spread=0.2)
    return each(*map(view, [*slow, *(slow[-1] + m for m in human(Random(5), 0.6, 60))]))


def restores_a_window_of_many_tabs() -> Iterable[Batch]:
    return each(*(view(0.01 * tab) for tab in range(120)))


def queue_at_a_kiosk() -> Iterable[Batch]:
    """One device, one citizen after the other; it is no website."""
    data = visit(channel="in_person", citizen=None, visitor="kiosk-3")
    events = [view(moment, data=data) for moment in every(0.1, MOST_IN_A_MINUTE + 5)]
    return each(*events, source_id="town-hall")


def history_in_days() -> Iterable[Batch]:
    """An old log on a clock of its own; it knows the day and no more."""
    return [
        batch(
            *(view(0, page=n, id=f"e-{n}") for n in range(MOST_IN_A_MINUTE + 5)),
            source_id="history",
        )
    ]


def offline_for_a_day() -> Iterable[Batch]:
    """The queue of a client brings at once what happened over hours."""
    return [batch(*map(view, human(Random(6), 40, 260)))]


def tries_again_and_again() -> Iterable[Batch]:
    """The same batch, until somebody answers."""
    return [batch(*map(view, human(Random(7), 0.5, 50)))] * 6


def says_no_times() -> Iterable[Batch]:
    """Together, and without times: when each happened is not known."""
    return [batch(*(view(n, time=None) for n in range(MOST_IN_A_MINUTE + 5)))]


def has_a_wrong_clock() -> Iterable[Batch]:
    """Hours ahead: the time of arrival is taken, and says nothing of the pace."""
    ahead = (NOW + timedelta(hours=3)).isoformat()
    return each(*(view(n, time=ahead) for n in range(MOST_IN_A_MINUTE + 5)))


HUMANS = (
    clicks_fast,
    turns_pages_steadily,
    reloads_like_mad,
    leaves_a_page_open_that_renews_itself,
    reads_with_a_screen_reader,
    restores_a_window_of_many_tabs,
    queue_at_a_kiosk,
    history_in_days,
    offline_for_a_day,
    tries_again_and_again,
    says_no_times,
    has_a_wrong_clock,
)


@pytest.mark.parametrize("who", HUMANS, ids=lambda who: who.__name__)
async def test_people_are_not_labelled(who: Any) -> None:
    assert set(await qualities(*who())) == {VALID}


def queue_of_matomo(moments: Sequence[datetime]) -> Request:
    """What its bulk says of views at these moments."""
    requests = [
        f"?idsite=7&rec=1&_id=0123456789abcdef&cdt={at:%s}&url=https://town.example/parking/page/{n}"
        for n, at in enumerate(moments)
    ]
    return Request({}, json({"requests": requests}), path="/matomo.php")


def queue_of_segment(moments: Sequence[datetime]) -> Request:
    """What its batch says of views at these moments."""
    calls = [
        {
            "type": "page",
            "messageId": f"m-{n}",
            "anonymousId": "a-1",
            "timestamp": at.isoformat(),
            "properties": {"url": f"https://town.example/parking/page/{n}"},
        }
        for n, at in enumerate(moments)
    ]
    return Request({}, json({"batch": calls, "writeKey": "seg-7"}), path="/v1/batch")


def of(protocol: Protocol, request: Request) -> Batch:
    events = protocol.read(request)
    assert isinstance(events, tuple)
    return Batch(source("web"), protocol.name, protocol.version, events)


@pytest.mark.parametrize(
    ("protocol", "queue"), [(MATOMO, queue_of_matomo), (SEGMENT, queue_of_segment)]
)
async def test_queues_of_clients_are_judged_by_when_it_happened(
    protocol: Protocol, queue: Any
) -> None:
    start = (NOW - timedelta(hours=20)).astimezone(UTC)
    slow = [start + timedelta(seconds=m) for m in human(Random(8), 30, 260)]
    fast = [start + timedelta(seconds=n // 10) for n in range(260)]
    assert set(await qualities(of(protocol, queue(slow)))) == {VALID}
    assert (await qualities(of(protocol, queue(fast))))[-1] is BOT


async def test_one_request_after_the_other_without_times_is_judged_by_arrival() -> None:
    views = (view(n, time=None) for n in range(MOST_IN_A_MINUTE + 1))
    assert (await qualities(*each(*views)))[-2:] == [VALID, BOT]


def test_a_repeated_view_is_the_view_it_repeats() -> None:
    views = seen(seen((), View(1, 1)), View(2, 2))
    assert seen(views, View(1, 1)) == views == (View(1, 1), View(2, 2))


def test_no_more_views_are_kept_than_decide() -> None:
    views: tuple[View, ...] = ()
    for at in every(1, 2 * MOST_IN_A_MINUTE):
        views = seen(views, View(at, 0))
    assert len(views) == MOST_IN_A_MINUTE + 1
    assert views[-1].at == 2 * MOST_IN_A_MINUTE - 1


@pytest.mark.parametrize(("span", "told"), [(59.9, Sign.RATE), (60, None)])
def test_a_minute_is_a_minute(span: float, told: Sign | None) -> None:
    views = [View(at, 0) for at in every(span / MOST_IN_A_MINUTE, MOST_IN_A_MINUTE + 1)]
    assert sign(views) is told


def test_who_was_not_seen_for_longest_is_forgotten() -> None:
    visitors = Visitors(Signs(), most_views=400)
    for moment in every(0.1, MOST_IN_A_MINUTE):
        visitors.is_machine("web", "machine", View(moment, 0))
    for number in range(200):
        visitors.is_machine("web", f"one of many {number}", View(0, 0))
    assert not visitors.is_machine("web", "machine", View(25, 0))


def test_memory_is_held_within_its_bound_and_the_newest_is_never_forgotten() -> None:
    visitors = Visitors(Signs(), most_views=10)
    machine = [visitors.is_machine("web", "m", View(at, 0)) for at in every(0.1, 300)]
    assert machine[-1]
    for number in range(50):
        visitors.is_machine("web", f"v-{number}", View(0, 0))
    assert len(visitors._views) == 2  # noqa: SLF001 (what is held is the point)
