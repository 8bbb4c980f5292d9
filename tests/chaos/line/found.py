"""What the line itself says, read as any subscriber would."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiokafka import ConsumerRecord

from deploy.demo.counters import Series, nets_in
from schemas.catalogue import Catalogue
from schemas.codec import decode
from schemas.journey import Account, Bucket, JourneySnapshot, Progress
from schemas.metric import ClockProgress, MetricMessage
from schemas.rejection import Rejection
from schemas.topics import JOURNEYS, JOURNEYS_REJECTED, METRICS_INTERNAL, TOUCHPOINTS_REJECTED
from schemas.vocabulary import Status
from tests.chaos.line.truth import PERIODS, Person, Told, as_listed, by_opening
from tests.oracle.buckets import Counts, Place
from tests.oracle.measures import Cell
from tests.system.topic import kind_of, read_all
from tests.told_numbers import told_by
from tests.unit.test_domain_against_oracle import counts_of, of_snapshot, place_of


@dataclass(frozen=True)
class Found:
    """The newest of everything."""

    journeys: Mapping[Person, Sequence[Told]]
    unfinished: Sequence[str]
    buckets: Mapping[Place, Counts]
    applied: Mapping[int, int]
    refused: Mapping[str, int]
    messages: Mapping[Cell, MetricMessage]
    progress: Mapping[str, ClockProgress]
    shown: Sequence[Mapping[Series, int]]


async def look(bootstrap: str, metrics: Iterable[str], catalogue: Catalogue) -> Found:
    """Everything, now; `metrics` are the addresses of the processes of that name."""
    newest = _newest(await read_all(bootstrap, JOURNEYS))
    every = [decode(JourneySnapshot, one.value) for one in newest["journey"].values()]
    snapshots = [one for one in every if one.superseded_by is None]
    marks = [decode(Progress, one.value) for one in newest["progress"].values()]
    opened = {one.id: one.opened for one in every}
    people: dict[Person, list[Told]] = defaultdict(list)
    for one in snapshots:
        people[one.clock, one.service, one.pseudonym].append(as_listed(of_snapshot(one, opened)))
    unlinked = [decode(Bucket, one.value) for one in newest["bucket"].values()]
    told = await read_all(bootstrap, METRICS_INTERNAL)
    messages, progress = told_by(told, catalogue, PERIODS)
    return Found(
        journeys={person: by_opening(own) for person, own in people.items()},
        unfinished=[
            f"{j.id} of {j.clock} is {j.status}" for j in snapshots if not _is_finished(j, marks)
        ],
        buckets=_added_up(unlinked),
        applied={n: max(m.applied for m in marks if m.partition == n) for n in _partitions(marks)},
        refused=await _refused(bootstrap),
        messages=messages,
        progress=progress,
        shown=[nets for nets in await asyncio.gather(*map(shown, metrics)) if nets],
    )


async def shown(address: str) -> Counter[Series]:
    """The nets on one process's /metrics; empty when it shows none, or is away."""
    return nets_in(await exposition(address))


async def exposition(address: str) -> str:
    """The text of one process's /metrics; empty when it is away."""
    timeout = aiohttp.ClientTimeout(total=2)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"http://{address}/metrics") as answer,
        ):
            return await answer.text()
    except (aiohttp.ClientError, TimeoutError):
        return ""


def accounted(account: Account) -> tuple[int, int, int]:
    """As the truth says it. What was refused is none of the three, and is missing in a sum."""
    return account.applied, account.duplicate, account.late


def _newest(records: Iterable[ConsumerRecord]) -> Mapping[str, Mapping[bytes, ConsumerRecord]]:
    newest: dict[str, dict[bytes, ConsumerRecord]] = defaultdict(dict)
    for one in records:
        newest[kind_of(one) or ""][one.key] = one
    return newest


def _is_finished(journey: JourneySnapshot, marks: Iterable[Progress]) -> bool:
    """A clock that had its last tick leaves no journey that could still change."""
    has_ended = any(m.last for m in marks if m.clock == journey.clock)
    return journey.status is Status.FINAL or not has_ended


def _partitions(marks: Iterable[Progress]) -> set[int]:
    return {mark.partition for mark in marks}


async def _refused(bootstrap: str) -> Mapping[str, int]:
    """What journey refused, by reason, each record of the source once; and what metrics could not
    read.
    """
    told = [decode(Rejection, one.value) for one in await read_all(bootstrap, TOUCHPOINTS_REJECTED)]
    by_journey = {(one.reason.value, one.origin) for one in told if one.origin is not None}
    unread = len(await read_all(bootstrap, JOURNEYS_REJECTED))
    return {
        **Counter(reason for reason, _ in by_journey),
        **({"by metrics": unread} if unread else {}),
    }


def _added_up(unlinked: Iterable[Bucket]) -> Mapping[Place, Counts]:
    """Each partition has buckets of its own."""
    found: dict[Place, Counts] = defaultdict(Counts)
    for bucket in unlinked:
        sums, more = found[place_of(bucket)], counts_of(bucket)
        sums.actions.update(more.actions)
        sums.chain.update(more.chain)
        sums.answers.update(more.answers)
        sums.contacts.update(more.contacts)
        sums.drivers.update(more.drivers)
    return dict(found)
