"""What one journey or one glimpse adds to one number, and in which period."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil, log
from typing import NamedTuple

from schemas.vocabulary import Level

Dimensions = tuple[tuple[str, str], ...]
Parts = Iterable["Part"]
_GAMMA = 1.02 / 0.98


class Part(NamedTuple):
    """`hits` for the numerator and `of` for the denominator; `bin` is its place in the
    distribution, where `times` are added. `cluster`: so many units of one journey, of which so
    many count. `squares` are those of `hits`, where they are of no unit.
    """

    metric: str
    time: datetime
    hits: float = 0
    of: int = 1
    bin: str | None = None
    dimensions: Dimensions = ()
    level: Level = Level.SERVICE
    times: int = 1
    cluster: tuple[int, int] | None = None
    squares: int = 0


def named(**labels: str | None) -> Dimensions:
    """Dimensions in the order of their names; those that are None are left out."""
    return tuple(sorted((name, str(value)) for name, value in labels.items() if value is not None))


def duration_bucket(took: timedelta) -> str:
    """The logarithmic bucket of a duration, 2 % wide; nothing at all is bucket `zero`."""
    seconds = took.total_seconds()
    return "zero" if seconds <= 0 else str(ceil(log(seconds) / log(_GAMMA)))


def seconds_of(bucket: str) -> float:
    """The seconds that stand for a bucket."""
    return 0.0 if bucket == "zero" else 2 * _GAMMA ** int(bucket) / (_GAMMA + 1)
