"""One number as it may be shown: its text, how sure it is, and what to know beside it."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from schemas.vocabulary import Flag, PublishState
from services.publish.domain import words
from services.publish.domain.measures import ANSWERS, OFFERS, Measure, measure_of
from services.publish.domain.numbers import is_hidden

HIDDEN = "hidden"
BOUNDS = "bounds"


@dataclass(frozen=True)
class Note:
    """Something to know beside a number. `kind` is low_n, suppressed or a flag."""

    kind: str
    text: str


@dataclass(frozen=True)
class Interval:
    """Between what the number lies, as text and as shares; the shares are None for other units."""

    text: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Figure:
    """A number ready to be shown. `value` is None where there is none: `text` then says why.

    `count` is the numerator: of how many of the n it is true.
    """

    measure: Measure
    text: str
    n: str
    value: float | None = None
    count: float = 0
    interval: Interval | None = None
    notes: tuple[Note, ...] = ()
    reasons: tuple[str, ...] = ()
    about: str = ""

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


def figure(message: MetricMessage | None, metric_id: str) -> Figure:
    """The figure of a message; a cell that never existed is nobody's answer."""
    measure = measure_of(metric_id)
    if message is None:
        return Figure(measure, nothing(measure), "0")
    if is_hidden(message):
        return Figure(measure, HIDDEN, "fewer than 5", notes=(_SUPPRESSED,), about=_about(message))
    return Figure(
        measure=measure,
        text=_text(message, measure),
        n=words.count(message.n),
        value=message.value,
        count=message.numerator or 0,
        interval=_interval(message, measure),
        notes=notes(message),
        reasons=_reasons(message),
        about=_about(message),
    )


_SUPPRESSED = Note("suppressed", "Hidden: too few answers to show without showing people")


def nothing(measure: Measure) -> str:
    """What stands where there is no number: never 0."""
    if measure.of == ANSWERS:
        return "no answers"
    return "never offered" if measure.of == OFFERS else f"no {measure.of}"


def notes(message: MetricMessage) -> tuple[Note, ...]:
    """What to know beside the number, the gravest first."""
    found = []
    if message.state is PublishState.LOW_N and message.n:
        found.append(Note("low_n", f"Few: only {words.count(message.n)}, read with care"))
    if message.ci_method == BOUNDS:
        found.append(Note(BOUNDS, "Bounds: journeys of this period are still open"))
    if Flag.STALE in message.flags:
        found.append(Note("stale", "Stale: newer data did not come"))
    if Flag.PROVISIONAL in message.flags:
        found.append(Note("provisional", "Provisional: can still change"))
    if Flag.REVISED in message.flags:
        why = f": {words.plain(message.revision_reason)}" if message.revision_reason else ""
        found.append(Note("revised", f"Revised {_times(message.revision)}{why}"))
    return tuple(found)


def _times(revision: int) -> str:
    return {1: "once", 2: "twice"}.get(revision, f"{revision} times")


def _text(message: MetricMessage, measure: Measure) -> str:
    if message.value is not None:
        return measure.write(message.value)
    if not message.n and not message.denominator:
        return nothing(measure)
    if message.ci_method == BOUNDS:
        return "not yet known"
    return "not reached" if ".started." in measure.id else f"too few {measure.of}"


def _interval(message: MetricMessage, measure: Measure) -> Interval | None:
    low, high = message.ci_low, message.ci_high
    if low is None or high is None:
        return None
    text = f"{measure.write(low)} to {measure.write(high)}"
    return Interval(text, low, high) if measure.is_share else Interval(text)


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
