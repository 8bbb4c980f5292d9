"""The use case: keep the newest message of every key, and hand out what is known of a service."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

from schemas.codec import SchemaViolation, decode, encode
from schemas.metric import ClockProgress, MetricMessage, key_of
from services.publish.domain.numbers import Numbers
from services.publish.domain.period import Period

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


@dataclass(frozen=True)
class _Place:
    """Where a key's message lies; a key never moves."""

    service: str
    period: Period


class Publication:
    """The newest message of every key. Reading a record again changes nothing."""

    def __init__(self, telemetry: Telemetry | None = None) -> None:
        self._telemetry: Telemetry = telemetry or Silent()
        self._services: dict[str, dict[Period, dict[str, MetricMessage]]] = {}
        self._places: dict[str, _Place] = {}
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
        """What is known of one service now; later records do not change it."""
        periods = self._services.get(service, {})
        held = {period: tuple(found.values()) for period, found in periods.items() if found}
        return Numbers(held, self.progress())

    def progress(self) -> tuple[ClockProgress, ...]:
        """How far every clock is, by name."""
        return tuple(self._progress[clock] for clock in sorted(self._progress))

    def _take_in(self, key: str, value: bytes | None) -> str:
        if value is None:
            self._remove(key)
            return "removal"
        if key.startswith(PROGRESS):
            progress = decode(ClockProgress, value)
            self._progress[progress.clock] = progress
            return "progress"
        message = decode(MetricMessage, value)
        of = message.dimensions.service or message.dimensions.agency
        self._keep(key, message, _Place(of, _period_of(message)))
        return "metric"

    def _keep(self, key: str, message: MetricMessage, place: _Place) -> None:
        periods = self._services.setdefault(place.service, {})
        periods.setdefault(place.period, {})[key] = message
        self._places[key] = place

    def _remove(self, key: str) -> None:
        self._progress.pop(key.removeprefix(PROGRESS), None)
        place = self._places.pop(key, None)
        if place is not None:
            self._services[place.service][place.period].pop(key)


def _period_of(message: MetricMessage) -> Period:
    try:
        return Period.of(message)
    except (KeyError, ValueError, OSError):
        raise SchemaViolation("time_zone: not an IANA time zone") from None
