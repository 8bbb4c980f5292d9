"""The release calendar: from when on a period can be released, and on which days others change."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from schemas.catalogue import Catalogue, Service
from schemas.vocabulary import PeriodKind
from services.publish.domain.period import Period
from services.publish.domain.release.policy import Policy

_MONTHS = 15  # from so long ago on: whatever closes later began later
_REVISION_DAYS = 4


class Planned(NamedTuple):
    """What comes not before a day; without a service, the day on which any number may change."""

    day: date
    service: str | None = None
    period: str | None = None


def planned(catalogue: Catalogue, today: date) -> list[Planned]:
    """What is to come, by day."""
    first = [
        Planned(closing, service.id, period.name)
        for service in catalogue.services.values()
        for period, closing in _closings(service, today)
        if closing >= today
    ]
    days = (today + timedelta(days=n) for n in range(366))
    revised = islice((day for day in days if Policy().may_revise(day)), _REVISION_DAYS)
    return sorted(first + [Planned(day) for day in revised], key=str)


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
