"""What was told of many at once: counted, and in no other number."""

from collections.abc import Iterator

from deploy.demo.facts import Glimpse
from deploy.demo.truth.opinion import question
from deploy.demo.truth.parts import Dimensions, Part, named
from schemas.vocabulary import About, Level

_KNOWN = {None: "unknown", True: "yes", False: "no"}


def of_glimpse(glimpse: Glimpse) -> Iterator[Part]:
    """What was done counts for the place and the whole, what was said for what it is about."""
    here = glimpse.place
    for level, place in ((Level.SERVICE, None), (Level.TOUCHPOINT, here)):
        yield _part(glimpse, "events", glimpse.action.value, named(touchpoint=place), level)
        if glimpse.call is not None:
            why = named(touchpoint=place, reason=glimpse.call.reason or "none")
            yield _part(glimpse, "contacts", _KNOWN[glimpse.call.avoidable], why, level)
    if glimpse.opinion is not None:
        one = glimpse.opinion
        place, level = _about(one.about, here)
        asked = question(one, touchpoint=place)
        yield _part(glimpse, "answers", str(one.answer), asked, level)
    place, level = _about(glimpse.about, here)
    for driver, side in (glimpse.themes or {}).items():
        where = named(driver=driver, touchpoint=place)
        yield _part(glimpse, "themes", side.value if side else "neutral", where, level)


def _about(about: About, place: str) -> tuple[str | None, Level]:
    return (place, Level.TOUCHPOINT) if about is About.TOUCHPOINT else (None, Level.SERVICE)


def _part(glimpse: Glimpse, kind: str, bin_: str, where: Dimensions, level: Level) -> Part:
    n = glimpse.times
    return Part(f"{glimpse.provenance}.{kind}", glimpse.time, n, n, bin_, where, level, n)
