"""What was released, as it lies on `metrics.public.v1`, and the files made of it."""

from datetime import date
from typing import Protocol

from schemas.codec import SchemaViolation, decode
from schemas.public_metric import PublicMetric
from services.publish.domain.open_data.about import About
from services.publish.domain.open_data.site import Site, site


class Telemetry(Protocol):
    """Who wants to know of a record that nobody can read."""

    def unreadable(self, key: str, problem: str) -> None:
        """A record breaks the contract; it is passed over."""


class PublicRecords:
    """Every revision by its key; the files are made anew when one came or the day changed."""

    def __init__(self, about: About, telemetry: Telemetry) -> None:
        self._about, self._telemetry = about, telemetry
        self._records: dict[str, PublicMetric] = {}
        self._site: tuple[date, Site] | None = None

    @property
    def held(self) -> int:
        """How many revisions are held."""
        return len(self._records)

    def record(self, key: str, value: bytes | None) -> None:
        """Take one record in; None removes the key. Never raises for its content."""
        self._site = None
        self._records.pop(key, None)
        try:
            if value is not None:
                self._records[key] = decode(PublicMetric, value)
        except SchemaViolation as problem:
            self._telemetry.unreadable(key, str(problem))

    def site(self, today: date) -> Site:
        """The open data of a day."""
        if self._site is None or self._site[0] != today:
            self._site = today, site(self._records.values(), self._about, today)
        return self._site[1]
