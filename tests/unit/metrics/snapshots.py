"""Snapshots, buckets and rules for tests: state what matters, the rest is ordinary."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from schemas.catalogue import Catalogue, load
from schemas.codec import encode
from schemas.journey import (
    Account,
    Bucket,
    ContactMade,
    JourneySnapshot,
    Progress,
    SurveyStep,
    TouchpointVisit,
)
from schemas.model import Contract
from services.metrics.domain.rules import Rules, rules_from
from services.metrics.tally import Record
from tests.builders import at, pseudonym, uid

CATALOGUE = """
agency: town
contact: desk@town.example
services:
  - id: permit
    name: Permit
    owner: Head of permits
    time_zone: Europe/Amsterdam
    windows: {grace: P10D}
    touchpoints:
      - {id: guide, name: Guide, stage: information, channels: [website]}
      - {id: form, name: Form, stage: transaction, channels: [website, paper], action: started}
      - {id: desk, name: Desk, stage: transaction, channels: [in_person], action: completed}
    instruments:
      - id: page
        about: touchpoint
        constructs: [{construct: satisfaction, scale: "1..5", wording: w1}]
      - id: exit
        about: journey
        constructs: [{construct: satisfaction, scale: "1..5", wording: w1}]
"""
START = at("2026-03-02 09:00")
APPENDED = datetime(2026, 3, 2, tzinfo=UTC)


def catalogue() -> Catalogue:
    """One agency with one service, in Amsterdam."""
    return load([("town.yaml", CATALOGUE)])


@cache
def rules() -> Rules:
    """The rules of that catalogue."""
    return rules_from(catalogue())


def journey(ident: str = "1", **changes: Any) -> JourneySnapshot:
    """A journey that started online, is open, and was seen at the form."""
    ordinary: dict[str, Any] = {
        "id": uid(ident),
        "version": 1,
        "clock": "live",
        "pseudonym": pseudonym(ident),
        "identity": "linked",
        "agency": "town",
        "service": "permit",
        "status": "open",
        "turn": "citizen",
        "outcome": "open",
        "opened": START,
        "started": START,
        "entries": 1,
        "first_channel": "website",
        "touchpoints": (visit(),),
        "last_touchpoint": "form",
        "alone": True,
    }
    return JourneySnapshot.model_validate(ordinary | changes)


def ended(ident: str = "1", hours: float = 2, **changes: Any) -> JourneySnapshot:
    """The same journey, completed some hours after its start."""
    ordinary = {
        "version": 2,
        "status": "ended",
        "outcome": "success",
        "ended": START + timedelta(hours=hours),
    }
    return journey(ident, **(ordinary | changes))


def visit(touchpoint: str = "form", **changes: Any) -> TouchpointVisit:
    """One visit of a touchpoint, online, at the start."""
    ordinary = {
        "touchpoint": touchpoint,
        "stage": "transaction",
        "count": 1,
        "first": START,
        "last": START,
        "channel": "website",
        "initiator": "citizen",
    }
    return TouchpointVisit.model_validate(ordinary | changes)


def step(action: str = "answered", answer: int | None = None, **changes: Any) -> SurveyStep:
    """A step of the exit survey, about the journey, an hour after the start."""
    ordinary: dict[str, Any] = {
        "time": START + timedelta(hours=1),
        "action": action,
        "touchpoint": "desk",
        "channel": "website",
        "provenance": "self_reported",
        "about": "journey",
        "construct": "satisfaction",
        "scale": "1..5",
        "answer": answer,
        "instrument": "exit",
        "wording": "w1",
    }
    return SurveyStep.model_validate(ordinary | changes)


def contact(hours: float = 1, **changes: Any) -> ContactMade:
    """The citizen calls the help line, some hours after the start."""
    ordinary: dict[str, Any] = {
        "time": START + timedelta(hours=hours),
        "touchpoint": "line",
        "channel": "phone",
        "initiator": "citizen",
        "provenance": "observed",
    }
    return ContactMade.model_validate(ordinary | changes)


def bucket(**changes: Any) -> Bucket:
    """Three unlinked visits of the guide in one hour."""
    ordinary: dict[str, Any] = {
        "version": 1,
        "clock": "live",
        "agency": "town",
        "service": "permit",
        "touchpoint": "guide",
        "stage": "information",
        "channel": "website",
        "quality": "valid",
        "provenance": "observed",
        "hour": START,
        "actions": {"visited": 3},
    }
    return Bucket.model_validate(ordinary | changes)


def progress(watermark: datetime, **changes: Any) -> Progress:
    """A live tick of partition 0."""
    ordinary: dict[str, Any] = {
        "partition": 0,
        "clock": "live",
        "watermark": watermark,
        "applied": 0,
        "account": Account(),
    }
    return Progress.model_validate(ordinary | changes)


def record(offset: int, body: Contract) -> Record:
    """A snapshot, bucket or progress as it lies on journeys.v1."""
    kind, key = "progress", "progress/0/live"
    if isinstance(body, JourneySnapshot):
        kind, key = "journey", str(body.id)
    elif isinstance(body, Bucket):
        kind, key = "bucket", f"bucket/0/live/{body.touchpoint}"
    return Record(offset, APPENDED, kind, key.encode(), encode(body))
