"""In which language a channel sends: apps speak Segment's, sites Snowplow's or Matomo's, and
whatever those cannot say goes as CloudEvents.

The language of an event depends on nothing but its source and what it says, so that a repeat is
told as it was the first time.
"""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from deploy.demo.story import Fate, Sending

SITES = {
    f"{clock}{stem}-web": str(number)
    for number, (clock, stem) in enumerate(
        ((c, s) for c in ("", "demo-") for s in ("permit", "claim", "passport")), start=1
    )
}
_PAYLOAD = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
_EVENT = "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0"
_CONTEXTS = "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1"
_OURS = "iglu:gov.example/throughline/jsonschema/1-0-0"
_CONTACT = "iglu:gov.example/contact/jsonschema/1-0-0"
_IDENTIFIERS = ("citizen", "visitor")
_SAID_BY_MATOMO = frozenset({"service", "channel"})


@dataclass(frozen=True)
class Asked:
    """One request, and the events in it. Where the client is told no more than yes, `says_each` is
    False.
    """

    path: str
    body: bytes
    headers: Mapping[str, str]
    sendings: Sequence[Sending]
    says_each: bool = False


def requests(batch: Sequence[Sending]) -> Iterator[Asked]:
    """The requests by which the events of one source are sent."""
    by_language: dict[str, list[Sending]] = defaultdict(list)
    for sending in batch:
        by_language[_language(sending)].append(sending)
    for language, sendings in by_language.items():
        yield _ASK[language](sendings)


def cloudevents(batch: Sequence[Sending]) -> Asked:
    """A batch, or one event as structured or (by its id) binary CloudEvent."""
    token = {"Authorization": f"Bearer {batch[0].source}-token"}
    if len(batch) > 1:
        body: object = [event(sending) for sending in batch]
        headers = {**token, "Content-Type": "application/cloudevents-batch+json"}
    elif len(batch[0].id) % 2:
        body, headers = event(batch[0]), {**token, "Content-Type": "application/cloudevents+json"}
    else:
        alone = event(batch[0])
        body = alone.pop("data")
        attributes = {f"ce-{name}": str(value) for name, value in alone.items()}
        headers = {**token, **attributes, "Content-Type": "application/json"}
    return Asked("/v1/events", json.dumps(body).encode(), headers, batch, says_each=True)


def event(sending: Sending) -> dict[str, Any]:
    """The CloudEvent of a sending."""
    return {
        "specversion": "1.0",
        "id": sending.id,
        "source": sending.origin,
        "type": sending.type,
        "time": sending.time.isoformat(),
        **sending.attributes,
        "data": dict(sending.data),
    }


def _language(sending: Sending) -> str:
    # Only here a sender hears which of its events were refused.
    if sending.fate is Fate.REJECTED:
        return "cloudevents"
    if sending.source.endswith("-app"):
        return "cloudevents" if _is_on_a_page(sending) else "segment"
    if sending.source not in SITES:
        return "cloudevents"
    if _is_on_a_page(sending):
        is_plain = sending.data.keys() <= _SAID_BY_MATOMO and sending.data["channel"] == "website"
        return "matomo" if is_plain and not sending.attributes else "cloudevents"
    return "cloudevents" if sending.time.microsecond % 1000 else "snowplow"


def _is_on_a_page(sending: Sending) -> bool:
    """The address it comes from says where it was."""
    return "://" in sending.origin


def _segment(batch: Sequence[Sending]) -> Asked:
    """As a server's library sends it."""
    key = base64.b64encode(f"{batch[0].source}-key:".encode()).decode()
    body = {"batch": [_call(sending) for sending in batch]}
    return Asked("/v1/batch", json.dumps(body).encode(), {"Authorization": f"Basic {key}"}, batch)


def _call(sending: Sending) -> dict[str, Any]:
    is_test = {"test": True} if sending.attributes.get("test") else {}
    agent = sending.attributes.get("useragent")
    return {
        "type": "track",
        "event": sending.type,
        "messageId": sending.id,
        "timestamp": sending.time.isoformat(),
        **_named(sending, "userId", "anonymousId"),
        "context": {
            "throughline": {**_rest(sending), **is_test},
            **({"userAgent": agent} if agent else {}),
        },
    }


def _snowplow(batch: Sequence[Sending]) -> Asked:
    """As a site's tracker sends it."""
    body = {"schema": _PAYLOAD, "data": [_tracked(sending) for sending in batch]}
    headers = {"Content-Type": "application/json"}
    return Asked("/com.snowplowanalytics.snowplow/tp2", json.dumps(body).encode(), headers, batch)


def _tracked(sending: Sending) -> dict[str, str]:
    is_test = {"test": True} if sending.attributes.get("test") else {}
    ours = {"schema": _OURS, "data": {**_rest(sending), **is_test}}
    agent = sending.attributes.get("useragent")
    what = {"schema": _schema(sending), "data": {}}
    return {
        "e": "ue",
        "eid": sending.id,
        "aid": sending.source,
        "ttm": str(_milliseconds(sending.time)),
        **_named(sending, "uid", "duid"),
        "ue_pr": json.dumps({"schema": _EVENT, "data": what}),
        "co": json.dumps({"schema": _CONTEXTS, "data": [ours]}),
        **({"ua": agent} if agent else {}),
    }


def _schema(sending: Sending) -> str:
    """An event that a rule has to find is named as its rule says."""
    if sending.data.get("touchpoint") is not None:
        return _CONTACT
    return f"iglu:gov.example/{quote(sending.type)}/jsonschema/1-0-0"


def _matomo(batch: Sequence[Sending]) -> Asked:
    """As a site's tracker sends what it held back."""
    views = [
        {
            "idsite": SITES[sending.source],
            "rec": 1,
            "url": sending.origin,
            "cdt": sending.time.isoformat(),
            "rand": sending.id,
        }
        for sending in batch
    ]
    body = {"requests": [f"?{urlencode(view)}" for view in views]}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Asked("/matomo.php", json.dumps(body).encode(), headers, batch)


def _named(sending: Sending, citizen: str, visitor: str) -> dict[str, Any]:
    names = dict(zip(_IDENTIFIERS, (citizen, visitor), strict=True))
    return {name: sending.data[own] for own, name in names.items() if own in sending.data}


def _rest(sending: Sending) -> dict[str, Any]:
    return {name: value for name, value in sending.data.items() if name not in _IDENTIFIERS}


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)


_ASK = {
    "cloudevents": cloudevents,
    "segment": _segment,
    "snowplow": _snowplow,
    "matomo": _matomo,
}
