"""What the clients of each protocol send: many citizens on a few pages of one service, now."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec

SOURCES = """
sources:
  - {id: bench, agency: municipality, services: [building-permit], channels: [website],
     lawful_basis: public_task, notice_url: "https://municipality.example/privacy",
     special_category: none, protocols: [cloudevents, matomo, snowplow, segment, ga4, csv],
     write_keys: {matomo: ["7"], snowplow: [bench-app], segment: [bench-key]},
     token_sha256: [7137e16f75a1d75b6fd65930672814806cdc1a0d6e0aa38611afc996a402258b]}
  - {id: bench-survey, agency: municipality, services: [building-permit], channels: [website],
     lawful_basis: public_task, notice_url: "https://municipality.example/privacy",
     special_category: none, protocols: [webhook], webhook: {layout: surveyjs},
     token_sha256: [c3397f6f517c2e173dc8d8f93739271dc8476d100dc8a998e7d46ee355629923]}
"""
KEYS = f"""
keys:
  - {{id: demo-bench-1, agency: municipality, from: 2020-01-01T00:00:00Z, secret: of the benchmark}}
sealing: {{id: demo-seal-1, secret: "{"ab" * 32}"}}
"""
# Published words: they open nothing but this benchmark.
TOKEN, SURVEY_TOKEN = "bench-token", "survey-token"
_BEARER = {"Authorization": f"Bearer {TOKEN}"}
_PAGES = ("guidance", "apply", "apply/plans", "receipt")


@dataclass(frozen=True)
class View:
    """A citizen views a page."""

    number: int
    citizen: str
    page: str
    at: datetime

    @property
    def url(self) -> str:
        """As a browser has it."""
        return f"https://permits.example/building-permit/{self.page}"


@dataclass(frozen=True)
class Sender:
    """A way of sending: so many events in a request, as a body for this path."""

    protocol: str
    sent_as: str
    path: str
    each: int
    body: Callable[[list[View]], bytes]
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = TOKEN

    def bodies(self, count: int, now: datetime, seed: int = 1) -> list[bytes]:
        """So many requests, none like another."""
        choose = random.Random(seed)
        views = [
            View(n, f"citizen-{choose.randrange(100_000)}", choose.choice(_PAGES), now)
            for n in range(count * self.each)
        ]
        return [self.body(views[at : at + self.each]) for at in range(0, len(views), self.each)]


def _event(view: View) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"e-{view.number}",
        "source": view.url,
        "type": "page",
        "time": view.at.isoformat(),
        "data": {"service": "building-permit", "citizen": view.citizen, "language": "nl"},
    }


def _cloudevents(views: list[View]) -> bytes:
    return msgspec.json.encode([_event(view) for view in views])


def _cloudevent(views: list[View]) -> bytes:
    return msgspec.json.encode(_event(views[0]))


def _tracked(view: View) -> str:
    told = {"idsite": "7", "rec": "1", "uid": view.citizen, "url": view.url, "rand": view.number}
    return urlencode({**told, "cdt": int(view.at.timestamp())})


def _matomo(views: list[View]) -> bytes:
    return msgspec.json.encode({"requests": [f"?{_tracked(view)}" for view in views]})


def _matomo_single(views: list[View]) -> bytes:
    return _tracked(views[0]).encode()


def _snowplow(views: list[View]) -> bytes:
    schema = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
    told = {"e": "pv", "aid": "bench-app", "p": "web", "tv": "js-4.8.0"}
    data = [
        {
            **told,
            "eid": str(UUID(int=view.number)),
            "dtm": str(int(view.at.timestamp() * 1000)),
            "uid": view.citizen,
            "url": view.url,
        }
        for view in views
    ]
    return msgspec.json.encode({"schema": schema, "data": data})


def _segment(views: list[View]) -> bytes:
    batch = [
        {
            "type": "page",
            "messageId": f"m-{view.number}",
            "userId": view.citizen,
            "timestamp": view.at.isoformat(),
            "properties": {"url": view.url},
        }
        for view in views
    ]
    return msgspec.json.encode({"batch": batch, "writeKey": "bench-key"})


def _ga4(views: list[View]) -> bytes:
    first = views[0]
    events = [{"name": "page_view", "params": {"page_location": view.url}} for view in views]
    told = {"client_id": first.citizen, "timestamp_micros": int(first.at.timestamp() * 1e6)}
    return msgspec.json.encode({**told, "events": events})


def _csv(views: list[View]) -> bytes:
    rows = [f"{view.at.isoformat()},building-permit,guidance,{view.citizen}" for view in views]
    return "\n".join(["time,service,touchpoint,citizen", *rows]).encode()


def _survey(views: list[View]) -> bytes:
    return msgspec.json.encode({"id": f"r-{views[0].number}", "permit-journey-en-1": 4})


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_TP2 = "/com.snowplowanalytics.snowplow/tp2"
_HOOK = f"/webhooks/bench-survey?form=permit-journey&token={SURVEY_TOKEN}"
_MP = f"/mp/collect?measurement_id=G-1&api_secret={TOKEN}"
SENDERS = (
    Sender("CloudEvents", "batch of 100", "/v1/events", 100, _cloudevents, _BEARER),
    Sender("CloudEvents", "single", "/v1/events", 1, _cloudevent, _BEARER),
    Sender("Matomo", "bulk of 100", "/matomo.php", 100, _matomo),
    Sender("Matomo", "single, a form", "/matomo.php", 1, _matomo_single, _FORM),
    Sender("Snowplow", "tp2 of 100", _TP2, 100, _snowplow),
    Sender("Segment", "batch of 100", "/v1/batch", 100, _segment),
    Sender("GA4", "25 events", _MP, 25, _ga4),
    Sender("CSV", "100 rows", "/v1/csv", 100, _csv, {**_BEARER, "Content-Type": "text/csv"}),
    Sender("Webhook", "a response of SurveyJS", _HOOK, 1, _survey, token=SURVEY_TOKEN),
)


def now() -> datetime:
    """Whole seconds, as some clients know no others."""
    return datetime.now(UTC).replace(microsecond=0)
