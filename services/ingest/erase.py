"""The use case of an erasure: proposed where two must decide, then on record, then into every
partition; and how far it has come.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from schemas.approval import Approval
from schemas.audit import on_record
from schemas.codec import encode
from schemas.control import Erasure
from schemas.erasure import ErasureProposal, ErasureReceipt, ErasureRequest
from schemas.topics import ERASURES, TOUCHPOINTS
from schemas.vocabulary import RecordKind
from services.ingest.domain.deciding import check_same, decided, meant_by
from services.ingest.domain.erasure import AskedErasure, raw_gone_by, subjects
from services.ingest.domain.rules import Rules
from services.ingest.sending import Message, Publisher, on_audit

_PROPOSED = (("kind", RecordKind.ERASURE_PROPOSAL.value.encode()),)
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

    async def proposal(self, name: str) -> ErasureProposal | None:
        """What was proposed under this id; None when nothing was. Raises PublishFailed."""


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

    async def ask(self, asked: AskedErasure, by: str) -> Standing | ErasureProposal:
        """`by` is who asks. Returns when it is acknowledged in every partition, or when it is on
        record that another must decide it. Raises ErasureRefused, NotAllowed, PublishFailed.

        The same id again is the same request, of the moment it was asked for first: whoever got no
        answer asks again.
        """
        rules, now = self.rules(), self.now()
        meant = subjects(asked, rules)
        known, before = await self.log.standing(asked.id), await self.log.proposal(asked.id)
        for told in (known.request if known else None, before):
            check_same(asked, told, rules)
        found = decided(asked, by, before, rules, now)
        if isinstance(found, ErasureProposal):
            await self._propose(found)
            return known or found
        return await self._carry_out(asked, meant, known, found)

    async def _propose(self, proposal: ErasureProposal) -> None:
        key = f"{proposal.id}/proposal".encode()
        await self.publisher.publish([Message(ERASURES, key, encode(proposal), _PROPOSED)])

    async def _carry_out(
        self,
        asked: AskedErasure,
        meant: Sequence[str],
        known: Standing | None,
        approval: Approval,
    ) -> Standing:
        time = self.now() if known is None else known.request.time
        partitions = await self.publisher.partitions(TOUCHPOINTS)
        request = ErasureRequest(
            id=asked.id,
            agency=asked.agency,
            by=approval.proposer if known is None else known.request.by,
            time=time,
            subjects=len(meant),
            partitions=len(partitions),
            raw_gone_by=raw_gone_by(time),
            objects=asked.objects,
            meant=meant_by(asked, self.rules()),
        )
        await self._keep(approval, request)
        await self.publisher.publish(
            [
                Message(TOUCHPOINTS, None, encode(erasure), _ERASURE, partition)
                for number, subject in enumerate(meant)
                for erasure in (
                    Erasure(
                        id=asked.id,
                        number=number,
                        subject=subject,
                        time=time,
                        objects=asked.objects,
                    ),
                )
                for partition in partitions
            ]
        )
        if known is not None:
            return Standing(request, known.receipts)
        self.telemetry.erasure(asked.agency)
        return Standing(request, ())

    async def _keep(self, approval: Approval, request: ErasureRequest) -> None:
        """Who decided is on record before anything, and the request before it takes effect: what is
        asked for again must be known by its moment.
        """
        record = on_record(approval, request.id, self.now())
        await self.publisher.publish([on_audit(record)])
        await self.publisher.publish(
            [Message(ERASURES, request.id.encode(), encode(request), _ASKED)]
        )

    async def standing(self, name: str) -> Standing | ErasureProposal | None:
        """How far a request is, or that another must decide it; None when there is none. Raises
        PublishFailed.
        """
        return await self.log.standing(name) or await self.log.proposal(name)
