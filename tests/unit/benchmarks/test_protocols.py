"""What is measured is what is said: every request holds so many events, and all are accepted."""

from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from benchmarks.protocol_bodies import KEYS, SENDERS, SOURCES, Sender
from benchmarks.protocols import Cost, markdown
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.protocols import addressed, understood
from services.ingest.domain.protocols.protocol import Malformed, Request
from services.ingest.settings import Settings, load_rules

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("sender", SENDERS, ids=lambda one: f"{one.protocol} {one.sent_as}")
def test_every_event_of_every_way_of_sending_is_accepted(sender: Sender, tmp_path: Path) -> None:
    sources, keys = tmp_path / "sources.yaml", tmp_path / "keys.yaml"
    sources.write_text(SOURCES, encoding="utf-8")
    keys.write_text(KEYS, encoding="utf-8")
    rules = load_rules(Settings(sources=sources, pseudonym_keys=keys), NOW)
    first, second = sender.bodies(2, NOW)
    assert first != second
    address = urlsplit(sender.path)
    query = dict(parse_qsl(address.query))
    headers = {name.lower(): value for name, value in sender.headers.items()}
    request = addressed(Request(headers, first, query, address.path), rules.hooks)
    found = understood(request)
    assert not isinstance(found, Malformed)
    protocol, events = found
    source = "bench-survey" if protocol.name == "webhook" else "bench"
    arrival = Arrival(source, protocol.name, protocol.version, NOW, UUID(int=1), 100)
    outcomes = [admit(event, arrival, rules) for event in events]
    assert len(outcomes) == sender.each
    assert [one for one in outcomes if not isinstance(one, Accepted)] == []


def test_a_row_says_what_a_million_costs_and_how_many_times_the_bare_handler() -> None:
    told = markdown([Cost(SENDERS[0], 20_000, 0.1, 1.5)], load=3.0, on=date(2026, 3, 10), where="x")
    assert "| CloudEvents | batch of 100 | 13,333 | 75.0 | 5.0 | 15.0 |" in told
    assert told.endswith("on 2026-03-10 on x, load average 3.0.")
