"""rudder-sdk-python as a channel owner uses it: python rudder_sender.py URL-of-ingest [KEY]."""

import sys

from rudderstack.analytics import Client

KEY = (sys.argv[2:] or ["seg-7"])[0]
failed = []
client = Client(KEY, host=sys.argv[1], on_error=lambda *why: failed.append(why))
client.identify("42", {"name": "Jo"})
client.page("42", name="Parking", properties={"url": "https://town.example/parking/page"})
client.track("42", "parking.sent")
client.track(
    "42", "Application Error", context={"throughline": {"touchpoint": "page", "action": "failed"}}
)
client.shutdown()
sys.exit(str(failed) if failed else 0)
