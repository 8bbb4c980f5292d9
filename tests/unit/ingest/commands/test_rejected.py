"""To list, to show, and to send again: nothing is doubled, whatever stops it."""

import io
from collections import Counter
from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from rich.console import Console

from schemas.codec import decode
from schemas.rejection import Rejection
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Reason
from services.ingest.commands.rejected import Identity, Replayer, Told, account, listed, shown
from services.ingest.domain.selection import Kept, Selection
from services.ingest.sending import Message, PublishFailed, TopicMissing
from tests.unit.ingest.test_links import ROTATED
from tests.unit.ingest.test_replay import AT_BRANCH, MENDED, refused
from tests.unit.ingest.world import NOW, cloudevent, json, visit

ALL = Selection()


@dataclass
class Logs:
    """Both topics, and a broker that may fail."""

    rejections: Sequence[Rejection]
    sent: list[Message] = field(default_factory=list)
    fails_after: int = 10**9
    error: BaseException = field(default_factory=lambda: PublishFailed("away"))

    async def read(self, since: datetime | None, told: Told) -> AsyncGenerator[Kept, None]:
        for offset, rejection in enumerate(self.rejections):
            told(offset + 1, len(self.rejections))
            if since is None or rejection.at >= since:
                yield Kept(0, offset, rejection)

    async def known(
        self, wanted: Mapping[Identity, Collection[bytes]], since: datetime, told: Told
    ) -> set[Identity]:
        told(0, len(self.sent))
        assert since <= NOW - timedelta(minutes=5)
        found = {(one.source, one.id): one.subject.encode() for one in self.records}
        return {one for one, key in found.items() if key in wanted.get(one, ())}

    async def publish(self, messages: Sequence[Message]) -> None:
        if len(self.sent) >= self.fails_after:
            raise self.error
        self.sent += messages

    async def partitions(self, topic: str) -> Sequence[int]:
        raise AssertionError(topic)

    @property
    def records(self) -> list[TouchpointRecord]:
        events = [message for message in self.sent if ("kind", b"link") not in message.headers]
        return [decode(TouchpointRecord, message.value) for message in events]


def quiet() -> Console:
    return Console(file=io.StringIO(), width=200)


def replayer(logs: Logs) -> Replayer:
    return Replayer(logs, logs, logs, MENDED, quiet(), retry_seconds=0, at_once=2)


async def many(n: int) -> list[Rejection]:
    """Refusals of the same place, one of them twice, and one that stays refused."""
    events = [cloudevent(AT_BRANCH, id=f"e-{number}") for number in range(n)]
    other = cloudevent(visit(service="parkin"), id="o")
    return await refused(json([*events, events[0], other]))


async def test_what_is_accepted_now_is_sent_once_and_everything_is_accounted_for() -> None:
    logs = Logs(await many(3))
    first = await replayer(logs).run(ALL, is_dry=False)
    again = await replayer(logs).run(ALL, is_dry=False)
    refusal = "rejected again: unknown_service"
    assert first == Counter({"accepted": 3, "already there": 1, refusal: 1})
    assert again == Counter({"already there": 4, refusal: 1})
    assert [record.id for record in logs.records] == ["e-0", "e-1", "e-2"]


async def test_what_was_replayed_under_a_former_key_is_there_already() -> None:
    linked, alone = cloudevent(AT_BRANCH), cloudevent(visit(touchpoint="branch", citizen=None))
    logs = Logs(await refused(json([linked, alone | {"id": "e-2"}])))
    await replayer(logs).run(ALL, is_dry=False)
    now = replace(MENDED, keys=ROTATED.keys, all_keys=ROTATED.all_keys, former=ROTATED.former)
    again = await replace(replayer(logs), rules=now).run(ALL, is_dry=False)
    assert again == Counter({"already there": 2})


async def test_a_replay_says_who_it_was_under_a_former_key() -> None:
    logs = Logs(await many(1))
    now = replace(MENDED, keys=ROTATED.keys, all_keys=ROTATED.all_keys, former=ROTATED.former)
    await replace(replayer(logs), rules=now).run(ALL, is_dry=False)
    assert [dict(one.headers).get("kind") for one in logs.sent] == [b"link", None]


async def test_stopped_in_the_middle_the_next_run_sends_the_rest() -> None:
    logs = Logs(await many(5), fails_after=4, error=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        await replayer(logs).run(ALL, is_dry=False)
    assert len(logs.sent) == 4
    counts = await replayer(replace(logs, fails_after=10**9)).run(ALL, is_dry=False)
    assert counts["accepted"] == 1
    assert len({record.id for record in logs.records}) == len(logs.sent) == 5


async def test_a_broker_that_is_away_is_waited_for_and_a_missing_topic_is_not() -> None:
    logs = Logs(await many(1), fails_after=0, error=TopicMissing("no such topic"))
    with pytest.raises(TopicMissing):
        await replayer(logs).run(ALL, is_dry=False)


async def test_a_dry_run_says_the_same_and_sends_nothing() -> None:
    logs = Logs(await many(3))
    dry = await replayer(logs).run(ALL, is_dry=True)
    assert logs.sent == []
    assert dry == await replayer(logs).run(ALL, is_dry=False)


LATER = NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("selection", "n"),
    [
        (ALL, 3),
        (Selection(reasons=frozenset({"unknown_service"})), 1),
        (Selection(sources=frozenset({"web"})), 3),
        (Selection(sources=frozenset({"history"})), 0),
        (Selection(since=NOW, until=LATER), 3),
        (Selection(since=LATER), 0),
        (Selection(until=NOW), 0),
    ],
)
async def test_reason_source_and_time_choose(selection: Selection, n: int) -> None:
    counts = await replayer(Logs(await many(1))).run(selection, is_dry=True)
    assert counts.total() == n


async def test_a_list_counts_by_reason_with_an_example() -> None:
    console = quiet()
    console.print(await listed(Logs(await many(1)), ALL, quiet()))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    lines = [line.split() for line in text.splitlines()]
    assert [line[1:6:2] for line in lines if "web" in line] == [
        ["web", "unknown_touchpoint", "2"],
        ["web", "unknown_service", "1"],
    ]
    assert "0/2  service: unknown; did you mean 'parking'?" in text


async def test_one_is_shown_whole_with_what_would_become_of_it() -> None:
    logs = Logs(await many(1))
    told = await shown(logs, "0/0", MENDED, quiet())
    assert told is not None
    assert told["original"].startswith('{"specversion"')
    assert (told["reason"], told["now"]["result"]) == (Reason.UNKNOWN_TOUCHPOINT, "accepted")
    assert await shown(logs, "0/9", MENDED, quiet()) is None


def test_the_account_names_every_line_and_their_sum() -> None:
    console = quiet()
    console.print(account(Counter({"accepted": 1_000, "already there": 2}), is_dry=True))
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "nothing was sent" in text
    assert "1,002" in text
