"""In whatever language an event is sent, ingest makes the same of it."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from deploy.demo.languages import Asked, cloudevents, requests
from deploy.demo.plan import make_plan
from deploy.demo.story import Fate, Sending
from schemas.codec import encode
from services.ingest.adapters.senders import Senders
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Accepted, Outcome
from services.ingest.domain.protocols import understood
from services.ingest.domain.protocols.protocol import Malformed, Request
from tests.unit.deploy.demo.admission import RULES, admitted

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENDERS = Senders(RULES.sources.values())
OWN = ("source", "protocol", "protocol_version", "uid", "subject")


def received(asked: Asked, at: datetime) -> Iterator[Outcome]:
    """What ingest makes of the events in a request, by the source whose credential it has."""
    headers = {name.lower(): value for name, value in asked.headers.items()}
    request = Request(headers, asked.body, path=asked.path)
    found = understood(request)
    assert not isinstance(found, Malformed), found
    protocol, events = found
    source = SENDERS.find(protocol.name, protocol.credential(request))
    assert source is not None
    assert protocol.name in source.protocols
    for event in events:
        arrival = Arrival(source.id, protocol.name, protocol.version, at, UUID(int=1), 100)
        yield admit(event, arrival, RULES)


def told(outcome: Outcome) -> dict[str, Any]:
    """What is published, but for what tells by which way it came."""
    assert isinstance(outcome, Accepted), outcome
    record = msgspec.json.decode(encode(outcome.record))
    flat = record | record.pop("data")
    own = (*OWN, "id") if flat["protocol"] == "matomo" else OWN
    return {name: value for name, value in flat.items() if name not in own}


def test_ingest_makes_the_same_of_an_event_in_every_language() -> None:
    plan = make_plan(seed=5, citizens=120, months=2)
    spoken: Counter[str] = Counter()
    for sending in plan.history.sendings:
        if sending.fate is Fate.REJECTED:
            continue
        at = sending.delivered + timedelta(minutes=1)
        (asked,) = requests([sending])
        (outcome,) = received(asked, at)
        direct = admitted(1, sending, at)
        assert isinstance(outcome, Accepted), (outcome, sending)
        assert isinstance(direct, Accepted)
        # Who belongs to nobody is keyed by source and id, which a language may have of its own.
        if outcome.record.data.identity_kind != "once":
            assert outcome.record.subject == direct.record.subject
        own = () if asked.path != "/matomo.php" else ("id",)
        expected = {name: value for name, value in told(direct).items() if name not in own}
        assert told(outcome) == expected, sending
        spoken[asked.path] += 1
    assert set(spoken) == {
        *("/v1/events", "/v1/batch", "/matomo.php", "/com.snowplowanalytics.snowplow/tp2")
    }
    assert spoken["/v1/batch"] > 100
    assert spoken["/com.snowplowanalytics.snowplow/tp2"] > 100


def sending(ident: str = "1", **changes: Any) -> Sending:
    values: dict[str, Any] = {"service": "building-permit", **changes}
    return Sending("demo-permit-counter", ident, AT, AT, values)


def test_a_batch_is_asked_in_each_language_once_and_whole() -> None:
    web = [
        Sending("demo-permit-web", str(n), AT + timedelta(microseconds=n % 2), AT, {"service": "x"})
        for n in range(10)
    ]
    asked = list(requests(web))
    assert Counter(s.id for one in asked for s in one.sendings) == Counter(s.id for s in web)
    assert len(asked) == 2


def test_many_events_are_a_batch() -> None:
    asked = cloudevents([sending("1"), sending("2")])
    assert [event["id"] for event in json.loads(asked.body)] == ["1", "2"]


def test_one_event_is_structured_or_binary() -> None:
    asked = cloudevents([sending("1")])
    assert json.loads(asked.body)["data"] == {"service": "building-permit"}
    asked = cloudevents([sending("12")])
    assert json.loads(asked.body) == {"service": "building-permit"}
    assert asked.headers["ce-id"] == "12"
    assert asked.headers["ce-time"] == "2026-03-02T09:00:00+00:00"
