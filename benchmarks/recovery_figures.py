"""What was measured of recovery, and its two tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter


class Log(StrEnum):
    """What a worker finds of its state log."""

    AS_LEFT = "as the worker left it"
    COMPACTED = "compacted"


@dataclass(frozen=True)
class Ours:
    """Of our worker, started again after kill -9. Memory is resident: the most while it recovered,
    and what it held thereafter.
    """

    log: Log
    seconds: float
    cpu_seconds: float
    records: int
    peak_megabytes: float
    megabytes: float
    citizens: int
    bytes_each: float

    @property
    def megabytes_a_million(self) -> float:
        """Of memory after recovery, the program itself included, for a million citizens."""
        return self.megabytes * 1e6 / self.citizens


@dataclass(frozen=True)
class Faust:
    """Of stock Faust, started on a changelog of as many keys."""

    seconds: float
    cpu_seconds: float
    megabytes: float


@dataclass(frozen=True)
class Recovery:
    """Both, from the start of the process to the first events; `asked` is --citizens."""

    asked: int
    measured_on: date
    machine: str
    load_average: float
    ours: tuple[Ours, ...]
    faust: Faust

    def times(self) -> Iterable[Sequence[str]]:
        """Rows of the table of seconds."""
        for one in self.ours:
            yield (
                f"{one.citizens:,}",
                one.log,
                f"{one.records:,}",
                f"{one.seconds:.1f}",
                f"{one.cpu_seconds:.1f}",
                f"{self.faust.seconds:.1f}",
                f"{self.faust.cpu_seconds:.1f}",
                f"{self.faust.seconds / one.seconds:.1f} times",
                f"{self.faust.cpu_seconds / one.cpu_seconds:.1f} times",
                f"{self.load_average}",
            )

    def memory(self) -> Iterable[Sequence[str]]:
        """Rows of the table of memory."""
        for one in self.ours:
            yield (
                f"{one.citizens:,}",
                one.log,
                f"{one.bytes_each:,.0f}",
                f"{one.megabytes:,.0f}",
                f"{one.megabytes_a_million:,.0f}",
                f"{one.peak_megabytes:,.0f}",
                f"{self.faust.megabytes:,.0f}",
            )


ALL = TypeAdapter(tuple[Recovery, ...])
_TIMES = (
    "citizens in state",
    "our log",
    "records read",
    "ours: seconds",
    "ours: CPU seconds",
    "stock Faust: seconds",
    "its CPU seconds",
    "ratio",
    "of CPU",
    "load",
)
_MEMORY = (
    "citizens in state",
    "our log",
    "state bytes each",
    "ours: MB",
    "MB a million citizens",
    "ours: peak MB",
    "stock Faust: peak MB",
)


def markdown(found: Iterable[Recovery]) -> str:
    """The tables, and where and when they were measured."""
    all_of_it = list(found)
    places = {f"Measured on {one.measured_on} on {one.machine}." for one in all_of_it}
    return "\n".join(
        [
            *_table(_TIMES, [row for one in all_of_it for row in one.times()]),
            "",
            *_table(_MEMORY, [row for one in all_of_it for row in one.memory()]),
            "",
            *sorted(places),
        ]
    )


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [headings, ["---"] * len(headings), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
