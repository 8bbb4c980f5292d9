"""A year of a passport renewal as metric messages: every measure, at every level, in every span.

`passport_year()` with `progress()` fills every page. Seeded: the pictures of the pages are made
from it. Long because it is one table of a whole service.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, Level, PeriodKind, PublishState
from tests.unit.publish.groups import told_of_many
from tests.unit.publish.samples import MONTHS, NOW, PAGE, SURVEY, ZONE, message, of_month, rate

TRUST = SURVEY | {"construct": "trust", "wording": "passport-trust-en-1"}
REUSE = SURVEY | {"construct": "reuse_intent", "scale": "1..10", "wording": "passport-reuse-en-1"}
PAGE_TRUST = PAGE | {"construct": "trust", "wording": "passport-page-trust-en-1"}
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
_START = "renewal-start > renewal-photo > renewal-payment > renewal-sent"
_END = "passport-ready > collection"
_PATHS = {
    f"expiry-reminder > guidance > {_START} > {_END}": (0.31, 0.99, 0.81),
    f"guidance > {_START} > {_END}": (0.17, 0.98, 0.79),
    f"expiry-reminder > {_START} > {_END}": (0.09, 0.99, 0.84),
    "expiry-reminder > guidance > renewal-start > renewal-photo* > renewal-payment > …": (
        0.06,
        0.83,
        0.51,
    ),
    "guidance > renewal-start > renewal-photo": (0.05, 0.0, 0.22),
    f"guidance* > help-phone > {_START} > {_END}": (0.04, 0.97, 0.66),
    "guidance > help-phone": (0.03, 0.0, None),
    "expiry-reminder > guidance > renewal-start": (0.02, 0.0, None),
    f"{_START} > {_END}": (0.02, 0.96, 0.8),
    "help-phone > guidance > renewal-start": (0.01, 0.0, None),
    "other": (0.2, 0.71, 0.64),
}
_MIX = {"website": 0.52, "mobile_app": 0.19, "phone": 0.12, "in_person": 0.11, "post": 0.06}
_SWITCHES = {
    ("website", "phone"): 88,
    ("website", "in_person"): 41,
    ("mobile_app", "website"): 64,
    ("mobile_app", "phone"): 17,
    ("phone", "website"): 22,
    ("in_person", "website"): 6,
}
_REASONS = {"chase": 0.34, "clarify": 0.27, "error": 0.16, "new_need": 0.13, "complaint": 0.1}
_DRIVERS = {
    "effectiveness": 0.42,
    "ease": 0.31,
    "efficiency": 0.08,
    "transparency": -0.05,
    "humanity": 0.22,
    "employee": 0.36,
}
DAY = 86_400.0


def passport_year() -> list[MetricMessage]:
    """Nine months, their quarters, days and hours, and the newest windows; the last two months are
    provisional, one was revised. The same once more for the agency.
    """
    messages = [*_year(random.Random(9), {})]
    whole = {"service": None, "level": Level.AGENCY}
    return [*messages, *_year(random.Random(9), whole)]


def _year(chance: random.Random, of: dict[str, Any]) -> Iterator[MetricMessage]:
    yield from _whole(1_180, 0.846, chance, {"flags": (Flag.PROVISIONAL,)} | of)
    yield from _windows(chance, of)
    for index, month in enumerate(MONTHS):
        changes = of_month(month) | of
        if index >= 7:
            changes["flags"] = (Flag.PROVISIONAL,)
        if index == 4:
            changes |= {"flags": (Flag.REVISED,), "revision": 2, "revision_reason": "late_entry"}
        yield from _whole(900 + 40 * index, 0.74 + 0.012 * index, chance, changes)
    for quarter in (1, 4, 7):
        yield from _whole(3_100, 0.79, chance, _of_quarter(quarter) | of)


def _windows(chance: random.Random, of: dict[str, Any]) -> Iterator[MetricMessage]:
    end = datetime(2026, 9, 15, 21, tzinfo=UTC)
    for kind, days, journeys in (("rolling_365d", 365, 11_900), ("rolling_1d", 2, 83)):
        span = {"period": PeriodKind(kind), "period_start": end - timedelta(days=days)}
        yield from _whole(journeys, 0.81, chance, span | of)
    day = {"period": PeriodKind.DAY}
    for number in range(1, 16):
        start = datetime(2026, 9, number, tzinfo=ZONE)
        span = day | {"period_start": start, "period_end": start + timedelta(days=1)}
        yield from _completion(38 + number % 7, 31, span | of)
    for number in range(15):
        start = datetime(2026, 9, 15, number, tzinfo=ZONE)
        span = {"period": PeriodKind.HOUR, "period_start": start}
        yield from _short(span | {"period_end": start + timedelta(hours=1)} | of)
    last = {"period": PeriodKind.ROLLING_1H, "period_start": NOW - timedelta(hours=1)}
    yield from _short(last | {"period_end": NOW} | of)


def _short(changes: dict[str, Any]) -> Iterator[MetricMessage]:
    yield rate("completion_rate.live", 3, 4, **changes)
    yield counted("journeys_ended", 4, {"distribution": {"success": 3, "abandoned": 1}} | changes)


def _of_quarter(month: int) -> dict[str, Any]:
    return {
        "period": PeriodKind.QUARTER,
        "period_start": datetime(2026, month, 1, tzinfo=ZONE),
        "period_end": datetime(2026, month + 3, 1, tzinfo=ZONE),
    }


def _whole(
    journeys: int, completed: float, chance: random.Random, changes: dict[str, Any]
) -> Iterator[MetricMessage]:
    done = round(journeys * completed)
    yield from _completion(journeys, done, changes)
    yield from _opinion(round(journeys * 0.21), chance.uniform(0.7, 0.8), changes)
    yield from _times(done, changes)
    yield from _contacts(journeys, changes)
    yield from _channels(journeys, done, changes)
    yield from _loyalty(journeys, changes)
    yield from _quality(journeys, changes)
    if changes.get("level") is Level.AGENCY:
        return
    yield from _ways(journeys, changes)
    yield from told_of_many(changes)
    for touchpoint, (visited, left, liked) in _PLACES.items():
        reached = round(journeys * visited)
        is_before_the_change = touchpoint == "renewal-photo" and completed < 0.795
        yield from _place(
            touchpoint, reached, (0.17 if is_before_the_change else left, liked), changes
        )


def counted(metric_id: str, n: int, changes: dict[str, Any]) -> MetricMessage:
    """A plain count."""
    return message(metric_id, n=n, numerator=n, value=n or None, **changes)


def balance(metric_id: str, value: float, n: int, changes: dict[str, Any]) -> MetricMessage:
    """A number of any range with an interval about it."""
    half = 1.4 / max(n, 1) ** 0.5
    state = PublishState.OK if n >= 30 else PublishState.LOW_N
    ends = {"ci_low": value - half, "ci_high": value + half, "ci_method": "adjusted_net"}
    return message(metric_id, n=n, value=value, **({"state": state} | ends | changes))


def _completion(journeys: int, done: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    ended = {
        "success": done - 21,
        "negative_but_correct": 21,
        "abandoned": round((journeys - done) * 0.55),
        "expired": round((journeys - done) * 0.18),
        "withdrawn": round((journeys - done) * 0.12),
        "undecided": round((journeys - done) * 0.1),
        "error": round((journeys - done) * 0.05),
        "informed": round(journeys * 0.121),
    }
    total = sum(ended.values())
    decided = total - ended["informed"]
    yield rate("completion_rate.live", done, decided, **changes)
    bounds = {"value": None, "ci_low": 0.71, "ci_high": 0.9, "ci_method": "bounds"}
    if Flag.PROVISIONAL in changes.get("flags", ()):
        yield rate("completion_rate.gds", done, journeys, **(changes | bounds))
    else:
        yield rate("completion_rate.gds", max(done - 6, 0), journeys, **changes)
    for key, share in (("1h", 0.02), ("1d", 0.11), ("7d", 0.52), ("28d", 0.81)):
        yield rate(f"completion_within.{key}", round(done * share), journeys, **changes)
    yield rate("abandonment_rate", ended["abandoned"] + ended["expired"], decided, **changes)
    yield rate("undecided_rate", ended["undecided"], decided, **changes)
    yield rate("start_rate", round(journeys * 0.83), round(journeys * 0.94), **changes)
    yield counted("journeys_ended", total, {"distribution": ended} | changes)
    yield counted("journeys_started", journeys, changes)


def _opinion(answers: int, score: float, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    asked = SURVEY | changes
    yield rate("satisfaction.linear", round(answers * score), answers, **asked)
    yield rate("satisfaction.linear.adjusted", round(answers * (score - 0.04)), answers, **asked)
    yield rate("satisfaction.top2", round(answers * (score + 0.06)), answers, **asked)
    yield balance("satisfaction.net", 2 * score - 1, answers, asked)
    yield balance("journey_gap", -0.06, round(answers * 0.4), changes)
    yield rate("trust.positive", round(answers * 0.64), answers, **(TRUST | changes))
    for driver, value in _DRIVERS.items():
        yield balance("driver_balance", value, answers, changes | {"driver": driver})
    yield from _survey(answers, changes | {"instrument": "passport-journey"})


def _survey(answers: int, offers: dict[str, Any]) -> Iterator[MetricMessage]:
    offered = round(answers / 0.34)
    yield counted("survey_offered", offered, offers)
    yield counted("survey_answered", answers, offers)
    yield counted("survey_dismissed", round(offered * 0.27), offers)
    yield rate("coverage", offered, round(offered / 0.62), **offers)
    yield rate("response_rate", answers, offered, **offers)
    for outcome, share in (("success", 0.71), ("abandoned", 0.19), ("undecided", 0.1)):
        part = offers | {"outcome": outcome}
        of_part = round(offered * share)
        yield rate("response_rate.by_outcome", round(of_part * share * 0.5), of_part, **part)
    for channel, share in _MIX.items():
        part = offers | {"channel": channel}
        of_part = round(offered * share)
        yield rate("response_rate.by_channel", round(of_part * 0.34), of_part, **part)


def _times(done: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    spans: dict[str, float | None] = {
        "time_to_complete.completed.p50": 6.3 * DAY,
        "time_to_complete.completed.p90": 17.8 * DAY,
        "time_to_complete.started.p50": 8.9 * DAY,
        "time_to_complete.started.p90": None,
        "time_to_complete.from_need.p50": 11.2 * DAY,
        "time_to_complete.from_need.p90": 31.0 * DAY,
        "time_to_decision.p50": 4.1 * DAY,
        "time_to_decision.p90": 9.6 * DAY,
        "time_to_follow_up.p50": 3.4 * DAY,
        "time_to_follow_up.p90": 12.0 * DAY,
    }
    for metric_id, value in spans.items():
        yield _time(metric_id, value, done, changes)
    for stage, days in (("need", 3.2), ("information", 0.6), ("transaction", 6.1)):
        for quantile, times in (("p50", 1), ("p90", 2.7)):
            part = changes | {"stage": stage}
            yield _time(f"time_in_stage.{quantile}", times * days * DAY, done, part)


def _time(metric_id: str, value: float | None, n: int, changes: dict[str, Any]) -> MetricMessage:
    ends = {"ci_low": value * 0.94, "ci_high": value * 1.07} if value else {}
    told = {"ci_method": "ranks"} | ends if value else {}
    return message(metric_id, n=n, denominator=n, value=value, **(told | changes))


def _contacts(journeys: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    contacts = round(journeys * 0.41)
    for channel, share in (("phone", 0.63), ("in_person", 0.2), ("email", 0.12), ("chatbot", 0.05)):
        yield counted("contacts", round(contacts * share), changes | {"channel": channel})
    for reason, share in _REASONS.items():
        part = changes | {"reason": reason}
        n = round(contacts * share)
        yield counted("contacts.by_reason", n, part)
        judged = round(n * (0.8 if reason in {"chase", "error"} else 0.2))
        yield rate("avoidable_contact_share.by_reason", judged, n, **part)
    yield balance("contacts_per_resolved", 0.52, journeys, changes)
    yield rate("avoidable_contact_share", round(contacts * 0.47), contacts, **changes)
    yield rate("repeat_contact_rate.7d", round(contacts * 0.18), contacts, **changes)
    yield rate("repeat_contact_rate.28d", round(contacts * 0.24), contacts, **changes)
    yield rate("first_contact_resolution", round(contacts * 0.6), contacts, **changes)
    got_through = 0.61 if journeys < 1_140 else 0.78
    yield rate("help_reachability", round(contacts * got_through), contacts, **changes)


def _channels(journeys: int, done: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    for channel, share in _MIX.items():
        part = changes | {"channel": channel}
        yield rate("channel_mix", round(journeys * share), journeys, **part)
    for (source, target), n in _SWITCHES.items():
        places = {"from_channel": source, "to_channel": target}
        yield counted("channel_switches", round(n * journeys / 1_180), changes | places)
    yield rate("channel_switch_rate", round(journeys * 0.17), journeys, **changes)
    yield rate("channel_loyalty", round(journeys * 0.6), round(journeys * 0.71), **changes)
    if changes.get("period") in {PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.ROLLING_365D}:
        yield rate("digital_takeup.incl", round(done * 0.69), done, **changes)
        yield rate("digital_takeup.excl", round(done * 0.61), done, **changes)


def _loyalty(journeys: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    answers = round(journeys * 0.05)
    yield rate("reuse_intent", round(answers * 0.77), answers, **(REUSE | changes))
    returned = round(journeys * 0.04)
    yield rate("reuse_observed", round(returned * 0.8), returned, **changes)
    yield rate("return_rate", returned, round(journeys * 0.7), **changes)
    for channel, share in _MIX.items():
        part = changes | {"channel": channel}
        n = round(returned * share)
        yield rate("reuse_observed.by_channel", round(n * 0.8), n, **part)


def _quality(journeys: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    events = journeys * 9
    yield rate("identity_linked_share", round(events * 0.74), events, **changes)
    yield rate("unlinked_share", round(events * 0.11), events, **changes)
    yield rate("bot_share", round(events * 0.02), events, **changes)
    for channel, share in (("website", 0.69), ("mobile_app", 0.93), ("phone", 0.41)):
        part = changes | {"channel": channel}
        yield rate("identity_linked_share.by_channel", round(1_000 * share), 1_000, **part)


def _ways(journeys: int, changes: dict[str, Any]) -> Iterator[MetricMessage]:
    yield rate("detour_share", round(journeys * 0.09), journeys, **changes)
    if changes.get("period") in {PeriodKind.DAY, PeriodKind.ROLLING_1D}:
        return
    for path, (share, completed, liked) in _PATHS.items():
        on_it = round(journeys * share)
        here = changes | {"path": path}
        yield rate("path_share", on_it, journeys, **here)
        yield rate("path_completion", round(on_it * completed), on_it, **here)
        if liked is not None:
            n = round(on_it * 0.2)
            yield rate("path_satisfaction", round(n * liked), n, **here)


def _place(
    touchpoint: str,
    visited: int,
    shares: tuple[float | None, float | None],
    changes: dict[str, Any],
) -> Iterator[MetricMessage]:
    here = changes | {"touchpoint": touchpoint, "level": Level.TOUCHPOINT}
    yield counted("touchpoint_journeys", visited, here)
    yield counted("touchpoint_events", round(visited * 1.4), here)
    yield rate("loop_share", round(visited * 0.06), visited, **here)
    left, liked = shares
    if left is not None:
        gone = round(visited * left)
        reasons = {"abandoned": gone - gone // 3 - gone // 9, "expired": gone // 3}
        told = {"distribution": reasons | {"error": gone // 9}}
        yield rate("step_dropoff", gone, visited, **here, **told)
        yield rate("help_sought", round(gone * 0.3), gone, **here)
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
    trust = asked | PAGE_TRUST
    yield rate("trust.positive", round(answers * liked * 0.9), answers, **trust)
    if answers > 60:
        yield balance("touchpoint_impact", liked - 0.74, answers, asked)
