"""What was found of each peer: kept as JSON, shown as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter

HEADINGS = (
    "engine",
    "state",
    "events",
    "CPU s per million",
    "CPU s to start",
    "events/s",
    "peak MB",
    "sessions",
    "kill -9: first new event",
    "sessions after it",
    "load",
)


@dataclass(frozen=True)
class Figures:
    """Of one peer. CPU and memory are of its process alone, from its start to its end.

    `start_cpu_seconds` are those until the first events were through; seconds include the start.
    `recovery_seconds` runs from the start after the kill to the first event that had not been
    worked on before. `load_average` is the machine's, over the minute before the run.
    """

    name: str
    version: str
    state: str
    measured_on: date
    machine: str
    load_average: float
    events: int = 0
    seconds: float = 0
    cpu_seconds: float = 0
    start_cpu_seconds: float = 0
    peak_megabytes: float = 0
    verdict: str = ""
    recovery_seconds: float | None = None
    verdict_after_kill: str = ""
    trouble: str = ""
    command: str = ""

    def cells(self) -> Sequence[str]:
        """Of a row of the table."""
        if not self.events:
            return (self._named(), self.state, f"cannot run: {self.trouble}", *[""] * 8)
        recovery = self.recovery_seconds
        return (
            self._named(),
            self.state,
            f"{self.events:,}",
            f"{(self.cpu_seconds - self.start_cpu_seconds) / self.events * 1e6:,.1f}",
            f"{self.start_cpu_seconds:.1f}",
            f"{self.events / self.seconds:,.0f}",
            f"{self.peak_megabytes:,.0f}",
            "; ".join(one for one in (self.verdict, self.trouble) if one),
            "" if recovery is None else f"{recovery:,.1f} s",
            self.verdict_after_kill,
            f"{self.load_average}",
        )

    def _named(self) -> str:
        return f"{self.name} {self.version}".strip()


_ALL = TypeAdapter(tuple[Figures, ...])


def read(path: Path) -> Mapping[str, Figures]:
    """What was found before, by name; nothing when there is no such file."""
    if not path.exists():
        return {}
    return {one.name: one for one in _ALL.validate_json(path.read_bytes())}


def write(path: Path, found: Iterable[Figures]) -> None:
    """Keep them in this order."""
    path.write_bytes(_ALL.dump_json(tuple(found), indent=1) + b"\n")


def markdown(found: Iterable[Figures]) -> str:
    """The table, and on what machine and when each row was measured."""
    rows = list(found)
    lines = [_row(HEADINGS), _row(["---"] * len(HEADINGS)), *(_row(one.cells()) for one in rows)]
    places: dict[tuple[str, str, date], list[str]] = {}
    for one in rows:
        places.setdefault((one.command, one.machine, one.measured_on), []).append(one.name)
    told = [
        f"Measured with `{command}` on {day.isoformat()} on {machine}: {'; '.join(names)}."
        for (command, machine, day), names in places.items()
    ]
    return "\n".join([*lines, "", *told])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
