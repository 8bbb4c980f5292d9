"""Compares both ways: what is missing, what is too much, and what differs."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from deploy.demo.tally import ExpectedAccount, Tally
from deploy.demo.truth import MEASURES, Key, Number
from schemas.journey import Account
from schemas.metric import MetricMessage
from schemas.vocabulary import Level, PeriodKind

_NOTHING = "nothing"


@dataclass(frozen=True)
class Verdict:
    """How many numbers were compared, and a sentence for each that differs."""

    compared: int
    differences: tuple[str, ...]

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.compared + other.compared, self.differences + other.differences)


def compare(what: str, expected: Mapping[str, object], found: Mapping[str, object]) -> Verdict:
    """Every name on either side is one number; a missing or extra one is a difference."""
    names = sorted({*expected, *found})
    told = [
        f"{what} {name}: {found.get(name, _NOTHING)}, must be {expected.get(name, _NOTHING)}"
        for name in names
        if expected.get(name, _NOTHING) != found.get(name, _NOTHING)
    ]
    return Verdict(len(names), tuple(told))


def compare_months(expected: Mapping[Key, Number], messages: Iterable[MetricMessage]) -> Verdict:
    """The month messages against the truth, but for those of agencies and of measures, which the
    truth has not. A message about nothing (n is 0, no value) is none.
    """
    months = (m for m in messages if m.period is PeriodKind.MONTH and m.metric_id in MEASURES)
    found = {key_of(m): number_of(m) for m in months if m.level is not Level.AGENCY}
    said = {_name(key): _rounded(number) for key, number in found.items() if not _is_empty(number)}
    must = {_name(key): _rounded(number) for key, number in expected.items()}
    return compare("month", must, said)


def compare_account(expected: ExpectedAccount, tally: Tally, account: Account) -> Verdict:
    """What senders were told and what the journey service did with it, and that both add up."""
    must = {
        "sent": expected.sent,
        "accepted": expected.accepted,
        "ignored": 0,
        "accepted + ignored + rejected": expected.sent,
        "applied": expected.applied,
        "duplicate": expected.duplicate,
        "late": expected.late,
        "rejected by journey": 0,
        "applied + duplicate + late + rejected by journey": tally.accepted,
        **{f"rejected as {reason}": n for reason, n in expected.rejected.items()},
    }
    refused = sum(account.rejected.values())
    found = {
        "sent": tally.sent,
        "accepted": tally.accepted,
        "ignored": tally.ignored,
        "accepted + ignored + rejected": tally.accepted + tally.ignored + tally.rejected.total(),
        "applied": account.applied,
        "duplicate": account.duplicate,
        "late": account.late,
        "rejected by journey": refused,
        "applied + duplicate + late + rejected by journey": accounted(account),
        **{f"rejected as {reason}": n for reason, n in tally.rejected.items()},
    }
    return compare("account", must, found) + Verdict(0, tuple(tally.surprises))


def accounted(account: Account) -> int:
    """How many events the journey service has taken, in whatever way."""
    refused = sum(account.rejected.values())
    return account.applied + account.duplicate + account.late + refused


def key_of(message: MetricMessage) -> Key:
    """The truth's key of a month message."""
    dimensions = message.dimensions.model_dump(exclude_none=True)
    service = dimensions.pop("service")
    del dimensions["agency"]  # follows from the service
    rest = tuple(sorted((name, str(value)) for name, value in dimensions.items()))
    return message.metric_id, service, rest, message.period_start


def number_of(message: MetricMessage) -> Number:
    """What a message says, as the truth says it."""
    distribution = message.distribution or {}
    return Number(
        n=message.n,
        value=message.value,
        numerator=message.numerator,
        denominator=message.denominator,
        distribution={name: n for name, n in distribution.items() if n},
    )


def _is_empty(number: Number) -> bool:
    return number.n == 0 and number.value is None and not number.numerator


def _rounded(number: Number) -> str:
    """As text, which is compared: ten significant digits are all that a division owes us."""
    value = number.value
    shown = "no value" if value is None else f"{value:.10g}" if math.isfinite(value) else str(value)
    parts = [shown, f"n {number.n}"]
    if number.numerator is not None:
        parts.append(f"numerator {number.numerator:.10g}")
    if number.denominator is not None:
        parts.append(f"denominator {number.denominator:.10g}")
    if number.distribution:
        parts.append(f"distribution {dict(sorted(number.distribution.items()))}")
    return ", ".join(parts)


def _name(key: Key) -> str:
    metric, service, dimensions, month = key
    where = "".join(f" {name}={value}" for name, value in dimensions)
    return f"{metric} {service}{where} from {_instant(month)}"


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
