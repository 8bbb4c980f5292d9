"""Compares both ways: what is missing, what is too much, and what differs."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from deploy.demo.tally import ExpectedAccount, Tally
from deploy.demo.truth.intervals import Interval
from deploy.demo.truth.numbers import PERIODS, Key
from deploy.demo.truth.scores import Number
from schemas.journey import Account
from schemas.metric import MetricMessage
from schemas.vocabulary import Flag

_NOTHING = "nothing"


@dataclass(frozen=True)
class Verdict:
    """How many numbers were compared, of which measures, and a sentence for each that differs."""

    compared: int
    differences: tuple[str, ...]
    families: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            self.compared + other.compared,
            self.differences + other.differences,
            self.families + other.families,
        )


def compare(what: str, expected: Mapping[str, object], found: Mapping[str, object]) -> Verdict:
    """Every name on either side is one number of `what`; a missing or extra one is a difference."""
    names = sorted({*expected, *found})
    told = [
        f"{what} {name}: {found.get(name, _NOTHING)}, must be {expected.get(name, _NOTHING)}"
        for name in names
        if expected.get(name, _NOTHING) != found.get(name, _NOTHING)
    ]
    return Verdict(len(names), tuple(told), Counter({what: len(names)}))


def compare_numbers(
    what: str, expected: Mapping[Key, Number], messages: Iterable[MetricMessage]
) -> Verdict:
    """What is told of months, quarters and windows against the truth. A message about nobody is
    none.
    """
    told = (m for m in messages if m.period in PERIODS)
    found = {key_of(m): number for m in told if (number := number_of(m)).says_something}
    verdict = compare(what, _written(expected), _written(found))
    return Verdict(verdict.compared, verdict.differences, by_family({*expected, *found}))


def by_family(keys: Iterable[Key]) -> Counter[str]:
    """How many numbers there are of each measure, named without its variants."""
    return Counter(key.metric.split(".")[0] for key in keys)


def _written(numbers: Mapping[Key, Number]) -> dict[str, str]:
    return {name_of(key): rounded(number) for key, number in numbers.items()}


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
    """The truth's key of a message."""
    dimensions = message.dimensions.model_dump(exclude_none=True)
    agency, service = dimensions.pop("agency"), dimensions.pop("service", None)
    rest = tuple(sorted((name, str(value)) for name, value in dimensions.items()))
    return Key(
        message.metric_id,
        message.level,
        agency,
        service,
        rest,
        message.period,
        message.period_start,
    )


def number_of(message: MetricMessage) -> Number:
    """What a message says, as the truth says it."""
    distribution = message.distribution or {}
    return Number(
        n=message.n,
        value=message.value,
        numerator=message.numerator,
        denominator=message.denominator,
        distribution={name: n for name, n in distribution.items() if n},
        interval=_interval_of(message),
        state=message.state,
        flags=_flags_of(message),
    )


def _interval_of(message: MetricMessage) -> Interval | None:
    low, high, method = message.ci_low, message.ci_high, message.ci_method
    if low is None and high is None and method is None:
        return None
    return Interval(low, high, method or "")


def _flags_of(message: MetricMessage) -> tuple[str, ...]:
    """Those that a story can know of: what was told before, and so is revised now, depends on when
    somebody was told. Then there must be a reason.
    """
    is_revised = message.revision > 0 and message.revision_reason is not None
    excused = {Flag.REVISED.value} if is_revised else set()
    return tuple(flag.value for flag in message.flags if flag.value not in excused)


def rounded(number: Number) -> str:
    """As text, which is compared: ten significant digits are all that a division owes us."""
    value = number.value
    shown = "no value" if value is None else digits(value)
    parts = [shown, f"n {number.n}"]
    if number.numerator is not None:
        parts.append(f"numerator {digits(number.numerator)}")
    if number.denominator is not None:
        parts.append(f"denominator {digits(number.denominator)}")
    if number.distribution:
        parts.append(f"distribution {dict(sorted(number.distribution.items()))}")
    parts += [_between(number.interval), number.state.value, *number.flags]
    return ", ".join(parts)


def _between(interval: Interval | None) -> str:
    if interval is None:
        return "no interval"
    return f"{_end(interval.low)} to {_end(interval.high)} by {interval.method or 'nothing'}"


def _end(end: float | None) -> str:
    """Six digits: the two sides get there by roots of their own."""
    return "nothing" if end is None else digits(end, 6)


def digits(value: float, how_many: int = 10) -> str:
    """As text, which is compared."""
    # A mean that is 0 comes out of some orders of adding as a hair beside it.
    return f"{round(value, 12) + 0.0:.{how_many}g}" if math.isfinite(value) else str(value)


def name_of(key: Key) -> str:
    """A number as a sentence names it."""
    where = "".join(f" {name}={value}" for name, value in key.dimensions)
    whose = key.service or f"agency {key.agency}"
    start = key.start.isoformat().replace("+00:00", "Z")
    return f"{key.metric} {whose}{where} {key.period} from {start}"
