"""cloudevents as a channel owner uses it: python cloudevents_sender.py URL-of-ingest."""

import http.client
import json
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

SAID: tuple[tuple[str, dict[str, str]], ...] = (
    ("parking.visit", {"touchpoint": "page"}),
    ("parking.sent", {}),
    ("parking.error", {"touchpoint": "page", "action": "failed"}),
)

for render in (to_binary_event, to_structured_event):
    for number, (kind, more) in enumerate(SAID):
        told = {"id": f"{render.__name__}-{number}", "source": "/cloudevents-py", "type": kind}
        data = {"service": "parking", "citizen": "42", **more}
        message = render(CloudEvent(attributes={**told, "time": datetime.now(UTC)}, data=data))
        headers = {**message.headers, "Authorization": "Bearer web-token"}
        connection = http.client.HTTPConnection(urlsplit(sys.argv[1]).netloc, timeout=5)
        connection.request("POST", "/v1/events", message.body, headers)
        answer = connection.getresponse().read()
        if json.loads(answer)["accepted"] != 1:
            sys.exit(answer.decode())
