"""The scorecard's pages against the truth: every number, its n, and the words that say it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import aiohttp

from deploy.demo.compare import Verdict, compare, digits, number_of
from deploy.demo.reading import Between, Shown, lies_between, read, reads_as
from deploy.demo.truth.numbers import Key
from deploy.demo.truth.scores import Number
from schemas.catalogue import Catalogue
from schemas.metric import MetricMessage, key_for
from schemas.metric import key_of as written
from schemas.vocabulary import ROLLING, PeriodKind, PublishState

WAYS_SHOWN = 10  # a page tells of the most frequent ways only
_HIDDEN = "hidden"
_REVISED = "revised"  # depends on when somebody was told
_WITHOUT_NOTES = {"channel_switches"}  # a table of counts, the few darker than the many
_AS_IT_IS = "in words"
_WAY, _OTHER_WAYS = "path", "other"


def addresses(truth: Iterable[Key], catalogue: Catalogue) -> dict[str, list[Key]]:
    """The pages on which the numbers must stand, by their addresses."""
    pages: dict[str, list[Key]] = defaultdict(list)
    for key in truth:
        pages[_address(key, catalogue)].append(key)
    return pages


async def pages(inside: str, wanted: Iterable[str]) -> dict[str, str]:
    """These pages as they are served."""
    found = {}
    async with aiohttp.ClientSession() as session:
        for address in wanted:
            async with session.get(inside + address) as answer:
                answer.raise_for_status()
                found[address] = await answer.text()
    return found


def compare_pages(
    truth: Mapping[Key, Number],
    told: Iterable[MetricMessage],
    served: Mapping[str, str],
    catalogue: Catalogue,
) -> Verdict:
    """All numbers of all pages together: a place's number may stand on the page of another one.

    `told` is the topic, which has messages about nobody too.
    """
    nobody = {written(m) for m in told if not number_of(m).says_something}
    shown = {address: read(page) for address, page in served.items()}
    on_page = {_written(key): key for key in truth if not _is_way(key)}
    for address, keys in addresses(truth, catalogue).items():
        there = {one.key for one in shown[address].numbers}
        on_page |= {_written(key): key for key in keys if _is_way(key) and _written(key) in there}
    numbers = {name: truth[key] for name, key in on_page.items()}
    must = {name: _must(key.metric, truth[key]) for name, key in on_page.items()}
    said = _said(one for page in shown.values() for one in page.numbers if one.key not in nobody)
    verdict = compare("page", must, said) + _ways(truth, on_page)
    verdict += _intervals(numbers, (one for page in shown.values() for one in page.intervals))
    return Verdict(verdict.compared, verdict.differences, Counter(pages=verdict.compared))


def _address(key: Key, catalogue: Catalogue) -> str:
    if key.service is None:
        place = f"/agencies/{key.agency}"
    else:
        place = f"/services/{key.service}"
        where = dict(key.dimensions).get("touchpoint")
        place += f"/touchpoints/{where}" if where else ""
    return f"{place}?period={_period(key, _zone(key, catalogue))}"


def _zone(key: Key, catalogue: Catalogue) -> ZoneInfo:
    """An agency's periods are in the zone of its first service."""
    own = (name for name, agency in catalogue.agency_of.items() if agency == key.agency)
    return catalogue.services[key.service or next(own)].zone


def _period(key: Key, zone: ZoneInfo) -> str:
    if key.period in ROLLING:
        return key.period.value
    local: datetime = key.start.astimezone(zone)
    if key.period is PeriodKind.QUARTER:
        return f"{local.year}-Q{(local.month + 2) // 3}"
    return f"{local:%Y-%m}"


def _said(shown: Iterable[Shown]) -> dict[str, str]:
    """What is said of each message; where pages say two things, both."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in shown:
        found[one.key].add(_in_words(one))
    return {key: " and ".join(sorted(said)) for key, said in found.items()}


def _in_words(one: Shown) -> str:
    if one.n is None:
        return one.text
    value = "no value" if one.value is None else digits(one.value)
    is_wrong = one.value is not None and not reads_as(one.text, one.value)
    so = f", but it reads {one.text!r}" if is_wrong else ""
    notes = [note for note in one.notes if note != _REVISED]
    return ", ".join([value, f"n {one.n}", _between(one.ends), *notes]) + so


def _must(metric: str, number: Number) -> str:
    if number.state is PublishState.SUPPRESSED:
        return _HIDDEN
    value = "no value" if number.value is None else digits(number.value)
    is_few = number.state is PublishState.LOW_N and number.n and metric not in _WITHOUT_NOTES
    notes = [PublishState.LOW_N.value] if is_few else []
    return ", ".join([value, f"n {number.n}", _between(_ends(number)), *notes, *number.flags])


def _ends(number: Number) -> tuple[float, float] | None:
    """Where both are known: a page shows no half of an interval."""
    if number.interval is None or number.interval.low is None or number.interval.high is None:
        return None
    return number.interval.low, number.interval.high


def _between(ends: tuple[float, float] | None) -> str:
    return "no interval" if ends is None else " to ".join(digits(end, 6) for end in ends)


def _intervals(numbers: Mapping[str, Number], said: Iterable[Between]) -> Verdict:
    """The intervals in words: of every number that has one."""
    shown = {name: one for name, one in numbers.items() if one.state is not PublishState.SUPPRESSED}
    ends = {name: both for name, one in shown.items() if (both := _ends(one)) is not None}
    found: dict[str, set[str]] = defaultdict(set)
    for one in said:
        is_so = one.key in ends and lies_between(one.text, ends[one.key])
        found[one.key].add(_AS_IT_IS if is_so else one.text)
    told = {name: " and ".join(sorted(words)) for name, words in found.items()}
    return compare("interval on page", dict.fromkeys(ends, _AS_IT_IS), told)


def _written(key: Key) -> str:
    """The key of the message."""
    more = {"agency": key.agency, **({"service": key.service} if key.service else {})}
    return key_for(key.metric, {**more, **dict(key.dimensions)}, key.period, key.start)


def _is_way(key: Key) -> bool:
    return _WAY in dict(key.dimensions)


def _ways(truth: Iterable[Key], on_page: Mapping[str, Key]) -> Verdict:
    """Of how many ways the page of a service tells, period by period; an agency's tells of none."""
    known, shown = _count_ways(truth), _count_ways(on_page.values())
    return compare("ways on page", {place: min(n, WAYS_SHOWN) for place, n in known.items()}, shown)


def _count_ways(keys: Iterable[Key]) -> Counter[str]:
    shares = (key for key in keys if key.metric == "path_share" and key.service)
    named = (key for key in shares if dict(key.dimensions)[_WAY] != _OTHER_WAYS)
    return Counter(f"{key.service} {key.period} from {key.start}" for key in named)
