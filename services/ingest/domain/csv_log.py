"""A row of somebody's event log to a submission, as a mapping file says."""

from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, model_validator

from schemas.catalogue import TimeZone
from schemas.model import Contract, Name
from schemas.vocabulary import Action, Channel, Initiator, Outcome, Reason
from schemas.vocabulary import Ignored as IgnoredReason
from services.ingest.domain.outcome import Ignored, Rejected
from services.ingest.domain.submission import Received, Submission

PROTOCOL = "csv_log"
VERSION = "1"
ANY = "*"
Column = Annotated[str, StringConstraints(min_length=1, max_length=200)]
_NO_TIME = -(2**62)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Meant = TypeVar("Meant")


class Columns(Contract):
    """Which column says what; one of case and citizen makes rows joinable."""

    time: Column
    activity: Column
    channel: Column | None = None
    case: Column | None = None
    citizen: Column | None = None
    id: Column | None = None

    def named(self) -> dict[str, str]:
        """The columns that the mapping names, by what they say."""
        return {what: name for what, name in self.model_dump().items() if name is not None}


class Meaning(Contract):
    """What an activity of the log is in our words; what is left out comes from the touchpoint."""

    touchpoint: Name
    action: Action | None = None
    outcome: Outcome | None = None
    initiator: Initiator | None = None


class Mapping(Contract):
    """The mapping file. `*` stands for every activity or channel that is not named.

    `time_zone` is that of times without an offset; by default the service's.
    """

    source: Name
    service: Name
    clock: Name | None = None
    columns: Columns
    channels: dict[str, Channel] = {}
    activities: Annotated[dict[str, Meaning], Field(min_length=1)]
    ignore: tuple[str, ...] = ()
    time_zone: TimeZone | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","

    @model_validator(mode="after")
    def _channels_need_a_column(self) -> Self:
        if (self.columns.channel is None) != (not self.channels):
            raise ValueError("columns.channel and channels belong together: give both or neither")
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number among the data rows (from 1), its bytes, its cells by column."""

    number: int
    original: bytes
    cells: Map[str, str]


@dataclass(frozen=True)
class LogReader:
    """Reads rows of one file. `file_id` tells the file, so that its rows have ids of their own."""

    mapping: Mapping
    clock: str
    file_id: str
    zone: ZoneInfo

    def read(self, row: Row) -> Received:
        """The submission in a row, or why there is none. Pure; raises nothing."""
        return Received(row.original, self._content(row))

    def order(self, cells: Map[str, str]) -> int:
        """Microseconds since 1970, by which rows are sorted; unreadable times come first."""
        time = self.time(cells)
        return _NO_TIME if time is None else (time - _EPOCH) // timedelta(microseconds=1)

    def time(self, cells: Map[str, str]) -> datetime | None:
        """When a row happened; None when that cannot be read."""
        return instant(cells.get(self.mapping.columns.time, ""), self.zone)

    def _content(self, row: Row) -> Submission | Ignored | Rejected:
        said = {what: row.cells.get(name, "") for what, name in self._named.items()}
        if not any(said.values()):
            return Ignored(IgnoredReason.EMPTY)
        if not all(_is_text(value) for value in said.values()):
            return Rejected(Reason.BAD_VALUE, "row: not UTF-8")
        if said["activity"] in self.mapping.ignore:
            return Ignored(IgnoredReason.MAPPED_TO_IGNORE)
        return self._submission(row, said)

    def _submission(self, row: Row, said: Map[str, str]) -> Submission | Rejected:
        meaning = _mapped(self.mapping.activities, said["activity"])
        if meaning is None:
            return _unmapped(self.mapping.columns.activity, "activities or ignore")
        channel = _mapped(self.mapping.channels, said.get("channel", ""))
        if channel is None and self.mapping.columns.channel:
            return _unmapped(self.mapping.columns.channel, "channels")
        identifiers = {what: said[what] for what in ("case", "citizen") if said.get(what)}
        return Submission(
            id=said.get("id") or f"row-{row.number}",
            source=f"/import/{self.file_id}",
            name="log.row",
            time=self._told_time(said["time"]),
            clock=self.clock,
            data={
                "service": self.mapping.service,
                **meaning.model_dump(exclude_none=True),
                **({"channel": channel} if channel else {}),
                **identifiers,
                "sequence": row.number,
            },
        )

    def _told_time(self, cell: str) -> str:
        """What cannot be read goes on as it is: the step for times refuses it."""
        time = instant(cell, self.zone)
        return cell if time is None else time.isoformat()

    @property
    def _named(self) -> dict[str, str]:
        return self.mapping.columns.named()


def instant(cell: str, zone: ZoneInfo) -> datetime | None:
    """A time in UTC, in `zone` where it has no offset; None when it cannot be read."""
    try:
        time = datetime.fromisoformat(cell.strip()[:40])
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _mapped(words: Map[str, Meant], value: str) -> Meant | None:
    return words.get(value) or words.get(ANY)


def _unmapped(column: str, where: str) -> Rejected:
    detail = f"{column[:60]}: a value that the mapping does not name; add it to {where}"
    return Rejected(Reason.UNMAPPED_VALUE, detail)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
