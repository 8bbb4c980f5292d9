"""Every client for Python in one process: python all_senders.py URL-of-ingest.

A line `STEP [TIME]` on its input is one view of a page by each, of a citizen of its own (for a
webhook, one form). What has no client that sends by itself is sent again until the answer is yes.
"""

import http.client
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from urllib.parse import urlsplit

from rudderstack.analytics import Client as Rudder
from segment.analytics import Client as Segment
from snowplow_tracker import Emitter, PageView, Subject, Tracker
from standardwebhooks.webhooks import Webhook

HOST = sys.argv[1]
PAGE = "https://town.example/parking/page"
SECRET = "whsec_Zmlyc3Qgc2VjcmV0"

emitter = Emitter(HOST.removeprefix("http://"), protocol="http", batch_size=1)
tracker = Tracker("town", emitter, app_id="town-app")
segment = Segment("seg-7", host=HOST, gzip=True)
rudder = Rudder("seg-7", host=HOST)


def snowplow(citizen: str, at: datetime | None) -> None:
    subject = Subject().set_user_id(citizen)
    happened = at and at.timestamp() * 1000
    tracker.track(PageView(PAGE, event_subject=subject, true_timestamp=happened))


def webhook(citizen: str, at: datetime | None) -> None:
    now = datetime.now(UTC)
    data = {"id": f"r-{citizen}", "surveyId": "contact-form", "data": {"citizen": citizen}}
    data |= {"updatedAt": at.isoformat()} if at else {}
    body = json.dumps({"event": "responseFinished", "data": data})
    _post_until_yes(
        "/webhooks/survey",
        body,
        {
            "webhook-id": citizen,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(citizen, now, body),
        },
    )


def ga4(citizen: str, at: datetime | None) -> None:
    happened = int((at or datetime.now(UTC)).timestamp() * 1_000_000)
    event = {"name": "page_view", "params": {"page_location": PAGE}}
    body = {"user_id": citizen, "timestamp_micros": happened, "events": [event]}
    _post_until_yes("/mp/collect?api_secret=web-token", json.dumps(body), {})


def _post_until_yes(path: str, body: str, headers: dict[str, str]) -> None:
    while True:
        connection = http.client.HTTPConnection(urlsplit(HOST).netloc, timeout=15)
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        if answer.status < 300:
            return
        time.sleep(int(answer.headers["Retry-After"]))


VIEWS = {
    "snowplow-py": snowplow,
    "segment-py": lambda who, at: segment.page(who, timestamp=at, properties={"url": PAGE}),
    "rudder-py": lambda who, at: rudder.page(who, timestamp=at, properties={"url": PAGE}),
    "webhook": webhook,
    "ga4": ga4,
}
# Each in a thread of its own, since some wait for the answer.
threads = {who: ThreadPoolExecutor(1) for who in VIEWS}
for line in sys.stdin:
    step, _, told = line.strip().partition(" ")
    instant = datetime.fromisoformat(told) if told else None
    for who, view in VIEWS.items():
        threads[who].submit(view, f"who.{who}.{step}", instant)
os._exit(0)
