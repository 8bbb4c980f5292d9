"""Whether a webhook's tool made a request: signed, with a secret of its source, just now.

Our own few lines, since the kept library reads the clock itself and raises whatever a header of a
stranger makes it raise; tests sign with it.
"""

import base64
import hmac
from datetime import datetime, timedelta

from services.ingest.domain.hook import Hook
from services.ingest.domain.protocols.protocol import Request
from services.ingest.domain.protocols.webhook import SIGNED_FIELD

TOLERANCE = timedelta(minutes=5)
_MOST_SIGNATURES = 20
_NOT_OURS = "made with none of this source's secrets"


def fault(hook: Hook, request: Request, now: datetime) -> str | None:
    """Why the request is not taken for its tool's; None when it is."""
    if hook.webhook.signature == "qualtrics":
        return _qualtrics(hook, request)
    return _standard(hook, request, now)


def _standard(hook: Hook, request: Request, now: datetime) -> str | None:
    """Standard Webhooks: an HMAC of id, time and body; of several signatures one must fit."""
    parts = [request.headers.get(f"webhook-{part}", "") for part in ("id", "timestamp")]
    told = request.headers.get("webhook-signature", "")
    if not all((*parts, told)):
        return "webhook-id, webhook-timestamp and webhook-signature: are required"
    try:
        age = now.timestamp() - int(parts[1][:20])
    except ValueError:
        return "webhook-timestamp: not seconds since 1970"
    if abs(age) > TOLERANCE.total_seconds():
        return "webhook-timestamp: more than 5 minutes from our clock; sign anew, or set your clock"
    signed = b".".join((*(part.encode(errors="replace") for part in parts), request.body))
    fitting = [
        b"v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")) for secret in hook.secrets
    ]
    offered = [one.encode(errors="replace") for one in told.split(" ")[:_MOST_SIGNATURES]]
    if any(hmac.compare_digest(one, other) for one in fitting for other in offered):
        return None
    return f"webhook-signature: {_NOT_OURS}"


def _qualtrics(hook: Hook, request: Request) -> str | None:
    """Qualtrics: an HMAC in the form, of the message beside it. JSON in which a form is hidden is
    none.
    """
    message, told = request.form.get(SIGNED_FIELD, ""), request.form.get("HMAC", "")
    if not (message and told) or request.json is not None:
        return "MSG and HMAC: are required, since the subscription has a shared key"
    fitting = [hmac.digest(secret, message.encode(), "sha512").hex() for secret in hook.secrets]
    offered = told.lower().encode(errors="replace")
    if any(hmac.compare_digest(one.encode(), offered) for one in fitting):
        return None
    return f"HMAC: {_NOT_OURS}"
