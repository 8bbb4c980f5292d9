"""What `erasures.v1` says of each request, read from the log itself."""

from typing import Any

from schemas.codec import SchemaViolation, decode
from schemas.erasure import ErasureProposal, ErasureReceipt, ErasureRequest
from schemas.kafka_access import Kafka
from schemas.topics import ERASURES
from schemas.vocabulary import RecordKind
from services.ingest.adapters.log_tail import LogTail
from services.ingest.erase import Standing

_PROPOSAL = RecordKind.ERASURE_PROPOSAL.value.encode()
_REQUEST = RecordKind.ERASURE_REQUEST.value.encode()
_RECEIPT = RecordKind.ERASURE_RECEIPT.value.encode()


class KafkaErasureLog:
    """Proposals and requests, and of each the newest receipt of every partition and subject."""

    def __init__(self, kafka: Kafka, topic: str = ERASURES, patience_seconds: float = 60) -> None:
        self._proposals: dict[str, ErasureProposal] = {}
        self._requests: dict[str, ErasureRequest] = {}
        self._receipts: dict[str, dict[tuple[int, int], ErasureReceipt]] = {}
        self._tail = LogTail(kafka, topic, self._take, self._forget, patience_seconds)

    async def standing(self, name: str) -> Standing | None:
        """How far a request is; None when there is none. Raises PublishFailed."""
        await self._tail.catch_up()
        request = self._requests.get(name)
        if request is None:
            return None
        return Standing(request, tuple(self._receipts.get(name, {}).values()))

    async def proposal(self, name: str) -> ErasureProposal | None:
        """What was proposed under this id; None when nothing was. Raises PublishFailed."""
        await self._tail.catch_up()
        return self._proposals.get(name)

    def _forget(self) -> None:
        self._proposals.clear()
        self._requests.clear()
        self._receipts.clear()

    def _take(self, record: Any) -> None:
        kind = dict(record.headers).get("kind")
        try:
            if kind == _PROPOSAL:
                proposal = decode(ErasureProposal, record.value)
                self._proposals[proposal.id] = proposal
            elif kind == _REQUEST:
                request = decode(ErasureRequest, record.value)
                self._requests[request.id] = request
            elif kind == _RECEIPT:
                self._take_receipt(decode(ErasureReceipt, record.value))
        except SchemaViolation:
            return  # not of ours: only ingest and journey write here

    def _take_receipt(self, receipt: ErasureReceipt) -> None:
        given = self._receipts.setdefault(receipt.id, {})
        before = given.get((receipt.number, receipt.partition))
        # Asked for again, a partition finds nothing more: what it found first is what it did.
        if before is None or receipt.journeys > before.journeys:
            given[(receipt.number, receipt.partition)] = receipt
