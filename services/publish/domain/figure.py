"""One number as it may be shown: its text, how sure it is, and what to know beside it."""

from dataclasses import dataclass

from schemas.metric import MetricMessage, key_of
from schemas.vocabulary import SCALE_RANGE, Flag, PeriodKind, Scale, Unit
from services.publish.domain import notes, words
from services.publish.domain.measures import measure_of
from services.publish.domain.measures.measure import ANSWERS, FROM_DAYS, OFFERS, RANGE, Measure
from services.publish.domain.notes import BOUNDS, Note
from services.publish.domain.numbers import is_hidden

HIDDEN = "hidden"
TOO_FEW = "too few"


@dataclass(frozen=True)
class Interval:
    """Between what the number lies, as text and in the number's unit."""

    text: str
    low: float
    high: float


@dataclass(frozen=True)
class Figure:
    """A number ready to be shown. `value` is None where there is none: `text` then says why.

    `n` is None where it is hidden. `count` is the numerator: of how many of the n it is true.
    `ends` are the least and the most the value can be, where there is such a range. `about` says
    which survey, where there may be several. `key` is that of the message it is from, by which a
    reader finds it on the topic; empty without one.
    """

    measure: Measure
    text: str
    n: int | None
    value: float | None = None
    count: float = 0
    interval: Interval | None = None
    ends: tuple[float, float] | None = None
    notes: tuple[Note, ...] = ()
    reasons: tuple[str, ...] = ()
    about: str = ""
    key: str = ""

    @property
    def n_text(self) -> str:
        """The n as it is written."""
        return TOO_FEW if self.n is None else words.count(self.n)

    @property
    def is_missing(self) -> bool:
        """Whether there is no number: an explanation stands in its place."""
        return self.value is None

    @property
    def is_provisional(self) -> bool:
        """Whether it can still change."""
        return any(note.kind == Flag.PROVISIONAL for note in self.notes)

    @property
    def is_revised(self) -> bool:
        """Whether it changed after its period ended."""
        return any(note.kind == Flag.REVISED for note in self.notes)

    @property
    def own_notes(self) -> tuple[Note, ...]:
        """What is particular to this number, where the page says once what holds for many."""
        said_once = {Flag.PROVISIONAL, Flag.REVISED}
        return tuple(note for note in self.notes if note.kind not in said_once)

    @property
    def formula(self) -> str:
        """The id that says how it was computed."""
        return self.measure.id

    def place(self, value: float) -> float:
        """Where a value lies between the ends, 0 to 1; only where there are ends."""
        low, high = self.ends or (0.0, 1.0)
        return (value - low) / (high - low)


def figure(message: MetricMessage | None, metric_id: str, kind: PeriodKind | None = None) -> Figure:
    """The figure of a message; a cell that never existed is nobody's answer.

    `kind` is the period that was asked for: of some measures nothing is told of short ones.
    """
    measure = measure_of(metric_id)
    if message is None:
        return Figure(measure, nothing(measure, kind), 0)
    if is_hidden(message):
        about, key = _about(message), key_of(message)
        return Figure(measure, HIDDEN, None, notes=(notes.SUPPRESSED,), about=about, key=key)
    return Figure(
        measure=measure,
        text=_text(message, measure),
        n=message.n,
        value=message.value,
        count=message.numerator or 0,
        interval=_interval(message, measure),
        ends=_ends(message, measure),
        notes=notes.of(message),
        reasons=_reasons(message),
        about=_about(message),
        key=key_of(message),
    )


def nothing(measure: Measure, kind: PeriodKind | None = None) -> str:
    """What stands where there is no number: never 0."""
    if kind is not None and kind not in measure.spans:
        return "not told of hours" if measure.spans == FROM_DAYS else "only told of longer periods"
    if measure.of == ANSWERS:
        return "no answers"
    return "never offered" if measure.of == OFFERS else f"no {measure.of}"


def _text(message: MetricMessage, measure: Measure) -> str:
    if message.value is not None:
        return words.value(measure.unit, message.value, _top(message))
    if not message.n and not message.denominator:
        return nothing(measure)
    if message.ci_method == BOUNDS:
        return "not yet known"
    return "not reached" if ".started." in measure.id else f"too few {measure.of}"


def _interval(message: MetricMessage, measure: Measure) -> Interval | None:
    low, high = message.ci_low, message.ci_high
    if low is None or high is None:
        return None
    text = words.interval(measure.unit, (low, high), _top(message))
    return Interval(text, low, high)


def _ends(message: MetricMessage, measure: Measure) -> tuple[float, float] | None:
    if measure.unit is not Unit.SCALE:
        return RANGE.get(measure.unit)
    low, high = _steps(message) or (None, None)
    return None if low is None or high is None else (float(low), float(high))


def _top(message: MetricMessage) -> int | None:
    steps = _steps(message)
    return steps[1] if steps else None


def _steps(message: MetricMessage) -> tuple[int, int] | None:
    scale = message.dimensions.scale
    return SCALE_RANGE[Scale(scale)] if scale in set(Scale) else None


def _reasons(message: MetricMessage) -> tuple[str, ...]:
    """The drop-off's outcomes, the most frequent first."""
    if message.metric_id != "step_dropoff":
        return ()
    found = sorted((message.distribution or {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(f"{words.plain(reason)} {words.count(n)}" for reason, n in found if n)


def _about(message: MetricMessage) -> str:
    """Which survey, where there may be several."""
    dimensions = message.dimensions
    parts = {
        "Survey": dimensions.instrument,
        "wording": dimensions.wording,
        "scale": dimensions.scale,
    }
    return ", ".join(f"{name} {part}" for name, part in parts.items() if part)
