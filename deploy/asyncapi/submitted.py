"""What internal systems put on the inbox: a CloudEvent as ingest reads it, which is no record of
ours. Its model is made here of what ingest admits, for the document alone.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from schemas.model import Instant
from services.ingest.domain.submitted_event import SubmittedEvent


class SubmittedRecord(BaseModel):
    """A CloudEvent 1.0 of a source, structured; in binary mode its attributes are headers `ce_…`
    and the value is `data`. The header `authorization` holds the source's token.
    """

    model_config = ConfigDict(extra="allow")

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    time: Instant | None = None
    data: SubmittedEvent


NAME = "submitted_record"
HEADERS = {"content-type": "application/cloudevents+json"}
ASKED = {"authorization": "^Bearer .+$"}
EXAMPLE: dict[str, Any] = {
    "specversion": "1.0",
    "id": "17",
    "source": "/case-system",
    "type": "case.seen",
    "time": "2026-03-02T09:15:00Z",
    "data": {
        "service": "building-permit",
        "touchpoint": "help-counter",
        "channel": "in_person",
        "case": "BP-2026-0042",
    },
}
