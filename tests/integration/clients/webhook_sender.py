"""standardwebhooks as a survey tool uses it: python webhook_sender.py URL-of-ingest."""

import http.client
import json
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook

SECRET = "whsec_Zmlyc3Qgc2VjcmV0"
ANSWERS = {"how-satisfied": 4, "citizen": "42"}


def post(number: int, event: str, survey: str) -> None:
    data = {"id": f"r-{survey}", "surveyId": survey, "data": ANSWERS}
    body, at = json.dumps({"webhookId": "w-1", "event": event, "data": data}), datetime.now(UTC)
    headers = {
        "content-type": "application/json",
        "webhook-id": f"msg-{number}",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(f"msg-{number}", at, body),
    }
    connection = http.client.HTTPConnection(urlsplit(sys.argv[1]).netloc, timeout=5)
    connection.request("POST", "/webhooks/survey", body, headers)
    response = connection.getresponse()
    if response.status != 200:
        sys.exit(response.read().decode())


post(1, "responseCreated", "journey-form")
post(2, "responseFinished", "journey-form")
post(3, "responseFinished", "contact-form")
