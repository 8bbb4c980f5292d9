"""`ingest rejected`: what was refused and why, and the same again by the rules of now."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from rich.console import Console
from rich.progress import Progress as Bars
from rich.table import Table

from schemas.reasons import MEANINGS
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointRecord
from services.ingest.collect import link_message, messages_of
from services.ingest.commands.patience import patiently
from services.ingest.domain.explanation import explain
from services.ingest.domain.identity import subjects
from services.ingest.domain.outcome import Accepted, Ignored, Outcome
from services.ingest.domain.replay import Unreplayable, opened, read_again, reconsider
from services.ingest.domain.rules import Rules
from services.ingest.domain.selection import Kept, Selection
from services.ingest.sending import Message, Publisher

# The broker's clock, which stamps what was sent, may be behind the one that stamped the rejection.
_BROKER_BEHIND = timedelta(minutes=5)
Identity = tuple[str, str]
Told = Callable[[int, int], None]


class RejectedLog(Protocol):
    """`touchpoints.rejected.v1`, up to the end it had when it was first read."""

    def read(self, since: datetime | None, told: Told) -> AsyncGenerator[Kept, None]:
        """What was refused since; `told` hears how many of how many records are read. Raises
        PublishFailed when the log cannot be read.
        """


class SentLog(Protocol):
    """`touchpoints.v1`."""

    async def known(
        self, wanted: Mapping[Identity, Collection[bytes]], since: datetime, told: Told
    ) -> set[Identity]:
        """Those of the wanted identities (with the keys each may have) that were appended since.
        Raises PublishFailed when the log cannot be read.
        """


@dataclass
class _Group:
    sample: Kept
    n: int = 0
    first: datetime = field(init=False)
    last: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.last = self.sample.rejection.at

    def add(self, at: datetime) -> None:
        self.n, self.first, self.last = self.n + 1, min(self.first, at), max(self.last, at)


async def listed(log: RejectedLog, selection: Selection, console: Console) -> Table:
    """How many by source and reason, with the place and the detail of one of each."""
    groups: dict[tuple[str, str], _Group] = {}
    with _bars(console) as bars:
        async for kept in log.read(selection.since, _telling(bars, "Reading")):
            rejection = kept.rejection
            if selection.takes(rejection):
                group = groups.setdefault((rejection.source, rejection.reason), _Group(kept))
                group.add(rejection.at)
    table = Table("source", "reason", "n", "first", "last", "for example")
    for (source, reason), group in sorted(groups.items(), key=lambda one: -one[1].n):
        sample = f"{group.sample.place}  {group.sample.rejection.detail}"
        times = (f"{time:%Y-%m-%d %H:%M:%S}" for time in (group.first, group.last))
        table.add_row(source, reason, f"{group.n:,}", *times, sample)
    return table


async def shown(
    log: RejectedLog, place: str, rules: Rules, console: Console
) -> dict[str, Any] | None:
    """One whole, its original readable, and what would become of it now; None when it is not there.

    The original may say who it was: this is for who holds the sealing key.
    """
    with _bars(console) as bars:
        async with aclosing(log.read(None, _telling(bars, "Looking"))) as found:
            async for kept in found:
                if kept.place == place:
                    return _told(kept.rejection, rules)
    return None


def _told(rejection: Rejection, rules: Rules) -> dict[str, Any]:
    original, again = opened(rejection, rules), read_again(rejection, rules)
    meaning = MEANINGS[rejection.reason]
    return {
        **rejection.model_dump(mode="json", exclude_none=True, exclude={"original"}),
        "what": meaning.what,
        "change": meaning.change,
        "original": original.decode(errors="replace") if isinstance(original, bytes) else None,
        "now": {"result": str(again)}
        if isinstance(again, Unreplayable)
        else explain(*again, rules),
    }


@dataclass(frozen=True)
class Replayer:
    """Sends rejections again. What `touchpoints.v1` has already is not sent a second time, so that
    neither another run nor a kill doubles anything; journey would find twins as well.
    """

    rejected: RejectedLog
    sent: SentLog
    publisher: Publisher
    rules: Rules
    console: Console
    retry_seconds: float = 1.0
    at_once: int = 500

    async def run(self, selection: Selection, *, is_dry: bool) -> Counter[str]:
        """What became of each that was selected, counted; of a dry run, what would. Raises
        TopicMissing, and PublishFailed when a log cannot be read.
        """
        with _bars(self.console) as bars:
            known = await self._known(selection, bars)
            account: Counter[str] = Counter()
            waiting: list[Message] = []
            async for outcome in self._decided(selection, _telling(bars, "Replaying")):
                account[_word(outcome, known)] += 1
                waiting += _unsent(outcome, known)
                if len(waiting) >= self.at_once:
                    await self._send(waiting, is_dry=is_dry)
                    waiting = []
            await self._send(waiting, is_dry=is_dry)
        return account

    async def _known(self, selection: Selection, bars: Bars) -> set[Identity]:
        """The identities of those that would be accepted and lie in the log already."""
        wanted: dict[Identity, Collection[bytes]] = {}
        earliest: datetime | None = None
        async for outcome in self._decided(selection, _telling(bars, "Deciding")):
            if isinstance(outcome, Accepted):
                names = subjects(outcome.record, outcome.links, self.rules)
                wanted[_identity(outcome.record)] = [name.encode() for name in names]
                came = outcome.record.data.received_at
                earliest = min(earliest or came, came)
        if earliest is None:
            return set()
        told = _telling(bars, "Looking what is there")
        return await self.sent.known(wanted, earliest - _BROKER_BEHIND, told)

    async def _decided(
        self, selection: Selection, told: Told
    ) -> AsyncIterator[Outcome | Unreplayable]:
        async for kept in self.rejected.read(selection.since, told):
            if selection.takes(kept.rejection):
                yield reconsider(kept.rejection, self.rules)

    async def _send(self, messages: Sequence[Message], *, is_dry: bool) -> None:
        if messages and not is_dry:
            publish = self.publisher.publish
            await patiently(lambda: publish(messages), "replay.waiting", self.retry_seconds)


def _unsent(outcome: Outcome | Unreplayable, known: set[Identity]) -> tuple[Message, ...]:
    """What to send; a comment alone is not looked for, and has the same id each time."""
    if isinstance(outcome, Ignored):
        return messages_of(outcome)
    if not isinstance(outcome, Accepted) or _identity(outcome.record) in known:
        return ()
    known.add(_identity(outcome.record))
    # With its links each time: whoever was erased under a former key is known by that one alone.
    return (*map(link_message, outcome.links), *messages_of(outcome))


def _identity(record: TouchpointRecord) -> Identity:
    return record.source, record.id


def _word(outcome: Outcome | Unreplayable, known: set[Identity]) -> str:
    if isinstance(outcome, Unreplayable):
        return f"not replayed: {outcome}"
    if isinstance(outcome, Accepted):
        return "already there" if _identity(outcome.record) in known else "accepted"
    is_ignored = isinstance(outcome, Ignored)
    return f"ignored: {outcome.reason}" if is_ignored else f"rejected again: {outcome.reason}"


def account(counts: Counter[str], *, is_dry: bool) -> Table:
    """Every rejection that was selected is in exactly one line of it."""
    title = "nothing was sent: this is what would become of them" if is_dry else "replayed"
    table = Table("rejections", title=title, title_justify="left", min_width=40)
    table.add_column("n", justify="right")
    for word, n in sorted(counts.items()):
        table.add_row(word, f"{n:,}")
    table.add_section()
    table.add_row("all", f"{counts.total():,}")
    return table


def _bars(console: Console) -> Bars:
    return Bars(console=console, transient=True)


def _telling(bars: Bars, title: str) -> Told:
    task = bars.add_task(title, total=None)
    return lambda done, total: bars.update(task, completed=done, total=total)
