"""A small agency with a shop-window catalogue, and fakes of every port, for the tests of ingest."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from schemas import catalogue
from schemas.authority import AUTHORITY_FILE, read
from schemas.control import Tick
from schemas.keyring import Keyring
from schemas.sources import Source, Sources
from schemas.yaml_file import parse
from services.ingest.collect import Batch, Edge
from services.ingest.domain.draft import Arrival
from services.ingest.domain.outcome import Outcome
from services.ingest.domain.rules import Rules, make_rules
from services.ingest.domain.submission import Received, Submission
from services.ingest.sending import Message, PublishFailed

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
UID = UUID("00000000-0000-4000-8000-000000000001")
NONCE = b"twelve bytes"
VISIT = object()  # stands for the usual data

CATALOGUE = """
agency: town
contact: help@town.example
services:
  - id: parking
    name: Parking permit
    owner: Head of Parking
    time_zone: Europe/Amsterdam
    touchpoints:
      - {id: page, name: Page, stage: information, channels: [website],
         match: [{type: address, pattern: "*/parking/page*"}]}
      - {id: form, name: Form, stage: transaction, channels: [website], action: submitted,
         match: [{type: form, pattern: contact-form},
                 {type: event, pattern: "parking.sent"},
                 {type: event, pattern: "form/kept", action: saved},
                 {type: schema, pattern: "town.example/form_kept/*", action: saved}]}
      - {id: letter, name: Letter, stage: transaction, channels: [post], initiator: agency,
         action: decided}
      - {id: counter, name: Counter, stage: information, channels: [in_person], action: contacted,
         match: [{type: code, pattern: "P-*"}]}
      - {id: survey, name: Survey, stage: follow_up, channels: [website], initiator: system,
         action: offered, match: [{type: form, pattern: journey-form}]}
    instruments:
      - {id: linked-survey, linkable: true, about: journey, forms: [journey-form],
         constructs: [{construct: satisfaction, scale: 1..5, wording: en-1,
                       fields: [how-satisfied], words: {Very satisfied: 5}}],
         open: [{wording: en-why, fields: [in-own-words]}, {wording: en-else}]}
      - {id: quiet-survey, about: touchpoint, forms: [SV_1, "typeform-*"],
         constructs: [{construct: satisfaction, scale: 1..5, wording: en-1, fields: [QID1]},
                      {construct: ease, scale: 1..7, wording: en-2, fields: [QID2]}]}
      - {id: a11, about: service, forms: [a11], standard: a11-2023-thumbs}
      - {id: a11-long, about: service, forms: [a11-long], standard: a11-2018}
  - id: taxes
    name: Taxes
    owner: Head of Taxes
    time_zone: Europe/Amsterdam
    touchpoints:
      - {id: page, name: Page, stage: information, channels: [website]}
"""


def token_hash(source_id: str) -> str:
    """The hash of the token of a source, which is its id and `-token`."""
    return sha256(f"{source_id}-token".encode()).hexdigest()


LAWFUL = (
    "lawful_basis: public_task, notice_url: 'https://town.example/privacy', special_category: none"
)
SOURCES = f"""
sources:
  - {{id: web, agency: town, {LAWFUL},
     protocols: [cloudevents, matomo, snowplow, segment, ga4],
     services: [parking],
     write_keys: {{matomo: ["7"], snowplow: [town-app], segment: [seg-7]}}, origins: ["https://town.example"],
     channels: [website, post, focus_group], issuer: town, max_delay: P1D,
     token_sha256: [{token_hash("web")}]}}
  - {{id: history, agency: town, {LAWFUL},
     protocols: [cloudevents, csv_log], services: [parking],
     channels: [website, in_person], issuer: town, clock: demo,
     token_sha256: [{token_hash("history")}]}}
  - {{id: survey, agency: town, {LAWFUL},
     protocols: [webhook], services: [parking], channels: [website],
     issuer: town, webhook: {{signature: standard, layout: formbricks}}}}
  - {{id: panel, agency: town, {LAWFUL},
     protocols: [webhook], services: [parking], channels: [website],
     webhook: {{signature: qualtrics, layout: qualtrics}}}}
  - {{id: app-survey, agency: town, {LAWFUL},
     protocols: [webhook], services: [parking],
     channels: [website], webhook: {{layout: surveyjs}}, write_keys: {{webhook: [survey-key]}},
     origins: ["https://town.example"],
     token_sha256: [{token_hash("app-survey")}]}}
  - {{id: widget, agency: town, {LAWFUL},
     protocols: [webhook], services: [parking], channels: [website],
     webhook: {{layout: touchpoints}}, token_sha256: [{token_hash("widget")}]}}
  - {{id: inbox, agency: town, {LAWFUL},
     protocols: [webhook], services: [parking],
     channels: [social_media], token_sha256: [{token_hash("inbox")}],
     webhook: {{layout: {{each: messages, counts: "kind == 'message'", id: id, time: at,
       visitor: from.id, name: "join('/', ['inbox', topic])", code: topic, test: sandbox,
       form: form, language: lang, answers: answers, question: field.ref,
       answer: "number || choice.label || choices.labels"}}}}}}
  - {{id: shy, agency: town, {LAWFUL},
     protocols: [cloudevents], services: [parking], channels: [website],
     linkable: false}}
  - {{id: logs, agency: town, {LAWFUL},
     protocols: [csv_log], services: [parking], channels: [website],
     token_sha256: [{token_hash("logs")}]}}
  - {{id: town-hall, agency: town, {LAWFUL},
     protocols: [cloudevents, desk, csv],
     services: [parking, taxes], channels: [in_person, phone, focus_group, social_media],
     max_delay: P7D, token_sha256: [{token_hash("town-hall")}]}}
"""
SURVEY_SECRET, NEXT_SURVEY_SECRET = "whsec_Zmlyc3Qgc2VjcmV0", "whsec_c2Vjb25kIHNlY3JldA=="
PANEL_SECRET = "a key that both have"
KEY = b"a secret of the town"
KEYS = f"""
keys:
  - {{id: demo-town-1, agency: town, from: 2020-01-01T00:00:00Z, secret: {KEY.decode()}}}
webhooks:
  - {{id: demo-survey-1, source: survey, secret: {SURVEY_SECRET}}}
  - {{id: demo-survey-2, source: survey, secret: {NEXT_SURVEY_SECRET}}}
  - {{id: demo-panel-1, source: panel, secret: {PANEL_SECRET}}}
operators:
  - {{id: data-protection-officer, token_sha256: [{token_hash("officer")}], may: [erasures]}}
  - {{id: data-officer, token_sha256: [{token_hash("chief")}], may: [erasures]}}
  - {{id: feeder, token_sha256: [{token_hash("feeder")}, {token_hash("feeder-next")}],
     may: [clocks]}}
sealing: {{id: demo-seal-1, secret: "{"ab" * 32}"}}
"""


AUTHORITY = read(AUTHORITY_FILE.read_text(encoding="utf-8"), AUTHORITY_FILE.name)


def rules() -> Rules:
    """The rules of the small agency."""
    return make_rules(
        catalogue.load([("town.yaml", CATALOGUE)]),
        parse(Sources, SOURCES, "sources.yaml"),
        parse(Keyring, KEYS, "keys.yaml"),
        AUTHORITY,
    )


RULES = rules()
_ERASE = AUTHORITY.file.decisions.erase.model_copy(update={"four_eyes": True})
_DECISIONS = AUTHORITY.file.decisions.model_copy(update={"erase": _ERASE})
FOUR_EYES = replace(
    RULES,
    authority=replace(AUTHORITY, file=AUTHORITY.file.model_copy(update={"decisions": _DECISIONS})),
)
"""The same rules where two must decide who is erased."""


def source(name: str = "web") -> Source:
    """One of its sources."""
    return RULES.sources[name]


def arrival(source_id: str = "web", size: int = 100, **changes: Any) -> Arrival:
    """An event that arrived just now."""
    values: dict[str, Any] = {
        "source_id": source_id,
        "protocol": "cloudevents",
        "protocol_version": "1.0",
        "received_at": NOW,
        "uid": UID,
        "size": size,
    }
    return Arrival(**values | changes)


def received(data: object = VISIT, **changes: Any) -> Received:
    """A visit of citizen 42 to the page, an hour ago, unless said otherwise."""
    values: dict[str, Any] = {
        "id": "e-1",
        "source": "/shop",
        "name": "parking.visit",
        "time": (NOW - timedelta(hours=1)).isoformat(),
        "data": visit() if data is VISIT else data,
    }
    return Received(b"original", Submission(**values | changes))


def visit(**changes: Any) -> dict[str, Any]:
    """The data of a visit; a field set to None is left out."""
    values = {"service": "parking", "touchpoint": "page", "citizen": "42"} | changes
    return {name: value for name, value in values.items() if value is not None}


def cloudevent(data: object = VISIT, **changes: Any) -> dict[str, Any]:
    """A structured CloudEvent; an attribute set to None is left out."""
    event = {
        "specversion": "1.0",
        "id": "e-1",
        "source": "/shop",
        "type": "parking.visit",
        "data": visit() if data is VISIT else data,
    }
    return {name: value for name, value in (event | changes).items() if value is not None}


def batch(*events: Received, source_id: str = "web") -> Batch:
    """Events that arrived together."""
    return Batch(source(source_id), "cloudevents", "1.0", events)


def json(value: object) -> bytes:
    """Compact JSON."""
    return msgspec.json.encode(value)


EDGE = Edge(now=lambda: NOW, uid=lambda: UID, nonce=lambda: NONCE)


@dataclass(frozen=True)
class WayToKafka:
    """How it is said to be."""

    is_closed: bool = False
    fullness: float = 0.0


OPEN = WayToKafka()


@dataclass
class RecordingWorld:
    """Every port of the use case; one ordered list of what happened."""

    actions: list[Any] = field(default_factory=list)
    is_away: bool = False
    partition_count: int = 2
    ticks: dict[str, Tick] = field(default_factory=dict)
    gate: asyncio.Event | None = None

    async def publish(self, messages: Sequence[Message]) -> None:
        """Keep the messages, or fail as a broker that is away does."""
        if self.is_away:
            raise PublishFailed("away")
        if self.gate is not None:
            await self.gate.wait()
        self.actions += messages

    async def partitions(self, topic: str) -> Sequence[int]:
        """As many as said, whatever the topic."""
        if self.is_away:
            raise PublishFailed(f"{topic} is away")
        return range(self.partition_count)

    def decided(self, source: Source, outcome: Outcome, at: datetime) -> None:
        """Keep what was counted."""
        self.actions.append(("counted", source.id, type(outcome).__name__, at))

    def erasure(self, agency: str) -> None:
        """Keep that an erasure was counted."""
        self.actions.append(("erasure", agency))

    async def newest(self, clock: str) -> Tick | None:
        """The tick that the test put there."""
        return self.ticks.get(clock)

    @property
    def messages(self) -> list[Message]:
        """What was published."""
        return [action for action in self.actions if isinstance(action, Message)]
