"""What the fold is told about the services it measures, and the limits it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from schemas.catalogue import Catalogue, Service, Windows
from schemas.vocabulary import Construct

# A pause as long as this begins a new visit; a shorter one does not.
VISIT_GAP = timedelta(minutes=30)
# How long after its end a journey can be named as a predecessor.
RECALL = timedelta(days=400)
# For how long, by append time, a repeated unlinked event is recognised.
UNLINKED_MEMORY = timedelta(hours=1)

# The watermark of a clock that has not ticked yet, and of one that had its last tick. Both leave
# room for a window to be added or taken away.
BEGINNING = datetime(1000, 1, 1, tzinfo=UTC)
FOREVER = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """The windows of one service, the zone of its hours and what each of its instruments asks
    first. All windows are above zero.
    """

    journey_gap: timedelta
    time_limit: timedelta
    decision_limit: timedelta
    follow_up: timedelta
    case_follow_up: timedelta
    grace: timedelta
    max_duration: timedelta
    zone: tzinfo
    visit_gap: timedelta = VISIT_GAP
    recall: timedelta = RECALL
    first_questions: Mapping[str, Construct] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """The rules of every service. `epoch` is that of `touchpoints.v1` and starts each version.

    `most_of_one` bounds how many events of one key a step takes: each that is out of order may
    re-fold all of its citizen's entries, and a step must not hold the worker up for long.
    `most_bytes` bounds what the rows they touch hold before: with what the events add, a step then
    still fits one batch, and need not be folded again with half of them.
    """

    services: Mapping[str, ServiceRules]
    epoch: int = 1
    most_entries: int = 2_000
    most_records: int = 1_000
    most_of_one: int = 50
    most_bytes: int = 3 * 2**20
    most_swept: int = 500

    def of(self, service: str) -> ServiceRules:
        """The rules of a service. One that has left the catalogue, or has not reached this worker's
        copy yet, is measured with the default windows in UTC: nothing of it is lost.
        """
        return self.services.get(service, _UNLISTED)

    @property
    def longest_grace(self) -> timedelta:
        """How long any service's clock waits for late events."""
        return max(one.grace for one in (*self.services.values(), _UNLISTED))

    def version(self, offset: int) -> int:
        """The version of a snapshot that the record at `offset` caused."""
        return first_version(self.epoch) + offset


def first_version(epoch: int) -> int:
    """The version that offset 0 of an epoch gives."""
    return epoch * 2**44


def rules_from(catalogue: Catalogue, epoch: int) -> Rules:
    """The rules a catalogue states."""
    return Rules({name: _of(service) for name, service in catalogue.services.items()}, epoch)


def _of(service: Service) -> ServiceRules:
    first = {one.id: one.constructs[0].construct for one in service.instruments}
    return ServiceRules(**dict(service.windows), zone=service.zone, first_questions=first)


_UNLISTED = ServiceRules(**dict(Windows()), zone=UTC)
