"""Metric messages as the metrics service would send them: a year of a passport renewal, in memory.

`passport_year()` with `progress()` fills a page; `message(...)` builds one that a test is about.
Intervals are rough: publish only shows them.
"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from schemas.catalogue import Catalogue, Service, load
from schemas.journey import Account
from schemas.metric import ClockProgress, Dimensions, MetricMessage
from schemas.vocabulary import Flag, Level, PeriodKind, PublishState

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
  - id: lost-passport
    name: Lost passport
    owner: Head of Identity Documents
    time_zone: Europe/Tallinn
    touchpoints:
      - {id: report, name: Report of the loss, stage: transaction, channels: [phone]}
"""
# touchpoint: share of the journeys that come by, share of those that end there, satisfaction
_PLACES = {
    "expiry-reminder": (0.62, None, None),
    "guidance": (0.81, None, 0.74),
    "help-phone": (0.17, None, 0.58),
    "renewal-start": (0.90, 0.031, 0.81),
    "renewal-photo": (0.86, 0.094, 0.55),
    "renewal-payment": (0.78, 0.022, 0.79),
    "renewal-sent": (0.80, 0.012, 0.83),
    "passport-ready": (0.76, None, None),
    "collection": (0.74, None, 0.88),
}


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
        "partitions": 6,
        "partitions_caught_up": 6,
        "sent_at": NOW - timedelta(seconds=10),
    }
    return ClockProgress(**(values | changes))


def passport_year() -> list[MetricMessage]:
    """Nine months and the newest 28 days; the last two months are provisional, one was revised."""
    chance = random.Random(9)
    messages = list(_period(1_180, 0.846, chance, {"flags": (Flag.PROVISIONAL,)}))
    for index, month in enumerate(MONTHS):
        changes = of_month(month)
        if index >= 7:
            changes["flags"] = (Flag.PROVISIONAL,)
        if index == 4:
            changes |= {"flags": (Flag.REVISED,), "revision": 2, "revision_reason": "late_entry"}
        messages += _period(900 + 40 * index, 0.74 + 0.012 * index, chance, changes)
    return messages


def _period(
    journeys: int, completed: float, chance: random.Random, changes: dict[str, Any]
) -> Iterator[MetricMessage]:
    done = round(journeys * completed)
    yield from _completion(journeys, done, changes)
    yield from _opinion(round(journeys * 0.21), chance.uniform(0.7, 0.8), changes)
    yield from _times(done, changes)
    for touchpoint, (visited, left, liked) in _PLACES.items():
        yield from _place(touchpoint, round(journeys * visited), (left, liked), changes)


def _completion(journeys: int, done: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    ended = {
        "success": done - 21,
        "negative_but_correct": 21,
        "abandoned": round((journeys - done) * 0.55),
        "expired": round((journeys - done) * 0.18),
        "withdrawn": round((journeys - done) * 0.12),
        "undecided": round((journeys - done) * 0.1),
        "error": round((journeys - done) * 0.05),
        "informed": 143,
    }
    total = sum(ended.values())
    yield rate("completion_rate.live", done, total - 143, **changes)
    bounds = {"value": None, "ci_low": 0.71, "ci_high": 0.9, "ci_method": "bounds"}
    if Flag.PROVISIONAL in changes.get("flags", ()):
        yield rate("completion_rate.gds", done, journeys, **(changes | bounds))
    else:
        yield rate("completion_rate.gds", done - 6, journeys, **changes)
    for key, share in (("1h", 0.02), ("1d", 0.11), ("7d", 0.52), ("28d", 0.81)):
        yield rate(f"completion_within.{key}", round(done * share), journeys, **changes)
    yield rate("abandonment_rate", ended["abandoned"] + ended["expired"], total - 143, **changes)
    yield rate("undecided_rate", ended["undecided"], total - 143, **changes)
    counted: dict[str, Any] = {"n": total, "numerator": total, "value": total}
    yield message("journeys_ended", distribution=ended, **counted, **changes)
    started: dict[str, Any] = {"n": journeys, "numerator": journeys, "value": journeys}
    yield message("journeys_started", **started, **changes)


def _opinion(answers: int, score: float, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    asked = SURVEY | changes
    yield rate("satisfaction.linear", round(answers * score), answers, **asked)
    yield rate("satisfaction.top2", round(answers * (score + 0.06)), answers, **asked)
    offers = changes | {"instrument": "passport-journey"}
    yield rate("response_rate", answers, round(answers / 0.34), **offers)


def _times(done: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    day = 86_400.0
    spans: dict[str, float | None] = {
        "time_to_complete.completed.p50": 6.3 * day,
        "time_to_complete.completed.p90": 17.8 * day,
        "time_to_complete.started.p50": 8.9 * day,
        "time_to_complete.started.p90": None,
        "time_to_decision.p50": 4.1 * day,
        "time_to_decision.p90": 9.6 * day,
    }
    for metric_id, value in spans.items():
        yield message(metric_id, n=done, denominator=done, value=value, **changes)


def _place(
    touchpoint: str,
    visited: int,
    shares: tuple[float | None, float | None],
    changes: dict[str, Any],
) -> Iterator[MetricMessage]:
    here = changes | {"touchpoint": touchpoint}
    counted: dict[str, Any] = {"n": visited, "numerator": visited, "value": visited}
    yield message("touchpoint_journeys", **counted, **here)
    contacts = round(visited * 1.4)
    yield message("touchpoint_events", **here, n=contacts, value=contacts)
    left, liked = shares
    if left is not None:
        gone = round(visited * left)
        reasons = {"abandoned": gone - gone // 3 - gone // 9, "expired": gone // 3}
        told = {"distribution": reasons | {"error": gone // 9}}
        yield rate("step_dropoff", gone, visited, **here, **told)
    if liked is not None:
        yield from _liked(touchpoint, visited, liked, here)


def _liked(
    touchpoint: str, visited: int, liked: float, here: dict[str, Any]
) -> Iterator[MetricMessage]:
    """The phone line has few answers, payment too few to show."""
    answers = {"help-phone": 17, "renewal-payment": 3}.get(touchpoint, round(visited * 0.08))
    asked = PAGE | here
    if answers < 5:
        asked["state"] = PublishState.SUPPRESSED
    yield rate("satisfaction.linear", round(answers * liked), answers, **asked)
    yield rate("satisfaction.top2", round(answers * liked * 0.96), answers, **asked)
