"""Every client for Python in one process: python all_senders.py URL-of-ingest.

A line `STEP [TIME]` on its input is a view, an event and an error by each, and who it is where that
is a call of its own; each of a citizen of its own. What has no client that sends by itself is sent
again until the answer is yes.
"""

import http.client
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from rudderstack.analytics import Client as Rudder
from segment.analytics import Client as Segment
from snowplow_tracker import (
    Emitter,
    PageView,
    SelfDescribing,
    SelfDescribingJson,
    StructuredEvent,
    Subject,
    Tracker,
)
from standardwebhooks.webhooks import Webhook

HOST = sys.argv[1]
PAGE = "https://town.example/parking/page"
FAULT = "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2"
SECRET = "whsec_Zmlyc3Qgc2VjcmV0"
# What Segment's and RudderStack's calls have no field for.
FAILED_ON_PAGE = {"throughline": {"touchpoint": "page", "action": "failed"}}
Call = Callable[[str, datetime | None], object]

emitter = Emitter(HOST.removeprefix("http://"), protocol="http", batch_size=1)
tracker = Tracker("town", emitter, app_id="town-app")


def to_snowplow(make: Callable[..., Any]) -> Call:
    def call(citizen: str, at: datetime | None) -> None:
        subject = Subject().set_user_id(citizen)
        event = make(event_subject=subject, true_timestamp=at and at.timestamp() * 1000)
        event.payload.add("url", PAGE)
        tracker.track(event)

    return call


def to_segment(client: Any) -> dict[str, Call]:
    """RudderStack's has the same calls."""
    error, failed = "Application Error", FAILED_ON_PAGE
    return {
        "view": lambda who, at: client.page(who, timestamp=at, properties={"url": PAGE}),
        "custom": lambda who, at: client.track(who, "parking.sent", timestamp=at),
        "failed": lambda who, at: client.track(who, error, timestamp=at, context=failed),
        "identify": lambda who, at: client.identify(who, {"name": "Jo"}, timestamp=at),
    }


def to_us(render: Callable[[CloudEvent], Any], kind: str, **more: str) -> Call:
    """A CloudEvent; whoever makes it sends it."""

    def call(citizen: str, at: datetime | None) -> None:
        told = {"id": citizen, "source": "/cloudevents-py", "type": kind}
        data = {"service": "parking", "citizen": citizen, **more}
        event = CloudEvent(attributes={**told, "time": at or datetime.now(UTC)}, data=data)
        message = render(event)
        headers = {**message.headers, "Authorization": "Bearer web-token"}
        _post_until_yes("/v1/events", message.body, headers)

    return call


def webhook(**told: str) -> Call:
    def call(citizen: str, at: datetime | None) -> None:
        now = datetime.now(UTC)
        happened = {"at": at.isoformat()} if at else {}
        body = json.dumps({"id": f"r-{citizen}", "citizen": citizen, **told, **happened})
        headers = {
            "webhook-id": citizen,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(citizen, now, body),
        }
        _post_until_yes("/webhooks/tool", body, headers)

    return call


def ga4(name: str) -> Call:
    def call(citizen: str, at: datetime | None) -> None:
        happened = int((at or datetime.now(UTC)).timestamp() * 1_000_000)
        event = {"name": name, "params": {"page_location": PAGE}}
        body = {"user_id": citizen, "timestamp_micros": happened, "events": [event]}
        _post_until_yes("/mp/collect?api_secret=web-token", json.dumps(body), {})

    return call


def _post_until_yes(path: str, body: str | bytes, headers: dict[str, str]) -> None:
    while True:
        connection = http.client.HTTPConnection(urlsplit(HOST).netloc, timeout=15)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        if answer.status < 300:
            return
        time.sleep(int(answer.headers["Retry-After"]))


CLIENTS: dict[str, dict[str, Call]] = {
    "snowplow-py": {
        "view": to_snowplow(lambda **more: PageView(PAGE, **more)),
        "custom": to_snowplow(lambda **more: StructuredEvent("form", "kept", **more)),
        "failed": to_snowplow(
            lambda **more: SelfDescribing(SelfDescribingJson(FAULT, {"message": "x"}), **more)
        ),
    },
    "segment-py": to_segment(Segment("seg-7", host=HOST, gzip=True)),
    "rudder-py": to_segment(Rudder("seg-7", host=HOST)),
    "cloudevents-py": {
        "view": to_us(to_structured_event, "parking.visit", touchpoint="page"),
        "custom": to_us(to_binary_event, "parking.sent"),
        "failed": to_us(to_binary_event, "parking.error", touchpoint="page", action="failed"),
    },
    "webhook": {
        "view": webhook(page=PAGE),
        "custom": webhook(name="parking.sent"),
        "failed": webhook(name="page/failed"),
    },
    "ga4": {"view": ga4("page_view"), "custom": ga4("parking.sent"), "failed": ga4("exception")},
}
# Each client in a thread of its own, since some wait for the answer.
threads = {client: ThreadPoolExecutor(1) for client in CLIENTS}
for line in sys.stdin:
    step, _, told = line.strip().partition(" ")
    instant = datetime.fromisoformat(told) if told else None
    for client, calls in CLIENTS.items():
        for kind, call in calls.items():
            threads[client].submit(call, f"who.{client}.{kind}.{step}", instant)
os._exit(0)
