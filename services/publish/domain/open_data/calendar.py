"""The release calendar: before when no period is released, and on which days others change."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from schemas.catalogue import Catalogue, Service
from schemas.vocabulary import PeriodKind
from services.publish.domain.period import Period
from services.publish.domain.release.policy import REVISION_DAYS, Policy

_MONTHS = 15  # from so long ago on: whatever closes later began later
_REVISIONS = 4
_MAY = Policy().may_revise


class Planned(NamedTuple):
    """What comes not before a day, and when nothing in it can change any more; without a service,
    the days up to `last` on which any number may change.
    """

    day: date
    service: str | None = None
    period: str | None = None
    last: date | None = None


def planned(
    catalogue: Catalogue, today: date, released: Collection[tuple[str | None, str]] = ()
) -> list[Planned]:
    """What is to come, by day; of periods also what is due and not among the `released`."""
    first = [
        Planned(closing, service.id, period.name)
        for service in catalogue.services.values()
        for period, closing in _closings(service, today)
        if (service.id, period.name) not in released
    ]
    return sorted([*first, *islice(_revisions(today), _REVISIONS)], key=_order)


def _revisions(today: date) -> Iterator[Planned]:
    """The weeks in which numbers may change, that of today too."""
    week = timedelta(days=REVISION_DAYS - 1)
    day = today - week
    while True:
        if _MAY(day) and not _MAY(day - timedelta(days=1)):
            yield Planned(day, last=day + week)
        day += timedelta(days=1)


def _order(one: Planned) -> tuple[date, str, str]:
    return one.day, one.service or "", one.period or ""


def _closings(service: Service, today: date) -> Iterator[tuple[Period, date]]:
    """Months and quarters that have begun, and the day after which their journeys are final."""
    grace = service.windows.grace
    month = today.replace(day=1)
    for _ in range(_MONTHS):
        following = (month + timedelta(days=32)).replace(day=1)
        closing = following + timedelta(days=-(-grace // timedelta(days=1)))
        yield Period(PeriodKind.MONTH, month), closing
        if following.month % 3 == 1:
            quarter = Period(PeriodKind.MONTH, month).quarter
            if quarter is not None:
                yield quarter, closing
        month = (month - timedelta(days=1)).replace(day=1)
