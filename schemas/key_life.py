"""How long a pseudonym key lives: as long as any record made with it may, by the settings.

Without it nobody could find such a record when a person asks to be forgotten.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from schemas import topics
from schemas.catalogue import Catalogue, Windows
from schemas.keyring import Keyring, KeySpan

# The file is read again within seconds, and clocks differ; but whoever edits it is not in a hurry.
_LAST_RECORD: Final = timedelta(days=1)


def needed_until(key: KeySpan, catalogue: Catalogue) -> datetime | None:
    """From when on a key may be destroyed; None while it still writes.

    The last record made with it begins a journey, which is told under that pseudonym until it is
    final, if its citizen never comes again; that snapshot is then kept as its topic says.
    """
    if key.until is None:
        return None
    windows = (service.windows for service in catalogue.services.values())
    longest = max((_life(one) for one in windows), default=_life(Windows()))
    return key.until + _LAST_RECORD + longest + _kept()


def destroyed_too_early(keyring: Keyring, catalogue: Catalogue, now: datetime) -> Iterator[str]:
    """A sentence for each key that is said to be destroyed while records made with it may live, or
    on a day that has not come.
    """
    for one in keyring.destroyed:
        if one.destroyed > now:
            yield f"key {one.id}: `destroyed` is later than now; keep it among `keys` until then"
        needed = needed_until(one, catalogue)
        if needed is None or one.destroyed < needed:
            yield too_early(one, needed)


def lost(before: Iterable[KeySpan], now: Keyring, catalogue: Catalogue) -> Iterator[str]:
    """A sentence for each key that was there before and is neither there now nor destroyed."""
    known = {one.id for one in (*now.keys, *now.destroyed)}
    for key in before:
        if key.id not in known:
            yield too_early(key, needed_until(key, catalogue))


def too_early(key: KeySpan, needed: datetime | None) -> str:
    """Why a key that is needed until then, or for ever, cannot go now."""
    if needed is None:
        return f"key {key.id}: it writes; give it an `until` and its agency another key first"
    return (
        f"key {key.id}: what was made with it may be there until {needed:%Y-%m-%d}; keep it among "
        "`keys` until then, and name it in `destroyed` when it is gone"
    )


def _life(windows: Windows) -> timedelta:
    follow_up = max(windows.follow_up, windows.case_follow_up)
    return windows.max_duration + follow_up + windows.grace


def _kept() -> timedelta:
    configuration = topics.topic(topics.JOURNEYS).production.configuration
    kept, segment = configuration["retention.ms"], configuration["segment.ms"]
    return timedelta(milliseconds=int(kept) + int(segment))
