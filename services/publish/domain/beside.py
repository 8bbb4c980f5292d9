"""What was told of many at once, by a moderator or as an estimate: apart from every score."""

from dataclasses import dataclass

from schemas.metric import MetricMessage
from schemas.vocabulary import Polarity
from services.publish.domain import words
from services.publish.domain.figure import Figure, figure
from services.publish.domain.measures import measure_of
from services.publish.domain.measures.beside import BESIDE, GROUPS, GUESSES
from services.publish.domain.numbers import is_hidden
from services.publish.domain.view import View

_TOLD = {
    GROUPS: (
        "Said in groups",
        "Somebody asked a group and wrote down what it said. It speaks for those who were there.",
    ),
    GUESSES: (
        "Tallied or estimated",
        "Somebody counted by hand or guessed. How near it is to the truth, nobody knows here.",
    ),
}
_WORDS = {
    Polarity.POSITIVE.value: "praised",
    Polarity.NEGATIVE.value: "criticised",
    "neutral": "neither",
    "yes": "avoidable",
    "no": "needed",
    "unknown": "not judged",
}


@dataclass(frozen=True)
class Count:
    """How many of it are of one kind."""

    name: str
    n: int


@dataclass(frozen=True)
class Row:
    """One thing that was told; a number that is hidden has no parts."""

    name: str
    figure: Figure
    parts: tuple[Count, ...]


@dataclass(frozen=True)
class Table:
    """What was told of one kind."""

    id: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Beside:
    """All that came to be known in one way: `provenance` says which, `lead` what that is worth."""

    provenance: str
    title: str
    lead: str
    tables: tuple[Table, ...]


def beside(view: View) -> tuple[Beside, ...]:
    """What groups said, then what was tallied; nothing where nothing was told."""
    found = (Beside(told, *text, _tables(view, told)) for told, text in _TOLD.items())
    return tuple(one for one in found if one.tables)


def _tables(view: View, told: str) -> tuple[Table, ...]:
    ids = [measure.id for measure in BESIDE if measure.id.startswith(f"{told}.")]
    made = (Table(id_, measure_of(id_).name, _rows(view, id_)) for id_ in ids)
    return tuple(table for table in made if table.rows)


def _rows(view: View, metric_id: str) -> tuple[Row, ...]:
    whole = view.numbers.find(view.period, metric_id, view.touchpoint)
    messages = (*whole, *view.parts(metric_id))
    return tuple(_row(message) for message in messages if is_hidden(message) or message.n)


def _row(message: MetricMessage) -> Row:
    return Row(_name(message), figure(message, message.metric_id), _parts(message))


def _name(message: MetricMessage) -> str:
    of = message.dimensions
    if of.reason == "none":
        return "No reason noted"
    named = of.driver or of.reason or of.construct
    return words.sentence(named) if named else "Altogether"


def _parts(message: MetricMessage) -> tuple[Count, ...]:
    """The most frequent first; answers in the order of their scale."""
    if is_hidden(message):
        return ()
    counted = (message.distribution or {}).items()
    if message.dimensions.scale:
        found = sorted(counted, key=lambda pair: int(pair[0]))
    else:
        found = sorted(counted, key=lambda pair: (-pair[1], pair[0]))
    return tuple(Count(_WORDS.get(word, words.plain(word)), n) for word, n in found if n)
