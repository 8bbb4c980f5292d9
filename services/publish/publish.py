"""The use case: keep the newest message of every key, and hand out what is known of a service."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, Self

from schemas.codec import SchemaViolation, decode, encode
from schemas.metric import ClockProgress, MetricMessage, key_of
from schemas.vocabulary import Level
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period
from services.publish.domain.shelf import Shelf

PROGRESS = "progress/"


class Telemetry(Protocol):
    """What happened, told to whoever watches."""

    def read(self, what: str) -> None:
        """A record was read: `metric`, `progress` or `removal`."""

    def unreadable(self, key: str, problem: str) -> None:
        """A record breaks the contract; it is passed over."""


class Silent:
    """Tells nobody: for pages made from messages in memory."""

    def read(self, what: str) -> None:
        """Tell nobody."""

    def unreadable(self, key: str, problem: str) -> None:
        """Tell nobody."""


_Owner = tuple[Level, str]  # whose number it is: a service's, or an agency's as a whole


class _Records:
    """The records of one owner and period, as bytes: a year of hours and days lies here unread,
    and a decoded message is several times its bytes. What is looked at stays decoded until it
    changes.
    """

    def __init__(self) -> None:
        self.of_key: dict[str, bytes] = {}
        self._shelf: Shelf | None = None

    def put(self, key: str, value: bytes) -> None:
        self.of_key[key], self._shelf = value, None

    def drop(self, key: str) -> None:
        del self.of_key[key]
        self._shelf = None

    @property
    def shelf(self) -> Shelf:
        if self._shelf is None:
            self._shelf = Shelf.of(decode(MetricMessage, one) for one in self.of_key.values())
        return self._shelf


class _Shelves(Mapping[Period, Shelf]):
    """The periods of one owner that hold a message, each decoded when it is looked at."""

    def __init__(self, records: Mapping[Period, _Records]) -> None:
        self._records = records

    def __getitem__(self, period: Period) -> Shelf:
        return self._records[period].shelf

    def __iter__(self) -> Iterator[Period]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


class Publication:
    """The newest message of every key. Reading a record again changes nothing."""

    def __init__(self, telemetry: Telemetry | None = None) -> None:
        self._telemetry: Telemetry = telemetry or Silent()
        self._owners: dict[_Owner, dict[Period, _Records]] = {}
        self._places: dict[str, tuple[_Owner, Period]] = {}
        self._progress: dict[str, ClockProgress] = {}

    @classmethod
    def of(cls, messages: Iterable[MetricMessage], progress: Iterable[ClockProgress] = ()) -> Self:
        """A publication of messages in memory, read as they would be from the topic."""
        publication = cls()
        for message in messages:
            publication.record(key_of(message), encode(message))
        for clock in progress:
            publication.record(f"{PROGRESS}{clock.clock}", encode(clock))
        return publication

    @property
    def held(self) -> int:
        """How many metric messages are held."""
        return len(self._places)

    def record(self, key: str, value: bytes | None) -> None:
        """Take one record of the topic in; None removes the key. Never raises for its content."""
        try:
            self._telemetry.read(self._take_in(key, value))
        except SchemaViolation as problem:
            self._telemetry.unreadable(key, str(problem))

    def numbers(self, service: str) -> Numbers:
        """What is known of one service. To be used at once: the next record changes it."""
        return self._numbers((Level.SERVICE, service))

    def numbers_of_agency(self, agency: str) -> Numbers:
        """What is known of an agency as a whole, likewise."""
        return self._numbers((Level.AGENCY, agency))

    def progress(self) -> tuple[ClockProgress, ...]:
        """How far every clock is, by name."""
        return tuple(self._progress[clock] for clock in sorted(self._progress))

    def _numbers(self, owner: _Owner) -> Numbers:
        return Numbers(_Shelves(self._owners.get(owner, {})), self.progress())

    def _take_in(self, key: str, value: bytes | None) -> str:
        if value is None:
            self._remove(key)
            return "removal"
        if key.startswith(PROGRESS):
            progress = decode(ClockProgress, value)
            self._progress[progress.clock] = progress
            return "progress"
        self._keep(key, decode(MetricMessage, value), value)
        return "metric"

    def _keep(self, key: str, message: MetricMessage, value: bytes) -> None:
        owner, period = _owner_of(message), _period_of(message)
        periods = self._owners.setdefault(owner, {})
        periods.setdefault(period, _Records()).put(key, value)
        self._places[key] = owner, period

    def _remove(self, key: str) -> None:
        self._progress.pop(key.removeprefix(PROGRESS), None)
        place = self._places.pop(key, None)
        if place is None:
            return
        owner, period = place
        periods = self._owners[owner]
        periods[period].drop(key)
        if not periods[period].of_key:
            del periods[period]


def _owner_of(message: MetricMessage) -> _Owner:
    service = message.dimensions.service
    return (Level.SERVICE, service) if service else (Level.AGENCY, message.dimensions.agency)


def _period_of(message: MetricMessage) -> Period:
    try:
        return Period.of(message)
    except (KeyError, ValueError, OSError):
        raise SchemaViolation("time_zone: not an IANA time zone") from None
