"""Released numbers as data sets: one for each calendar period of a service, or of an agency."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from schemas.public_metric import PublicMetric, number_of
from schemas.vocabulary import PublishState
from services.publish.domain.period import Period
from services.publish.domain.release.asked import latest

ROOT = "/open-data"


class Owner(NamedTuple):
    """Whose numbers they are: a service's, or an agency's as a whole."""

    agency: str
    service: str | None

    @property
    def path(self) -> str:
        """Where what is known of it lies."""
        if self.service is None:
            return f"{ROOT}/agencies/{self.agency}"
        return f"{ROOT}/services/{self.service}"


@dataclass(frozen=True)
class DataSet:
    """One period of one owner, with every revision of every number."""

    owner: Owner
    period: Period
    records: tuple[PublicMetric, ...]

    @property
    def path(self) -> str:
        """The folder of its files."""
        return f"{self.owner.path}/{self.period.name}"

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days on which it was released or revised, the newest first."""
        return tuple(sorted({record.released for record in self.records}, reverse=True))

    @property
    def last_day(self) -> date:
        """The last day of the period, where its owner is."""
        record = self.records[0]
        return record.period_end.astimezone(ZoneInfo(record.time_zone)).date() - timedelta(days=1)

    def as_of(self, day: date) -> list[PublicMetric]:
        """What was public on a day, in the order of the keys. Once the day is over it stays so."""
        newest = latest(one for one in self.records if one.released <= day)
        return [record for _, record in sorted(newest.items())]

    def csv_path(self, day: date) -> str:
        """The address of the revision of a day."""
        return f"{self.path}/{day}.csv"

    @property
    def shown(self) -> list[PublicMetric]:
        """The newest revision of what is not suppressed."""
        newest = self.as_of(self.days[0])
        return [one for one in newest if one.state is not PublishState.SUPPRESSED]


def data_sets(records: Iterable[PublicMetric]) -> tuple[DataSet, ...]:
    """All of them, by owner, the newest period first."""
    found: dict[tuple[Owner, Period], list[PublicMetric]] = defaultdict(list)
    for record in records:
        zone = ZoneInfo(record.time_zone)
        period = Period.beginning(record.period, record.period_start, zone)
        owner = Owner(record.dimensions.agency, record.dimensions.service)
        found[owner, period].append(record)
    sets = [
        DataSet(owner, period, tuple(sorted(of, key=_key))) for (owner, period), of in found.items()
    ]
    newest_first = sorted(sets, key=lambda one: one.period.name, reverse=True)
    return tuple(sorted(newest_first, key=lambda one: one.owner.path))


def _key(record: PublicMetric) -> tuple[str, int]:
    return number_of(record), record.revision
