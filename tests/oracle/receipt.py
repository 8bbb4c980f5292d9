"""A real log, computed straight from its CSV: a Dutch municipality's receipts of permit requests.

One case is one journey. It is handed in at its first "Confirmation of receipt" and ends at its
first "T10 ..." with success; a case without one is undecided 365 days after it was handed in. No
silence before the end and no step after it parts a case in two: `batch` refuses a log where one
does.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from schemas.catalogue import Windows
from schemas.vocabulary import Channel, Outcome

LOG = Path("..") / "shared" / "data" / "receipt.csv"
CONFIRMED = "Confirmation of receipt"
DECIDED = "T10 Determine necessity to stop indication"
CHANNELS = {
    "Internet": Channel.WEBSITE,
    "Desk": Channel.IN_PERSON,
    "Post": Channel.POST,
    "e-mail": Channel.EMAIL,
    "Intern": Channel.OTHER_NON_DIGITAL,
}


@dataclass(frozen=True)
class Row:
    """One line of the log; `number` counts from 1 and breaks ties of time."""

    number: int
    case: str
    time: datetime
    activity: str
    channel: Channel
    task: str


@dataclass(frozen=True)
class Receipt:
    """One case as one journey."""

    case: str
    tasks: frozenset[str]
    opened: datetime
    submitted: datetime
    ended: datetime
    outcome: Outcome
    channel: Channel

    @property
    def length(self) -> timedelta:
        """From the start, which is the confirmation, to the end."""
        return self.ended - self.submitted


def read(path: Path) -> list[Row]:
    """The rows of the log, in the file's order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                number,
                line["case:concept:name"],
                datetime.fromisoformat(line["time:timestamp"]),
                line["concept:name"],
                CHANNELS[line["case:channel"]],
                line["concept:instance"],
            )
            for number, line in enumerate(csv.DictReader(file), start=1)
        ]


def batch(rows: Iterable[Row], windows: Windows) -> dict[str, Receipt]:
    """Every case by its name."""
    cases: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda r: (r.time, r.number)):
        cases[row.case].append(row)
    return {case: _receipt(case, own, windows) for case, own in cases.items()}


def _receipt(case: str, rows: Sequence[Row], windows: Windows) -> Receipt:
    submitted = next(r.time for r in rows if r.activity == CONFIRMED)
    decision = next((r.time for r in rows if r.activity == DECIDED), None)
    limit = submitted + windows.decision_limit
    ended = decision if decision is not None else limit
    assert rows[0].time + windows.time_limit >= submitted, "it fell silent before it was handed in"
    assert ended <= limit, "the agency was overdue before it decided"
    assert rows[-1].time <= ended + windows.case_follow_up, "a step after its follow-up"
    return Receipt(
        case=case,
        tasks=frozenset(r.task for r in rows),
        opened=rows[0].time,
        submitted=submitted,
        ended=ended,
        outcome=Outcome.SUCCESS if decision is not None else Outcome.UNDECIDED,
        channel=rows[0].channel,
    )
