"""How fast a source may send: a bucket that fills with time and empties with events."""

from dataclasses import dataclass

from schemas.sources import Rate


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many events fit at a moment (in seconds of any clock that only goes on)."""

    room: float
    at: float


def poured(bucket: Bucket | None, rate: Rate, events: int, now: float) -> tuple[Bucket, float]:
    """The bucket with these events in it and 0, or without them and the seconds until they fit.

    More events at once than the bucket holds fit when it is empty, and are owed afterwards: a
    client sends its batch again as it is.
    """
    room = float(rate.burst)
    if bucket is not None:
        room = min(room, bucket.room + (now - bucket.at) * rate.per_second)
    missing = min(events, rate.burst) - room
    if missing > 0:
        return Bucket(room, now), missing / rate.per_second
    return Bucket(room - events, now), 0.0
