"""Mends `journeys.v1` where somebody wrote an older version after a newer one."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from schemas.codec import SchemaViolation, decode
from schemas.journey import Bucket, JourneySnapshot, Progress
from schemas.topics import JOURNEYS
from schemas.vocabulary import RecordKind
from services.journey.adapters.log_reader import Reader, Record
from services.journey.domain.partition import Output
from services.journey.domain.rules import first_version
from services.journey.domain.state import Position
from services.journey.sessionise import Outputs, Partition

Told = JourneySnapshot | Bucket | Progress
_VERSIONED: Mapping[str, type[Told]] = {
    RecordKind.JOURNEY: JourneySnapshot,
    RecordKind.BUCKET: Bucket,
    RecordKind.PROGRESS: Progress,
}


class OutputsLost(Exception):
    """What was acknowledged is gone; whoever read it knows more than the log."""


class OutputRepair:
    """Looks at what lies behind the last step's outputs, and puts the newest on top again."""

    def __init__(self, topic: str, outputs: Outputs) -> None:
        self.topic = topic
        self._outputs = outputs

    async def repair(self, partition: Partition, reader: Reader) -> int:
        """Publish again what was overwritten, and say how much; then `next_output` is the end.

        What a step wrote that did not come to its end is left: it will be written again. Raises
        OutputsLost, or whatever reading and writing raise.
        """
        first, end = await reader.bounds(self.topic, partition.number)
        # Where the state stands, not where this worker does: when the state is another's, who was
        # ahead, our own last outputs are the older ones.
        known = max(first, partition.state.position.next_output)
        reached = max(known, partition.next_output)
        if reached > end:
            where = f"{self.topic}/{partition.number}"
            raise OutputsLost(f"{where} reached {reached} before, but it ends at {end}")
        partition.next_output = end
        if partition.applied < 0 or known == end:
            return 0
        foreign: dict[bytes, Told] = {}
        async for records in reader.read(self.topic, partition.number, known, end):
            position = partition.state.position
            foreign |= {r.key: told for r in records if (told := _applied(r, position))}
        newest = await self._newest(partition, foreign, reader)
        await self._outputs.publish(partition, newest)
        return len(newest)

    async def _newest(
        self, partition: Partition, foreign: Mapping[bytes, Told], reader: Reader
    ) -> Sequence[Output]:
        if not foreign:
            return ()
        journeys = [told for told in foreign.values() if isinstance(told, JourneySnapshot)]
        known = partition.state.republish({one.id: one.pseudonym.encode() for one in journeys})
        missing = foreign.keys() - {output.key for output in known}
        return [*known, *await self._highest(partition, missing, reader)]

    async def _highest(
        self, partition: Partition, keys: AbstractSet[bytes], reader: Reader
    ) -> Sequence[Output]:
        """Of these keys, which memory knows no more, the record with the highest version.

        Reads the whole partition: a foreign write about a journey that is final is rare.
        """
        found: dict[bytes, tuple[int, Output]] = {}
        if not keys:
            return ()
        first, end = await reader.bounds(self.topic, partition.number)
        async for records in reader.read(self.topic, partition.number, first, end):
            for record in records:
                if record.key in keys and version_of(record) >= found.get(record.key, (-1,))[0]:
                    found[record.key] = (version_of(record), _output(record))
        return [output for _, output in found.values()]


def version_of(record: Record) -> int:
    """The version a record of `journeys.v1` carries; -1 when it carries none."""
    return _version(_told(record))


def _version(told: Told | None) -> int:
    """Progress has none of its own; how far it says the partition is tells two of them apart."""
    if told is None:
        return -1
    return told.applied if isinstance(told, Progress) else told.version


def _told(record: Record) -> Told | None:
    """What cannot be read stays where it is: metrics refuses it, and says so."""
    model = _VERSIONED.get(_kind(record))
    if model is None or record.value is None:
        return None
    try:
        return decode(model, record.value)
    except SchemaViolation:
        return None


def _applied(record: Record, position: Position) -> Told | None:
    """What a record says, when it is of a step that is in the state already, or of an older epoch.
    Progress does not say of which epoch it is.
    """
    told = _told(record)
    start = 0 if isinstance(told, Progress) else first_version(position.epoch)
    return told if 0 <= _version(told) <= start + position.offset else None


def _kind(record: Record) -> str:
    return next((str(value, "ascii") for name, value in record.headers if name == "kind"), "")


def _output(record: Record) -> Output:
    return Output(JOURNEYS, record.key, record.value, _kind(record))
