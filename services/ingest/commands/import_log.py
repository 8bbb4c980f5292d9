"""`ingest import`: an event log, through the same admission as HTTP, on a clock of its own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table

from schemas.control import Tick
from services.ingest.collect import Batch, Collector
from services.ingest.commands import import_progress
from services.ingest.commands.import_plan import Plan
from services.ingest.commands.import_progress import Progress
from services.ingest.commands.log_file import ImportRefused
from services.ingest.commands.patience import patiently
from services.ingest.domain.csv_log import PROTOCOL, VERSION
from services.ingest.domain.outcome import Outcome
from services.ingest.feed import ClockFeeder
from services.ingest.sending import TopicMissing

_ROWS = 1_000
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Importer:
    """Sends the rows: each thousand is acknowledged, then the clock is moved, then noted."""

    plan: Plan
    collector: Collector
    feeder: ClockFeeder
    console: Console
    retry_seconds: float = 1.0

    async def run(self, *, is_last: bool) -> Progress:
        """Go on where the progress file says, to the end. Raises ImportRefused.

        Killed at any point, the next run repeats at most one thousand rows, under the same ids.
        """
        progress = import_progress.load(self.plan.progress_file, self.plan.fresh)
        log = self.plan.log
        with _bars(self.console) as bars:
            reading = bars.add_task("Reading", total=None)
            log.index(lambda count: bars.advance(reading, count))
            bars.remove_task(reading)
            await self._refuse_foreign_progress(progress)
            await self._refuse_ended_clock(progress)
            sending = bars.add_task("Sending", total=len(log), completed=progress.rows)
            while progress.rows < len(log):
                progress = await self._thousand(progress)
                bars.update(sending, completed=progress.rows)
        if is_last and not progress.is_finished:
            progress = await self._finish(progress)
        return progress

    async def _refuse_foreign_progress(self, progress: Progress) -> None:
        """A tick is noted after the broker has it: one that does not has not these rows either."""
        if progress.ticked is None:
            return
        if not await self._patiently(lambda: self.feeder.knows(progress.clock)):
            raise ImportRefused(
                f"{self.plan.progress_file}: {progress.rows:,} rows were sent, but this broker has "
                f"no clock {progress.clock}: they went to another one, or are past their "
                "retention. To begin anew, delete this file"
            )

    async def _refuse_ended_clock(self, progress: Progress) -> None:
        """Rows sent after a clock's last tick would all be late."""
        if progress.rows == len(self.plan.log):
            return
        first = Tick(clock=progress.clock, time=progress.ticked or self._first_time())
        refusal = await self._patiently(lambda: self.feeder.refusal(first))
        if refusal:
            raise ImportRefused(
                f"{refusal}: these rows would be late. Give the mapping a `clock` of its own"
            )

    def _first_time(self) -> datetime:
        """The earliest readable time, or any time at all when no row has one."""
        for start in range(0, len(self.plan.log), _ROWS):
            for row in self.plan.log.rows(start, _ROWS):
                if time := self.plan.reader.time(row.cells):
                    return time
        return datetime.fromisoformat("1970-01-01T00:00:00+00:00")

    async def _thousand(self, progress: Progress) -> Progress:
        rows = self.plan.log.rows(progress.rows, _ROWS)
        events = [self.plan.reader.read(row) for row in rows]
        batch = Batch(self.plan.source, PROTOCOL, VERSION, events)
        outcomes: tuple[Outcome, ...] = await self._patiently(lambda: self.collector.collect(batch))
        progress = progress.after(outcomes)
        await self._tick(progress)
        import_progress.save(self.plan.progress_file, progress)
        return progress

    async def _finish(self, progress: Progress) -> Progress:
        progress = progress.model_copy(update={"is_finished": True})
        await self._tick(progress)
        import_progress.save(self.plan.progress_file, progress)
        return progress

    async def _tick(self, progress: Progress) -> None:
        if progress.ticked is None:
            return
        tick = Tick(clock=progress.clock, time=progress.ticked, last=progress.is_finished)
        refusal = await self._patiently(lambda: self.feeder.tick(tick))
        if refusal:
            raise ImportRefused(refusal)

    async def _patiently(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """Try until Kafka acknowledges: an import can wait, and a row sent twice has one id. Raises
        ImportRefused for a topic that waiting does not make.
        """
        try:
            return await patiently(work, "import.waiting", self.retry_seconds)
        except TopicMissing as missing:
            raise ImportRefused(f"{missing}; python -m deploy.provision apply") from None


def account(progress: Progress) -> Table:
    """The final account: every row is in exactly one line of it."""
    table = Table(title=f"clock {progress.clock}", title_justify="left", min_width=32)
    table.add_column("rows")
    table.add_column("n", justify="right")
    table.add_row("accepted", f"{progress.accepted:,}")
    for reason, n in sorted(progress.ignored.items()):
        table.add_row(f"ignored: {reason}", f"{n:,}")
    for why, n in sorted(progress.rejected.items()):
        table.add_row(f"rejected: {why}", f"{n:,}")
    table.add_section()
    table.add_row("all", f"{progress.rows:,}")
    return table


def _bars(console: Console) -> Bars:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Bars(*columns, TimeRemainingColumn(), console=console, transient=True)
