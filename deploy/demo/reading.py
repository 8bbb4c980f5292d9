"""What a page says, read as its readers do: numbers with the messages they are from, and words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MINUS = "\N{MINUS SIGN}"
_DURATION = re.compile(r"(\d+) (day|hour|minute|second)s?")
_NUMBER = re.compile(r"([+-]?)([\d,]+(?:\.(\d+))?)(%| points| of \d+)?")
# An element with nothing but words in it. A parser of whole pages takes twenty times as long.
_ELEMENT = re.compile(
    r"<(?P<tag>data|span)(?P<attributes>(?:\s+[\w-]+=\"[^\"]*\")+)>(?P<text>[^<]*)</(?P=tag)>"
)
_ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_NUMBERS = ("value", "data-n", "data-low", "data-high")
_TO = " to "
_SHARED = re.compile(r" points| of \d+$")
_HUNDREDTHS = {"%", " points"}
_LEAST_SHOWN, _MOST_SHOWN = 0.1, 99.9  # a share between them is never written as none or all


@dataclass(frozen=True)
class Shown:
    """One number on a page. `value`, `n` and `ends` are None where the page has none; `ends` are
    those of its interval, `notes` the kinds of what is to be known of it.
    """

    key: str
    value: float | None
    n: int | None
    text: str
    ends: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Between:
    """The words in which a page says between what a number lies."""

    key: str
    text: str


@dataclass(frozen=True)
class Read:
    """All that is from messages on a page, and what it says of money."""

    numbers: tuple[Shown, ...]
    intervals: tuple[Between, ...]
    costs: tuple[Shown, ...] = ()


def _shown(key: str, told: Mapping[str, str], text: str) -> Shown:
    value, n, low, high = (told.get(name) for name in _NUMBERS)
    return Shown(
        key,
        None if value is None else float(value),
        None if n is None else int(n),
        text,
        None if low is None or high is None else (float(low), float(high)),
        tuple(told.get("data-notes", "").split()),
    )


def read(page: str) -> Read:
    """Every number of a page that is from a message, and every interval in words."""
    numbers: list[Shown] = []
    intervals: list[Between] = []
    costs: list[Shown] = []
    for element in _ELEMENT.finditer(page):
        told = {name: unescape(value) for name, value in _ATTRIBUTE.findall(element["attributes"])}
        text = unescape(element["text"]).strip()
        if "data-of" in told:
            intervals.append(Between(told["data-of"], text))
        elif "data-key" in told:
            numbers.append(_shown(told["data-key"], told, text))
        elif "data-cost" in told:
            costs.append(_shown(told["data-cost"], told, text))
    return Read(tuple(numbers), tuple(intervals), tuple(costs))


def lies_between(text: str, ends: tuple[float, float]) -> bool:
    """Whether the words say both ends; what they have in common stands at the second only."""
    low, _, high = text.partition(_TO)
    shared = _SHARED.search(high)
    if shared and not _SHARED.search(low):
        low += shared.group()
    return reads_as(low, ends[0]) and reads_as(high, ends[1])


def reads_as(text: str, value: float) -> bool:
    """Whether the words say the value, as exactly as they have digits."""
    parts = _DURATION.findall(text)
    if parts:
        return _is_so_long(parts, value)
    found = _NUMBER.fullmatch(text.replace(_MINUS, "-"))
    if found is None:
        return False
    sign, digits, decimals, unit = found.groups()
    read = float(f"{sign}{digits.replace(',', '')}")
    written = value * 100 if unit in _HUNDREDTHS else value
    if unit == "%" and decimals is None:
        return value in {0, 1} and read == written
    if unit == "%" and read in {_LEAST_SHOWN, _MOST_SHOWN}:
        return abs(read - written) <= _LEAST_SHOWN
    return abs(read - written) <= 0.5 * 10.0 ** -len(decimals or "") + 1e-9


def _is_so_long(parts: list[tuple[str, str]], value: float) -> bool:
    """Two units are written and the rest is left out, so it is less than one of the smaller."""
    names = list(_UNITS)
    rest = value - sum(int(n) * _UNITS[unit] for n, unit in parts)
    smaller = names[min(names.index(parts[0][1]) + 1, len(names) - 1)]
    return -0.5 <= rest < _UNITS[smaller]
