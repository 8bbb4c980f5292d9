"""What moved the opinion: of the drivers a form offered, which were chosen as good or as bad."""

from collections.abc import Iterator, Sequence

from schemas.vocabulary import About, Polarity, Quality
from tests.oracle import intervals
from tests.oracle.buckets import Counts, Place
from tests.oracle.courses import Course
from tests.oracle.measures.units import Number, Scoring, Unit, apart, bins_of, dimensions
from tests.oracle.surveys import NEITHER, UNSCORED, drivers


def of_journey(course: Course) -> Iterator[Unit]:
    """Each driver that a form offered, when it was answered."""
    for said, sides in drivers(course.journey):
        is_there = said.told.about is About.TOUCHPOINT
        place = said.event.data.touchpoint if is_there else None
        for driver, side in sides.items():
            where = dimensions(touchpoint=place, driver=driver)
            yield Unit("driver_balance", said.event.time, 0, 1, where, side)


def of_bucket(place: Place, counts: Counts) -> Iterator[Unit]:
    """The same of unlinked people, by their hour."""
    if place.quality is not Quality.VALID or place.provenance in UNSCORED:
        return
    for (about, _, driver, side), n in counts.drivers.items():
        touchpoint = place.touchpoint if about is About.TOUCHPOINT else None
        where = dimensions(touchpoint=touchpoint, driver=str(driver))
        yield Unit("driver_balance", place.hour, 0, n, where, str(side or NEITHER))


def _balance(units: Sequence[Unit]) -> Number:
    bins = bins_of(units)
    n, good, bad = (
        sum(bins.values()),
        bins.get(Polarity.POSITIVE, 0),
        bins.get(Polarity.NEGATIVE, 0),
    )
    interval = intervals.net(good, n - good - bad, bad)
    return Number(n, (good - bad) / n, good - bad, n, bins, interval)


SCORES: dict[str, Scoring] = {"driver_balance": apart(_balance)}
