"""What the senders were told: accepted, ignored and rejected by reason, and surprises."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.story import Fate, Sending

MOST_SURPRISES = 20


@dataclass
class Tally:
    """Sums over all answers. `surprises` are sentences about events that met another fate."""

    sent: int = 0
    accepted: int = 0
    ignored: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)

    def take(self, sendings: Sequence[Sending], answer: Mapping[str, Any]) -> None:
        """Adds one answer to a batch and compares it with what each event must meet."""
        refused = {item["index"]: item["reason"] for item in answer["rejected"]}
        self.sent += len(sendings)
        self.accepted += answer["accepted"]
        self.ignored += answer["ignored"]
        self.rejected.update(refused.values())
        for index, sending in enumerate(sendings):
            must_be = sending.reason.value if sending.reason else None
            if refused.get(index) != must_be:
                told = refused.get(index, "accepted")
                self._surprise(f"{sending.id}: {told}, must be {must_be or 'accepted'}")

    def _surprise(self, sentence: str) -> None:
        if len(self.surprises) < MOST_SURPRISES:
            self.surprises.append(sentence)


@dataclass(frozen=True)
class ExpectedAccount:
    """What must become of everything that is sent."""

    sent: int
    accepted: int
    rejected: Mapping[str, int]
    applied: int
    duplicate: int
    late: int


def expected_account(sendings: Sequence[Sending]) -> ExpectedAccount:
    """The account that the fates of the sendings add up to."""
    fates = Counter(s.fate for s in sendings)
    return ExpectedAccount(
        sent=len(sendings),
        accepted=len(sendings) - fates[Fate.REJECTED],
        rejected=Counter(s.reason.value for s in sendings if s.reason),
        applied=fates[Fate.APPLIED],
        duplicate=fates[Fate.DUPLICATE],
        late=fates[Fate.LATE],
    )
