"""The use case of an erasure: into every partition, then on record; and how far it has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.codec import encode
from schemas.control import Erasure
from schemas.erasure import ErasureReceipt, ErasureRequest
from schemas.topics import ERASURES, TOUCHPOINTS
from schemas.vocabulary import RecordKind
from services.ingest.domain.erasure import AskedErasure, raw_gone_by, subjects
from services.ingest.domain.rules import Rules
from services.ingest.sending import Message, Publisher

_ASKED = (("kind", RecordKind.ERASURE_REQUEST.value.encode()),)
_ERASURE = (("kind", RecordKind.ERASURE.value.encode()),)


@dataclass(frozen=True)
class Standing:
    """A request and the receipts there are for it."""

    request: ErasureRequest
    receipts: Sequence[ErasureReceipt]

    @property
    def is_done(self) -> bool:
        """Each partition has given a receipt for each subject."""
        return len(self.receipts) >= self.request.subjects * self.request.partitions

    @property
    def journeys(self) -> int:
        """How many journeys were overwritten."""
        return sum(one.journeys for one in self.receipts)


class ErasureLog(Protocol):
    """What `erasures.v1` says."""

    async def standing(self, name: str) -> Standing | None:
        """How far a request is; None when there is none. Raises PublishFailed."""


class ErasureTelemetry(Protocol):
    """Who is told."""

    def erasure(self, agency: str) -> None:
        """One was asked for, and is in every partition."""


@dataclass(frozen=True)
class Eraser:
    """Asks for erasures. `rules` are those of now."""

    rules: Callable[[], Rules]
    publisher: Publisher
    log: ErasureLog
    telemetry: ErasureTelemetry
    now: Callable[[], datetime]

    async def ask(self, asked: AskedErasure, by: str) -> Standing:
        """`by` is who asks, for the record. Returns when it is acknowledged in every partition.
        Raises ErasureRefused, PublishFailed.

        The same id again is the same request, of the moment it was asked for first: whoever got no
        answer asks again.
        """
        meant = subjects(asked, self.rules())
        known = await self.log.standing(asked.id)
        time = self.now() if known is None else known.request.time
        partitions = await self.publisher.partitions(TOUCHPOINTS)
        request = ErasureRequest(
            id=asked.id,
            agency=asked.agency,
            by=by if known is None else known.request.by,
            time=time,
            subjects=len(meant),
            partitions=len(partitions),
            raw_gone_by=raw_gone_by(time),
        )
        # On record first: what is asked for again must be known by its moment.
        await self.publisher.publish(
            [Message(ERASURES, asked.id.encode(), encode(request), _ASKED)]
        )
        await self.publisher.publish(
            [
                Message(TOUCHPOINTS, None, encode(erasure), _ERASURE, partition)
                for number, subject in enumerate(meant)
                for erasure in (Erasure(id=asked.id, number=number, subject=subject, time=time),)
                for partition in partitions
            ]
        )
        if known is not None:
            return Standing(request, known.receipts)
        self.telemetry.erasure(asked.agency)
        return Standing(request, ())

    async def standing(self, name: str) -> Standing | None:
        """How far a request is; None when there is none. Raises PublishFailed."""
        return await self.log.standing(name)
