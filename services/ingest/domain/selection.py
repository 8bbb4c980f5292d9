"""A rejection as it lies on its topic, and which of them somebody means."""

from dataclasses import dataclass
from datetime import datetime

from schemas.rejection import Rejection


@dataclass(frozen=True, slots=True)
class Kept:
    """A rejection and where it lies."""

    partition: int
    offset: int
    rejection: Rejection

    @property
    def place(self) -> str:
        """What a person calls it by."""
        return f"{self.partition}/{self.offset}"


@dataclass(frozen=True)
class Selection:
    """Which rejections: empty and None mean all; `until` is not included."""

    reasons: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None

    def takes(self, rejection: Rejection) -> bool:
        """Whether it is one of them."""
        return (
            (not self.reasons or rejection.reason in self.reasons)
            and (not self.sources or rejection.source in self.sources)
            and (self.since is None or rejection.at >= self.since)
            and (self.until is None or rejection.at < self.until)
        )
