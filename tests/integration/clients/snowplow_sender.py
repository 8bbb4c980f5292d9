"""snowplow-tracker as a channel owner uses it: python snowplow_sender.py URL-of-ingest."""

import sys

from snowplow_tracker import (
    Emitter,
    PageView,
    SelfDescribing,
    SelfDescribingJson,
    StructuredEvent,
    Subject,
    Tracker,
)

PAGE = "https://town.example/parking/page"
KEPT = "iglu:town.example/form_kept/jsonschema/1-0-0"
FAULT = "iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-2"

host = sys.argv[1].removeprefix("http://")
for method, is_encoded in (("post", True), ("post", False), ("get", True)):
    emitter = Emitter(host, protocol="http", method=method, batch_size=2)
    tracker = Tracker("town", emitter, app_id="town-app", encode_base64=is_encoded)
    subject = Subject().set_user_id("42")
    tracker.track(PageView(PAGE, "Parking", event_subject=subject))
    tracker.track(SelfDescribing(SelfDescribingJson(KEPT, {}), event_subject=subject))
    tracker.track(StructuredEvent("form", "kept", event_subject=subject))
    fault = SelfDescribing(SelfDescribingJson(FAULT, {"message": "x"}), event_subject=subject)
    fault.payload.add("url", PAGE)
    tracker.track(fault)
    tracker.flush()
