"""The whole line without a server: admission, fold, contributions and messages, day by day.

What `make demo` proves on real servers, at a size that tells within seconds which part is wrong.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from deploy.demo.citizens import History, history
from deploy.demo.compare import compare_numbers
from deploy.demo.counters import Series, expected_nets, nets_in
from deploy.demo.desks import desks
from deploy.demo.pages import addresses, compare_pages
from deploy.demo.play import by_day
from deploy.demo.story import Fate
from deploy.demo.tally import expected_account
from deploy.demo.truth.numbers import CALENDAR, expected
from schemas.codec import decode, encode
from schemas.control import Tick
from schemas.journey import Account, Bucket, JourneySnapshot, Progress
from schemas.metric import MetricMessage
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import ROLLING, RecordKind
from services.ingest.domain.outcome import Accepted
from services.journey.domain.partition import Output, PartitionState, SourceRecord
from services.journey.domain.rules import rules_from as journey_rules
from services.metrics.adapters.exposition import Exposition
from services.metrics.adapters.prometheus_collector import JourneyCollector, Shown
from services.metrics.domain.blocks import Block
from services.metrics.domain.changes import Changes
from services.metrics.domain.closings import Closings
from services.metrics.domain.contribution import NOTHING, contribution
from services.metrics.domain.formulas import BY_SERIES
from services.metrics.domain.measures.family import Formula
from services.metrics.domain.messages import Books, message_of, series_of
from services.metrics.domain.pairs import Pair
from services.metrics.domain.periods import Shelf, Watermarks
from services.metrics.domain.rules import Rules
from services.metrics.domain.rules import rules_from as metrics_rules
from services.metrics.domain.shelves import Shelves
from services.metrics.domain.targets import Target, blocks_of, by_place, targets_of, windows
from services.publish.adapters.cards import Cards
from services.publish.adapters.pages import Pages
from services.publish.domain.period import Period
from services.publish.publish import Publication
from tests.oracle.buckets import buckets
from tests.oracle.journeys import journeys
from tests.oracle.measures import numbers
from tests.told_numbers import compared, named
from tests.unit.deploy.demo.admission import CATALOGUE, admitted
from tests.unit.publish.samples import AUTHORITY

DAY = timedelta(days=1)
END = datetime(2026, 9, 14, tzinfo=UTC)
NOW = END - timedelta(minutes=30)  # so that the windows' last day is one of the history
ENDED = Watermarks({"demo": END}, frozenset({"demo"}))
APPENDED_AT = datetime(2026, 9, 14, 9, tzinfo=UTC)
HISTORY = history(11, 400, (END - 120 * DAY, END), desks(CATALOGUE))
Snapshot = JourneySnapshot | Bucket


class Line:
    """One partition of the journey service, and the newest of everything it said."""

    def __init__(self) -> None:
        self.newest: dict[bytes, Snapshot] = {}
        self.account = Account()
        self.in_time: list[TouchpointRecord] = []
        self._state = PartitionState.empty(0)
        self._rules = journey_rules(CATALOGUE, 1)
        self._offset = 0

    def play(self, told: History) -> None:
        """The history day by day, each day out of order."""
        days, midnight = by_day(told.sendings), told.begin
        while midnight < told.end:
            today = days.get(midnight.date(), [])
            outcomes = [
                (sending.fate, admitted(self._offset + n, sending, told.end))
                for n, sending in enumerate(Random(1).sample(today, len(today)))
            ]
            midnight += DAY
            tick = Tick(clock="demo", time=midnight, last=midnight >= told.end)
            accepted = [(fate, o) for fate, o in outcomes if isinstance(o, Accepted)]
            self.in_time += [o.record for fate, o in accepted if fate is not Fate.LATE]
            records = [self._record(o) for _, o in accepted]
            self._fold([*records, self._control(encode(tick))])

    def _record(self, outcome: Accepted) -> SourceRecord:
        value = encode(outcome.record)
        self._offset += 1
        return SourceRecord(self._offset - 1, APPENDED_AT, outcome.record.subject.encode(), value)

    def _control(self, value: bytes) -> SourceRecord:
        self._offset += 1
        return SourceRecord(self._offset - 1, APPENDED_AT, None, value, RecordKind.TICK)

    def _fold(self, records: Sequence[SourceRecord]) -> None:
        used = 0
        while used < len(records):
            step = self._state.fold(records[used:], self._rules)
            assert step.alarms == ()
            self._state.take(step, 0)
            used += step.used
            for output in step.outputs:
                self._hear(output)

    def _hear(self, output: Output) -> None:
        if output.kind == RecordKind.PROGRESS:
            self.account = decode(Progress, output.value).account
        elif output.kind in {RecordKind.JOURNEY, RecordKind.BUCKET}:
            told = _snapshot(output)
            known = self.newest.get(output.key)
            # As metrics does: only a newer version is taken.
            if known is None or known.version < told.version:
                self.newest[output.key] = told


def _snapshot(output: Output) -> Snapshot:
    if output.kind == RecordKind.BUCKET:
        return decode(Bucket, output.value)
    return decode(JourneySnapshot, output.value)


@pytest.fixture(scope="module")
def line() -> Line:
    played = Line()
    played.play(HISTORY)
    return played


def test_every_number_is_the_truth(line: Line) -> None:
    truth = expected(CATALOGUE, HISTORY.journeys, HISTORY.glimpses, NOW)
    told = messages(line.newest.values(), metrics_rules(CATALOGUE))
    verdict = compare_numbers("told", truth, told)
    assert verdict.differences == ()
    assert verdict.compared > 2_000


def test_every_number_is_that_of_the_other_oracle_too(line: Line) -> None:
    """The stories say what happened; this one is told the events only, and statisticians'
    libraries say between what its numbers lie.
    """
    people, unlinked = journeys(line.in_time, CATALOGUE), buckets(line.in_time, CATALOGUE)
    every = numbers(people, unlinked, CATALOGUE, CALENDAR)
    truth = {cell: number for cell, number in every.items() if number.n > 0}
    told = named(messages(line.newest.values(), metrics_rules(CATALOGUE)), CATALOGUE, CALENDAR)
    assert compared(truth, told) == truth
    assert len(truth) > 2_000


def test_every_number_on_every_page_is_the_truth(line: Line) -> None:
    truth = expected(CATALOGUE, HISTORY.journeys, HISTORY.glimpses, NOW)
    told = list(messages(line.newest.values(), metrics_rules(CATALOGUE)))
    pages = Pages(Cards(CATALOGUE, Publication.of(told), AUTHORITY))
    served = {address: page_at(pages, address) for address in addresses(truth, CATALOGUE)}
    verdict = compare_pages(truth, told, served, CATALOGUE)
    assert verdict.differences == ()
    assert verdict.compared > 5_000


def page_at(pages: Pages, address: str) -> str:
    path, _, asked = address.partition("?period=")
    period = Period.parse(asked)
    match path.strip("/").split("/"):
        case ["agencies", agency]:
            return pages.agency(agency, period, END)
        case ["services", service]:
            return pages.service(service, period, END)
        case ["services", service, "touchpoints", touchpoint]:
            return pages.touchpoint(service, touchpoint, period, END)
    raise AssertionError(address)


def test_every_counter_is_the_truth(line: Line) -> None:
    truth = expected_nets(CATALOGUE, HISTORY.journeys, HISTORY.glimpses)
    found = counters(line.newest.values(), metrics_rules(CATALOGUE))
    assert found == truth


def test_every_event_is_accounted_for(line: Line) -> None:
    truth = expected_account(HISTORY.sendings)
    assert line.account == Account(
        applied=truth.applied, duplicate=truth.duplicate, late=truth.late
    )


def messages(snapshots: Iterable[Snapshot], rules: Rules) -> Iterator[MetricMessage]:
    """All messages of months, quarters and windows, of services and agencies, as metrics makes
    them.
    """
    changes = Changes(Shelves(rules, Closings()))
    for snapshot in snapshots:
        changes.replace(NOTHING, contribution(snapshot, rules))
    cells = changes.cells()
    places = by_place(cells)
    for target in _targets(cells, rules):
        scope = rules.scopes[target.scope]
        for window in windows(target, scope, NOW):
            sums: Counter[str] = Counter()
            for block in blocks_of(window, scope, places):
                sums.update(cells[block])
            yield from _told(Books(scope, window.period, {"demo": sums}, ENDED), window.formulas)


def _told(books: Books, formulas: Iterable[Formula]) -> Iterator[MetricMessage]:
    for series in series_of(books, formulas):
        message = message_of(series, BY_SERIES[series.metric_id, series.level], books)
        if message is not None:
            yield message


def _targets(cells: Iterable[Block], rules: Rules) -> set[Target]:
    of_months = {target for b in cells if b.kind is Shelf.MONTH for target in targets_of(b, rules)}
    return of_months | {Target(scope, kind) for scope in rules.scopes for kind in ROLLING}


def counters(snapshots: Iterable[Snapshot], rules: Rules) -> Counter[Series]:
    """As they come out of `/metrics`."""
    sums: Counter[str] = Counter()
    for snapshot in snapshots:
        sums.update(contribution(snapshot, rules).counters)
    shown = Shown({name: Pair(n) for name, n in sums.items()}, Watermarks({}))
    return nets_in(Exposition(JourneyCollector(rules, lambda: shown)).text().decode())
