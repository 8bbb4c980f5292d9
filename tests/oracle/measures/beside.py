"""What was told of many at once, as a moderator or by a guess: counted beside every score."""

from collections.abc import Iterator

from schemas.vocabulary import About, Quality
from tests.oracle.buckets import Counts, Place
from tests.oracle.measures.units import Scoring, Unit, amount_by_bin, apart, dimensions
from tests.oracle.surveys import NEITHER, UNSCORED

_KNOWN = {None: "unknown", True: "yes", False: "no"}


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """What people did counts for the place and for the whole; what they said, where it is about."""
    if place.quality is not Quality.VALID or place.provenance not in UNSCORED:
        return
    told, at = place.provenance.value, place.hour
    for touchpoint in (place.touchpoint, None):
        here = dimensions(touchpoint=touchpoint)
        for action, n in counts.actions.items():
            yield Unit(f"{told}.events", at, 0, n, here, action.value)
        for (reason, avoidable), n in counts.contacts.items():
            why = dimensions(touchpoint=touchpoint, reason=reason or "none")
            yield Unit(f"{told}.contacts", at, 0, n, why, _KNOWN[avoidable])
    for (about, _, driver, side), n in counts.drivers.items():
        where = dimensions(touchpoint=_about(about, place), driver=str(driver))
        yield Unit(f"{told}.themes", at, 0, n, where, str(side or NEITHER))
    for (about, construct, scale, wording, instrument, answer), n in counts.answers.items():
        asked = dimensions(
            construct=str(construct),
            instrument=str(instrument),
            scale=str(scale),
            wording=None if wording is None else str(wording),
            touchpoint=_about(about, place),
        )
        yield Unit(f"{told}.answers", at, 0, n, asked, str(answer))


def _about(about: object, place: Place) -> str | None:
    return place.touchpoint if about is About.TOUCHPOINT else None


SCORES: dict[str, Scoring] = {
    f"{told.value}.{kind}": apart(amount_by_bin)
    for told in UNSCORED
    for kind in ("events", "contacts", "themes", "answers")
}
