"""Metric messages as the metrics service would send them: `message(...)` builds the one that a test
is about, `year.py` a year of a passport renewal. Intervals are rough: publish only shows them.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.catalogue import Catalogue, Service, load
from schemas.journey import Account
from schemas.metric import ClockProgress, Dimensions, MetricMessage
from schemas.vocabulary import Level, PeriodKind, PublishState
from tests.unit.schemas.deciding import authority

AUTHORITY = authority()
ZONE = ZoneInfo("Europe/Tallinn")
NOW = datetime(2026, 9, 15, 12, 0, 30, tzinfo=UTC)
MONTHS = tuple(date(2026, month, 1) for month in range(1, 10))
SURVEY = {
    "instrument": "passport-journey",
    "construct": "satisfaction",
    "scale": "1..5",
    "wording": "passport-journey-en-1",
}
PAGE = SURVEY | {"instrument": "passport-page", "wording": "passport-page-en-1"}
_CATALOGUE = """
agency: passport-office
contact: feedback@passports.example
services:
  - id: passport-renewal
    name: Passport renewal
    owner: Head of Identity Documents
    time_zone: Europe/Tallinn
    touchpoints:
      - {id: expiry-reminder, name: Your passport expires, stage: need,
         channels: [email, sms], initiator: agency}
      - {id: guidance, name: "Photos, fees and times", stage: information,
         channels: [website, mobile_app, chatbot]}
      - {id: help-phone, name: Call to the passport line, stage: information, channels: [phone],
         action: contacted}
      - {id: renewal-start, name: Start of the renewal, stage: transaction,
         channels: [website, mobile_app, in_person, kiosk], action: started}
      - {id: renewal-photo, name: Photo, stage: transaction,
         channels: [website, mobile_app, in_person, kiosk], action: saved}
      - {id: renewal-payment, name: Payment, stage: transaction,
         channels: [website, mobile_app, in_person, kiosk]}
      - {id: renewal-sent, name: Renewal sent, stage: transaction,
         channels: [website, in_person, paper, post, kiosk], action: submitted}
      - {id: passport-ready, name: Passport ready, stage: transaction,
         channels: [email, sms, post], initiator: agency, action: decided}
      - {id: collection, name: Collection of the passport, stage: follow_up,
         channels: [in_person, post], action: followed_up}
    instruments:
      - id: passport-journey
        about: journey
        constructs:
          - {construct: satisfaction, scale: 1..5, wording: passport-journey-en-1}
          - {construct: trust, scale: 1..5, wording: passport-trust-en-1}
          - {construct: reuse_intent, scale: 1..10, wording: passport-reuse-en-1}
      - id: passport-page
        about: touchpoint
        constructs:
          - {construct: satisfaction, scale: 1..5, wording: passport-page-en-1}
          - {construct: trust, scale: 1..5, wording: passport-page-trust-en-1}
    changes:
      - id: photo-help
        date: 2026-05-18
        touchpoint: renewal-photo
        owner: Photo team
        finding: {metric_id: step_dropoff, period: 2026-03}
        changed: The photo step shows a picture of what will be refused, and takes one again.
      - id: phone-menu
        date: 2026-08-03
        owner: Head of the passport line
        finding: {metric_id: help_reachability, period: 2026-Q2}
        changed: The phone menu is two questions shorter.
        comparison: lost-passport
  - id: lost-passport
    name: Lost passport
    owner: Head of Identity Documents
    time_zone: Europe/Tallinn
    touchpoints:
      - {id: report, name: Report of the loss, stage: transaction, channels: [phone]}
"""


def catalogue() -> Catalogue:
    """Two services of one agency; nothing is ever measured at the second."""
    return load([("passport-office.yaml", _CATALOGUE)])


def passport() -> Service:
    """The service the messages are of."""
    return catalogue().services["passport-renewal"]


def message(metric_id: str = "completion_rate.live", **changes: Any) -> MetricMessage:
    """One message; fields of the dimensions may be given like any other."""
    names = set(Dimensions.model_fields)
    dimensions = {"agency": "passport-office", "service": "passport-renewal"}
    dimensions |= {name: changes.pop(name) for name in names & set(changes)}
    values: dict[str, Any] = {
        "metric_id": metric_id,
        "period": PeriodKind.ROLLING_28D,
        "period_start": datetime(2026, 8, 18, 21, tzinfo=UTC),
        "period_end": datetime(2026, 9, 15, 21, tzinfo=UTC),
        "time_zone": "Europe/Tallinn",
        "level": Level.TOUCHPOINT if "touchpoint" in dimensions else Level.SERVICE,
        "dimensions": Dimensions(**dimensions),
        "n": 1_200,
        "state": PublishState.OK,
        "clocks": ("live",),
    }
    return MetricMessage(**(values | changes))


def of_month(month: date) -> dict[str, Any]:
    """The period fields of a calendar month."""
    end = (month + timedelta(days=32)).replace(day=1)
    return {
        "period": PeriodKind.MONTH,
        "period_start": datetime(month.year, month.month, 1, tzinfo=ZONE),
        "period_end": datetime(end.year, end.month, 1, tzinfo=ZONE),
    }


def rate(metric_id: str, numerator: int, n: int, **changes: Any) -> MetricMessage:
    """A share with an interval and the state that its n asks for."""
    if n == 0:
        return message(metric_id, n=0, state=PublishState.LOW_N, **changes)
    share = numerator / n
    half = 1.96 * (max(share * (1 - share), 0.01) / n) ** 0.5
    values: dict[str, Any] = {
        "n": n,
        "numerator": numerator,
        "denominator": n,
        "value": share,
        "ci_low": max(share - half, 0),
        "ci_high": min(share + half, 1),
        "ci_method": "wilson",
        "state": PublishState.OK if n >= 30 else PublishState.LOW_N,
    }
    return message(metric_id, **(values | changes))


def progress(**changes: Any) -> ClockProgress:
    """The live clock, ten seconds ago."""
    values: dict[str, Any] = {
        "clock": "live",
        "watermark": NOW - timedelta(minutes=2),
        "last": False,
        "account": Account(applied=48_211, duplicate=311, late=12),
        "shares": {"late_share": 0.004, "duplicate_share": 0.0064, "rejected_share": None},
        "partitions": 6,
        "partitions_caught_up": 6,
        "sent_at": NOW - timedelta(seconds=10),
    }
    return ClockProgress(**(values | changes))
