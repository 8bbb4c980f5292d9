from collections import Counter
from datetime import UTC, date, datetime
from random import Random

from deploy.demo.play import by_day, last_midnight, shuffled
from deploy.demo.story import Sending

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def sending(ident: str = "1", source: str = "web", delivered: datetime = AT) -> Sending:
    return Sending(source, ident, AT, delivered, {"service": "building-permit"})


def test_a_day_has_what_is_handed_over_on_it() -> None:
    early, late = sending("1"), sending("2", delivered=datetime(2026, 4, 1, tzinfo=UTC))
    assert by_day([late, early]) == {date(2026, 3, 2): [early], date(2026, 4, 1): [late]}


def test_requests_hold_every_event_once_and_one_source_each() -> None:
    today = [sending(str(n), source) for n in range(300) for source in ("web", "app")]
    requests = list(shuffled(today, Random(1)))
    assert Counter(s.id + s.source for r in requests for s in r) == Counter(
        s.id + s.source for s in today
    )
    assert all(len({s.source for s in r}) == 1 for r in requests)


def test_a_day_comes_out_of_order() -> None:
    today = [sending(str(n)) for n in range(100)]
    assert [s for r in shuffled(today, Random(1)) for s in r] != today


def test_history_ends_at_the_last_midnight() -> None:
    assert last_midnight(AT) == datetime(2026, 3, 2, tzinfo=UTC)
