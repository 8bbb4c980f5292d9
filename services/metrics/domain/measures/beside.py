"""What somebody told of many at once, as a moderator or by a guess: beside the scores, in none.

It is counted as it was told, and the two kinds are never added up. Who was in the room, or how the
guess was made, nobody knows here: so no share is made of it, no mean and no interval. It is of
people whom nobody can name: groups and tallies have no journey.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from schemas.journey import Bucket, JourneySnapshot
from schemas.vocabulary import About, Driver, Level, Provenance, Quality, Unit
from services.metrics.domain.measures.contacts import NO_REASON, known
from services.metrics.domain.measures.drivers import FEWEST_ABOUT_STAFF, NEITHER
from services.metrics.domain.measures.family import (
    FROM_DAYS,
    Amount,
    Family,
    Formula,
    Reading,
    Score,
    When,
    cell,
    count,
    held,
    joined,
)
from services.metrics.domain.measures.opinion import FEWEST_AT_A_TOUCHPOINT, QUESTION
from services.metrics.domain.measures.steps import NEVER_SCORED


class _Kind(NamedTuple):
    """One kind of thing that is told of many: its cells carry `labels`, `what` is in the bins."""

    name: str
    labels: tuple[str, ...]
    what: str
    is_opinion: bool


_EVENTS = _Kind("events", (), "What people did, by action", is_opinion=False)
_CONTACTS = _Kind("contacts", ("reason",), "Contacts for a reason", is_opinion=False)
_THEMES = _Kind("themes", ("driver",), "How a driver was named", is_opinion=True)
_ANSWERS = _Kind("answers", ("construct", *QUESTION), "Answers to a question", is_opinion=True)
_HOW = {
    Provenance.MODERATED: "as somebody told who moderated a group",
    Provenance.ESTIMATED: "as somebody guessed or tallied",
}


def of_journey(_: JourneySnapshot) -> tuple[Amount, ...]:
    """Nothing: a group and a tally have no journey."""
    return ()


def of_bucket(bucket: Bucket) -> Iterator[Amount]:
    """All that was told so in one hour at one place."""
    if bucket.quality is not Quality.VALID or bucket.provenance not in NEVER_SCORED:
        return
    for level, name, labels, bin_, n in _told(bucket):
        place = (bucket.touchpoint,) if level is Level.TOUCHPOINT else ()
        measure = _measure(bucket.provenance, name, level)
        yield bucket.hour, cell(measure, joined(*place, *labels), bin_), n


_Told = tuple[Level, _Kind, tuple[str | None, ...], str, int]


def _told(bucket: Bucket) -> Iterator[_Told]:
    for level in (Level.SERVICE, Level.TOUCHPOINT):
        for action, n in bucket.actions.items():
            yield level, _EVENTS, (), action, n
        for made in bucket.contacts:
            reason = (made.reason or NO_REASON,)
            yield level, _CONTACTS, reason, known(made.avoidable), made.count
    for one in bucket.drivers:
        yield _level(one.about), _THEMES, (one.driver,), one.chosen or NEITHER, one.count
    for said in bucket.answers:
        asked = (said.construct, said.instrument, said.scale, said.wording)
        yield _level(said.about), _ANSWERS, asked, str(said.answer), said.count


def _level(about: About) -> Level:
    return Level.TOUCHPOINT if about is About.TOUCHPOINT else Level.SERVICE


def _measure(provenance: Provenance, kind: _Kind, level: Level) -> str:
    return f"{provenance}.{kind.name}.{level}"


def _count(measure: str, reading: Reading) -> Score:
    bins = held(reading.bins(measure))
    is_about_staff = reading.labels.get("driver") == Driver.EMPLOYEE
    floor = FEWEST_ABOUT_STAFF if is_about_staff else 0
    return count(sum(bins.values()), bins, floor)


def _formula(provenance: Provenance, kind: _Kind, level: Level) -> Formula:
    measure, is_place = _measure(provenance, kind, level), level is Level.TOUCHPOINT
    return Formula(
        f"{provenance}.{kind.name}",
        (measure,),
        partial(_count, measure),
        labels=("touchpoint", *kind.labels) if is_place else kind.labels,
        level=level,
        floor=FEWEST_AT_A_TOUCHPOINT if is_place and kind.is_opinion else 0,
        unit=Unit.COUNT,
        when=When.EVENT,
        means=f"{kind.what}, {_HOW[provenance]}; in no score and no n.",
        periods=FROM_DAYS,
        provenance=provenance,
    )


FORMULAS = tuple(
    _formula(provenance, kind, level)
    for provenance in _HOW
    for kind in (_EVENTS, _CONTACTS, _THEMES, _ANSWERS)
    for level in (Level.SERVICE, Level.TOUCHPOINT)
)
BESIDE = Family("beside", of_journey, of_bucket, FORMULAS)
