"""The three services as the demo's citizens meet them: which place plays which part.

What a place is (stage, initiator, usual action) is the catalogue's to say and is read from there.
"""

from dataclasses import dataclass
from datetime import timedelta

from schemas.catalogue import Catalogue, Service, Windows
from schemas.vocabulary import Action, Channel


@dataclass(frozen=True)
class Desk:
    """One service. `sender` is the stem of its sources' ids; `days` is how long handling takes."""

    sender: str
    agency: str
    service: Service
    need: str
    start: str
    draft: str
    sent: str
    returned: str
    handled: str
    decided: str
    after: str
    days: tuple[float, float]
    pay: str | None = None

    @property
    def windows(self) -> Windows:
        """How long silence may last here."""
        return self.service.windows

    @property
    def journey_survey(self) -> str:
        """The survey whose answers may be joined to the journey."""
        return f"{self.sender}-journey"

    @property
    def step_survey(self) -> str:
        """What one step asks, whose answers may be joined to the journey too."""
        return f"{self.sender}-step"

    @property
    def agency_survey(self) -> str:
        """The question about trust in the agency, where there is one."""
        return f"{self.sender}-agency"

    @property
    def page_survey(self) -> str:
        """The feedback on one page, which stays unlinked."""
        return f"{self.sender}-page"

    @property
    def withdrawn(self) -> str:
        """Where a person takes back what was sent: a place of its own, or where it was sent."""
        own = (t.id for t in self.service.touchpoints if t.action is Action.WITHDRAWN)
        return next(own, self.sent)

    @property
    def digital_start(self) -> tuple[Channel, ...]:
        """The channels on which a form can be begun and saved."""
        draft = self.service.by_touchpoint[self.draft].channels
        return tuple(c for c in draft if c in (Channel.WEBSITE, Channel.MOBILE_APP))


_SENDER_OF = {
    Channel.WEBSITE: "web",
    Channel.CHATBOT: "web",
    Channel.LIVE_CHAT: "web",
    Channel.MOBILE_APP: "app",
    Channel.PHONE: "phone",
    Channel.AUTOMATED_PHONE: "phone",
    Channel.IN_PERSON: "counter",
    Channel.KIOSK: "counter",
}

_PAY = {"passport-renewal": "renewal-payment"}
# service: (sender, need, start, draft, sent, returned, handled, decided, after, days of handling)
_PARTS = {
    "building-permit": (
        "permit",
        ("permit-check", "application-start", "application-plans", "receipt"),
        ("missing-papers", "handling", "decision", "after-decision"),
        (4.0, 40.0),
    ),
    "benefit-claim": (
        "claim",
        ("eligibility-check", "claim-start", "claim-income", "claim-sent"),
        ("evidence-request", "assessment", "award-letter", "first-payment"),
        (2.0, 21.0),
    ),
    "passport-renewal": (
        "passport",
        ("expiry-reminder", "renewal-start", "renewal-photo", "renewal-sent"),
        ("photo-refused", "production", "passport-ready", "collection"),
        (1.0, 12.0),
    ),
}
FOLLOW_UP_MARGIN = timedelta(days=2)


def desks(catalogue: Catalogue) -> tuple[Desk, ...]:
    """The desks of the catalogue's services that the demo knows, in the demo's order."""
    return tuple(_desk(catalogue, service) for service in _PARTS)


def source_of(desk: Desk, channel: Channel, place: str, clock: str = "demo") -> str:
    """The id of the source that reports a contact on `channel` at `place`."""
    kind = "survey" if place == "survey" else _SENDER_OF.get(channel, "post-room")
    stem = f"{desk.sender}-{kind}"
    return stem if clock == "live" else f"{clock}-{stem}"


def _desk(catalogue: Catalogue, service: str) -> Desk:
    sender, to_citizen, to_agency, days = _PARTS[service]
    need, start, draft, sent = to_citizen
    returned, handled, decided, after = to_agency
    return Desk(
        sender=sender,
        agency=catalogue.agency_of[service],
        service=catalogue.services[service],
        need=need,
        start=start,
        draft=draft,
        sent=sent,
        returned=returned,
        handled=handled,
        decided=decided,
        after=after,
        days=days,
        pay=_PAY.get(service),
    )
