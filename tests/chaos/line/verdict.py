"""Truth and line compared both ways; the first person whose journeys differ is told with all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from schemas.control import LIVE
from tests.chaos.line.found import Found, accounted
from tests.chaos.line.truth import Person, Placed, Stream, Truth
from tests.told_numbers import compared

_MOST = 8
_BEHIND = "behind:"


def differences(stream: Stream, truth: Truth, found: Found) -> list[str]:
    """Sentences, those nearest to the source first; none when all is as it must be."""
    told: list[str] = []
    told += _behind(stream, found)
    told += _refused(stream, found)
    told += _journeys(stream, truth, found)
    told += _differing("bucket", truth.buckets, found.buckets)
    told += _accounts(truth, found)
    told += _numbers(truth, found)
    told += _nets(truth, found)
    return told


def in_short(stream: Stream, truth: Truth, found: Found, wrong: Sequence[str]) -> str:
    """One line: the verdict and what it was made of."""
    people = truth.journeys.keys() | found.journeys.keys()
    told = sum(map(len, truth.journeys.values()))
    journeys = sum(truth.journeys.get(p) != found.journeys.get(p) for p in people)
    counters = sum(_count_differing(truth.nets, nets) for nets in found.shown)
    behind = [p for p, end in stream.ends.items() if found.applied.get(p, -1) < end - 1]
    return (
        f"{'wrong' if wrong else 'ok'}: {len(stream.events)} events, {told} journeys of "
        f"{len(people)} people: wrong {journeys}, {len(truth.nets)} counters: wrong {counters}, "
        f"applied {'is behind in ' + str(behind) if behind else '= end of log'}"
    )


def is_behind(wrong: Sequence[str]) -> bool:
    """Whether some of it may be right a little later."""
    return any(sentence.startswith(_BEHIND) for sentence in wrong)


def _behind(stream: Stream, found: Found) -> Iterator[str]:
    for partition, end in sorted(stream.ends.items()):
        applied = found.applied.get(partition, -1)
        if applied < end - 1:
            yield f"{_BEHIND} partition {partition} is at {applied}, its log ends at {end - 1}"
    for clock in sorted({one.record.data.clock for one in stream.events}):
        told = found.progress.get(clock)
        if told is None or told.partitions_caught_up < told.partitions:
            yield f"{_BEHIND} metrics has not read all of {clock}"
        elif not (told.last or clock == LIVE):
            yield f"{_BEHIND} metrics has not heard the last tick of {clock}"


def _refused(stream: Stream, found: Found) -> Iterator[str]:
    late = sum(one.is_late for one in stream.events)
    yield from _differing("refused as", {"late": late} if late else {}, found.refused)


def _journeys(stream: Stream, truth: Truth, found: Found) -> Iterator[str]:
    people = truth.journeys.keys() | found.journeys.keys()
    wrong = [p for p in sorted(people) if truth.journeys.get(p) != found.journeys.get(p)]
    if wrong:
        yield f"{len(wrong)} of {len(people)} people have wrong journeys; the first of them:"
        yield _account_of(wrong[0], stream, truth, found)
    yield from found.unfinished[:_MOST]


def _account_of(person: Person, stream: Stream, truth: Truth, found: Found) -> str:
    must, said = truth.journeys.get(person, ()), found.journeys.get(person, ())
    lines = [f"{person}: {len(must)} journeys, {len(said)} were found"]
    for number, (one, other) in enumerate(zip(must, said, strict=False)):
        lines += [
            f"  journey {number}: {name} is {other[name]}, must be {one[name]}"
            for name in one
            if one[name] != other[name]
        ]
    return "\n".join([*lines, *map(_event, stream.of(person))])


def _event(one: Placed) -> str:
    event, late = one.record, " (late)" if one.is_late else ""
    what = f"{event.data.action} at {event.data.touchpoint}"
    return f"  {one.partition}/{one.offset} {event.time} {what} {event.source} {event.id}{late}"


def _accounts(truth: Truth, found: Found) -> Iterator[str]:
    said = {clock: accounted(one.account) for clock, one in found.progress.items()}
    yield from _differing("account (applied, duplicate, late) of", truth.accounts, said)


def _numbers(truth: Truth, found: Found) -> Iterator[str]:
    said = compared(truth.numbers, found.messages)
    yield from _differing("number", truth.numbers, said)


def _nets(truth: Truth, found: Found) -> Iterator[str]:
    if len(found.shown) != 1:
        yield f"{len(found.shown)} processes show counters, one must"
    for nets in found.shown:
        yield from _differing("counter", truth.nets, nets)


def _count_differing(must: Mapping[Any, Any], said: Mapping[Any, Any]) -> int:
    return sum(must.get(n) != said.get(n) for n in must.keys() | said.keys())


def _differing(what: str, must: Mapping[Any, Any], said: Mapping[Any, Any]) -> list[str]:
    names = [n for n in must.keys() | said.keys() if must.get(n) != said.get(n)]
    told = [f"{what} {n}: {said.get(n)}, must be {must.get(n)}" for n in names[:_MOST]]
    return [*told, f"{len(names)} of {len(must)} differ: {what}"] if len(names) > _MOST else told
