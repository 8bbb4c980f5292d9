"""What a page says, read as its readers do: numbers with the messages they are from, and words."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

_UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MINUS = "\N{MINUS SIGN}"
_DURATION = re.compile(r"(\d+) (day|hour|minute|second)s?")
_NUMBER = re.compile(r"([+-]?)([\d,]+(?:\.(\d+))?)(%| points| of \d+)?")
_HUNDREDTHS = {"%", " points"}
_LEAST_SHOWN, _MOST_SHOWN = 0.1, 99.9  # a share between them is never written as none or all


@dataclass(frozen=True)
class Shown:
    """One number on a page. `value` and `n` are None where the page has none."""

    key: str
    value: float | None
    n: int | None
    text: str


class _Numbers(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Shown] = []
        self._open: dict[str, str | None] | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"data", "span"} and "data-key" in dict(attrs):
            self._open, self._text = dict(attrs), ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  no tag lies in a number
        if self._open is None:
            return
        value, n = self._open.get("value"), self._open.get("data-n")
        told = None if value is None else float(value), None if n is None else int(n)
        self.found.append(Shown(self._open["data-key"] or "", *told, self._text.strip()))
        self._open = None


def numbers_on(page: str) -> list[Shown]:
    """Every number of a page that is from a message."""
    parser = _Numbers()
    parser.feed(page)
    parser.close()
    return parser.found


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
