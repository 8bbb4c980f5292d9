"""A steady flow of live citizens, so that a page has something to show while somebody looks."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import aiohttp

from deploy.demo.desks import Desk, source_of
from deploy.demo.play import Player
from deploy.demo.story import Sending
from deploy.demo.surveys import chosen, drawn, form, mentions
from schemas.control import LIVE
from schemas.vocabulary import Channel

_NEXT_CITIZEN_SECONDS = (0.5, 2.5)
_NEXT_STEP_SECONDS = (1.0, 6.0)
Step = tuple[str, Channel, dict[str, Any]]


async def flow(player: Player, desks: Sequence[Desk], rng: Random, name: str) -> None:
    """One citizen after another, each at their own pace, until cancelled."""
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as citizens:
        for number in count():
            walk = _Walk(player, session, rng.choice(desks), Random(rng.random()))
            citizens.create_task(walk.lives(f"{name}-{number}"))
            await asyncio.sleep(rng.uniform(*_NEXT_CITIZEN_SECONDS))


class _Walk:
    """One citizen's steps, now."""

    def __init__(
        self, player: Player, session: aiohttp.ClientSession, desk: Desk, rng: Random
    ) -> None:
        self._player = player
        self._session = session
        self._desk = desk
        self._rng = rng

    async def lives(self, name: str) -> None:
        """All steps, with pauses."""
        for number, (place, channel, more) in enumerate(steps(self._desk, name, self._rng)):
            now = datetime.now(UTC)
            data = {
                "service": self._desk.service.id,
                "touchpoint": place,
                "channel": channel,
                "citizen": name,
            }
            source = source_of(self._desk, channel, place, LIVE)
            sending = Sending(source, f"{name}-{number}", now, now, {**data, **more})
            await self._player.send(self._session, [sending])
            await asyncio.sleep(self._rng.uniform(*_NEXT_STEP_SECONDS))


def steps(desk: Desk, name: str, rng: Random) -> Iterator[Step]:
    """What one live citizen does: most get what they came for, some call, some leave."""
    screen = rng.choice(desk.digital_start)
    yield "guidance", screen, {}
    if rng.random() < 0.2:
        yield (
            "help-phone",
            Channel.PHONE,
            {"contact": {"reason": "clarify", "avoidable": rng.random() < 0.7}},
        )
    yield desk.start, screen, {}
    if rng.random() < 0.25:
        return
    yield desk.draft, screen, {}
    case = {"case": f"live-{name}"}
    yield desk.sent, screen, case
    refused = {"outcome": "negative_but_correct"} if rng.random() < 0.15 else {}
    yield desk.decided, Channel.EMAIL, {**case, **refused}
    feedback = {"about": "journey", "instrument": desk.journey_survey, "offer_id": f"o-{name}"}
    yield "survey", Channel.EMAIL, {"feedback": feedback}
    if rng.random() < 0.6:
        yield from _answers(desk, feedback, rng)


def _answers(desk: Desk, feedback: dict[str, Any], rng: Random) -> Iterator[Step]:
    """The first questions of the survey, the first of them with what moved the opinion."""
    mood = rng.choices((1, 2, 3, 4, 5), (1, 1, 2, 5, 4))[0]
    drivers = mentions(chosen(rng, desk.sender, mood), mood)
    for question in desk.service.by_instrument[desk.journey_survey].constructs[:3]:
        said = {**feedback, **form(question, drawn(rng, question, mood)), **drivers}
        drivers = {}
        more = {"action": "answered", "initiator": "citizen", "feedback": said}
        yield "survey", Channel.EMAIL, more
