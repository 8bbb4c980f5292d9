"""The population: who lives which stories when, all from one seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from deploy.demo import noise
from deploy.demo.desks import FOLLOW_UP_MARGIN, Desk
from deploy.demo.facts import Glimpse, JourneyTruth
from deploy.demo.groups import groups
from deploy.demo.plots import OF_CASES, OF_VISITORS, PLOTS, Plot
from deploy.demo.story import Sending, Telling

_TRIES = 12


@dataclass(frozen=True)
class History:
    """All that happens between two midnights, and all that is true of it."""

    begin: datetime
    end: datetime
    sendings: tuple[Sending, ...]
    journeys: tuple[JourneyTruth, ...]
    glimpses: tuple[Glimpse, ...]


@dataclass(frozen=True)
class _Role:
    """One story to be lived: by whom, where, and after which other one at the same desk."""

    name: str
    desk: Desk
    who: dict[str, str]
    plots: tuple[tuple[Plot, int], ...]
    earlier: JourneyTruth | None = None


def history(
    seed: int, citizens: int, span: tuple[datetime, datetime], desks: Sequence[Desk]
) -> History:
    """The history of `citizens` people in `span` (two midnights, UTC). The same arguments, the same
    history.
    """
    begin, end = span
    sendings: list[Sending] = []
    journeys: list[JourneyTruth] = []
    for number in range(citizens):
        for telling in _life(Random(f"{seed}/{number}"), f"{seed}-{number}", span, desks):
            sendings += telling.sendings
            journeys.append(telling.told())
    crowd = noise.crowd(Random(f"{seed}/crowd"), citizens * 4, span, desks)
    told_of_many = groups(Random(f"{seed}/groups"), span, desks)
    unnamed = [*crowd, *told_of_many]
    late = noise.too_late(Random(f"{seed}/late"), citizens // 40, span, desks)
    bad = noise.refused(Random(f"{seed}/bad"), citizens // 20, span, desks)
    told = [*sendings, *(s for s, _ in unnamed)]
    moved = noise.disorder(Random(f"{seed}/disorder"), told, span)
    twice = noise.duplicates(Random(f"{seed}/twice"), moved, span)
    everything = (*moved, *twice, *late, *bad)
    return History(begin, end, everything, tuple(journeys), tuple(g for _, g in unnamed))


def _life(
    rng: Random, name: str, span: tuple[datetime, datetime], desks: Sequence[Desk]
) -> list[Telling]:
    """One person's stories: a second one at the same desk only when the first can no longer take it
    up, so that every story is a journey of its own.
    """
    role = _cast(rng, name, rng.choice(desks))
    first = _live(rng, role, span)
    if first is None:
        return []
    tellings = [first]
    if "citizen" not in role.who or rng.random() > 0.4:
        return tellings
    elsewhere = rng.choice((role.desk, *desks))
    is_same = elsewhere is role.desk
    since = _free_again(first) if is_same else span[0]
    earlier = first.told() if is_same else None
    again = _Role(f"{name}-again", elsewhere, role.who, PLOTS, earlier)
    second = _live(rng, again, (since, span[1]))
    return tellings if second is None else [first, second]


def _free_again(telling: Telling) -> datetime:
    windows = telling.desk.windows
    last = max(telling.truth.ended, *(s.time for s in telling.sendings))
    # An event of another case, or of none, is taken up by an ended journey for so long only.
    return last + windows.follow_up + FOLLOW_UP_MARGIN


def _cast(rng: Random, name: str, desk: Desk) -> _Role:
    kind = rng.random()
    if kind < 0.12:
        return _Role(name, desk, {"visitor": f"v-{rng.getrandbits(64):016x}"}, OF_VISITORS)
    if kind < 0.16:
        return _Role(name, desk, {"case": f"file-{rng.getrandbits(48):012x}"}, OF_CASES)
    return _Role(name, desk, {"citizen": f"{rng.randrange(10**9):09d}-{name}"}, PLOTS)


def _live(rng: Random, role: _Role, span: tuple[datetime, datetime]) -> Telling | None:
    """A story that fits between the two instants, told twice: once to know how long it is."""
    begin, end = span
    for _ in range(_TRIES):
        plot = rng.choices([p for p, _ in role.plots], weights=[w for _, w in role.plots])[0]
        seed = rng.random()
        length = _last(_tell(role, plot, seed, begin)) - begin
        room = int((end - timedelta(hours=1) - begin - length).total_seconds())
        if room > 0:
            return _tell(role, plot, seed, begin + timedelta(seconds=rng.randrange(room)))
    return None


def _tell(role: _Role, plot: Plot, seed: float, at: datetime) -> Telling:
    telling = Telling(role.desk, role.who, role.name, Random(seed), role.earlier)
    plot(telling, at)
    return telling


def _last(telling: Telling) -> datetime:
    return max(s.time for s in telling.sendings)
