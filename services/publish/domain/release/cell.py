"""What one internal message would let the public see: its counts, and the numbers made of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from schemas.metric import MetricMessage
from schemas.vocabulary import SCALE_RANGE, Outcome, Scale
from services.publish.domain.release import scores
from services.publish.domain.release.count import ALL, rest
from services.publish.domain.release.scores import Score

Rounded = Mapping[str, int]


class Printed(NamedTuple):
    """The numbers of one public message, made of rounded counts."""

    n: int
    numerator: int | None = None
    denominator: int | None = None
    score: Score = Score()


@dataclass(frozen=True)
class Cell:
    """What is released or hidden as one. `shows` are the counts it publishes, `gives_away` those
    that anybody can subtract from them, `secret` those that stay hidden with it; `part` names the
    dimension it is one part of.
    """

    shows: tuple[str, ...]
    prints: Callable[[Rounded], Printed]
    gives_away: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    part: tuple[str, str] | None = None


class Sum(NamedTuple):
    """By name: the whole is the sum of its parts."""

    whole: str
    parts: tuple[str, ...]


class Ratio(NamedTuple):
    """By name: what is told as a proportion, so that all or nobody says something of everyone."""

    part: str
    whole: str


class Told(NamedTuple):
    """All of one message: exact counts by name, how they add up, and what may be released."""

    counts: dict[str, int]
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    cells: tuple[Cell, ...] = ()


def number(message: MetricMessage) -> Told:
    """A plain count."""
    return Told({ALL: message.n}, cells=(_counted(ALL),))


def outcomes(message: MetricMessage) -> Told:
    """A count with its parts by outcome; each part is a number of its own."""
    told = message.distribution or {}
    names = [outcome.value for outcome in Outcome if outcome is not Outcome.OPEN]
    counts = {ALL: message.n, **{name: told.get(name, 0) for name in names}}
    counts |= {rest(ALL, name): message.n - counts[name] for name in names}
    return Told(
        counts,
        (Sum(ALL, tuple(names)), *(Sum(ALL, (name, rest(ALL, name))) for name in names)),
        tuple(Ratio(name, ALL) for name in names),
        (_counted(ALL), *(_counted(name, ("outcome", name)) for name in names)),
    )


@dataclass(frozen=True)
class Share:
    """A part of a whole, both counts of one table; in names stand dimensions, as `{channel}`."""

    part: str
    whole: str = ALL

    def __call__(self, message: MetricMessage) -> Told:
        """The two counts and what is left."""
        part = self.part.format_map(message.dimensions.model_dump())
        if message.denominator is None:  # nothing any more, though somebody seemed to
            return Told({part: 0})
        left, hits, trials = rest(self.whole, part), round(message.numerator or 0), message.n
        return Told(
            {self.whole: trials, part: hits, left: trials - hits},
            (Sum(self.whole, (part, left)),),
            (Ratio(part, self.whole),),
            (_shared(part, self.whole),),
        )


def mean(message: MetricMessage) -> Told:
    """The mean answer; every answer's count is published with it."""
    counts, sums = _answers(message)
    steps = tuple(name for name in counts if name != ALL)
    return Told(counts, sums, cells=(Cell((ALL, *steps), _mean(message)),))


@dataclass(frozen=True)
class Top:
    """The share of the answers that count as favourable on their scale."""

    above: Mapping[Scale, frozenset[int]]

    def __call__(self, message: MetricMessage) -> Told:
        """The favourable and the others, made of all answers."""
        counts, sums = _answers(message)
        sides = {"above": self.above[_scale(message)]}
        counts, more = _with_sides(counts, sides)
        ratios = (Ratio("above", ALL),)
        return Told(counts, (*sums, *more), ratios, (_shared("above", ALL),))


@dataclass(frozen=True)
class Net:
    """The share of the favourable less that of the unfavourable answers."""

    above: Mapping[Scale, frozenset[int]]
    below: Mapping[Scale, frozenset[int]]
    times: int = 1

    def __call__(self, message: MetricMessage) -> Told:
        """Both sides and the neutral, made of all answers."""
        counts, sums = _answers(message)
        scale = _scale(message)
        steps = {int(name) for name in counts if name != ALL}
        above, below = self.above[scale], self.below[scale]
        sides = {"above": above, "below": below, "neutral": frozenset(steps) - above - below}
        counts, more = _with_sides(counts, sides)
        ratios = tuple(Ratio(side, ALL) for side in sides)
        gives_away = tuple(rest(ALL, side) for side in sides)
        cell = Cell((ALL, *sides), _net(self.times), gives_away)
        return Told(counts, (*sums, *more), ratios, (cell,))


def _with_sides(
    counts: dict[str, int], sides: Mapping[str, frozenset[int]]
) -> tuple[dict[str, int], tuple[Sum, ...]]:
    """The answers with sums of some of them, and what each sum leaves."""
    more: list[Sum] = []
    for side, answers in sides.items():
        counts[side] = sum(counts[str(answer)] for answer in answers)
        counts[rest(ALL, side)] = counts[ALL] - counts[side]
        more.append(Sum(side, tuple(str(answer) for answer in sorted(answers))))
        more.append(Sum(ALL, (side, rest(ALL, side))))
    return counts, tuple(more)


def _answers(message: MetricMessage) -> tuple[dict[str, int], tuple[Sum, ...]]:
    told, (low, high) = message.distribution or {}, SCALE_RANGE[_scale(message)]
    counts = {str(answer): told.get(str(answer), 0) for answer in range(low, high + 1)}
    sums = (Sum(ALL, tuple(counts)),)
    return {ALL: message.n, **counts}, sums


def _scale(message: MetricMessage) -> Scale:
    return Scale(message.dimensions.scale or "")


def _counted(name: str, part: tuple[str, str] | None = None) -> Cell:
    def printed(rounded: Rounded) -> Printed:
        return Printed(rounded[name], numerator=rounded[name])

    return Cell((name,), printed, secret=(name,), part=part)


def _shared(part: str, whole: str) -> Cell:
    def printed(rounded: Rounded) -> Printed:
        hits, trials = rounded[part], rounded[whole]
        return Printed(trials, hits, trials, score=scores.share(hits, trials))

    left = rest(whole, part)
    return Cell((whole, part), printed, gives_away=(left,), secret=(part, left))


def _mean(message: MetricMessage) -> Callable[[Rounded], Printed]:
    steps = SCALE_RANGE[_scale(message)]

    def printed(rounded: Rounded) -> Printed:
        answers = {int(name): n for name, n in rounded.items() if name != ALL}
        return Printed(rounded[ALL], score=scores.mean(answers, steps))

    return printed


def _net(times: int) -> Callable[[Rounded], Printed]:
    def printed(rounded: Rounded) -> Printed:
        above, neutral, below = (rounded[side] for side in ("above", "neutral", "below"))
        return Printed(rounded[ALL], score=scores.net(above, neutral, below, times))

    return printed
