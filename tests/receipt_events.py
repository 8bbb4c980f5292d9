"""The real log's rows as the touchpoint events that the import's mapping makes of them."""

from collections.abc import Iterable

from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import IdentityKind
from tests.builders import pseudonym, record, uid
from tests.oracle.receipt import CONFIRMED, DECIDED, Row

CLOCK = "import-receipt"
STEPS: dict[str, dict[str, str]] = {
    CONFIRMED: {"touchpoint": "receipt", "action": "submitted", "initiator": "citizen"},
    DECIDED: {"touchpoint": "decision", "action": "completed", "initiator": "agency"},
}
HANDLING = {"touchpoint": "handling", "action": "processed", "initiator": "agency"}


def _event(row: Row) -> TouchpointRecord:
    """The row as the import's mapping makes it."""
    return record(
        row.task,
        time=row.time,
        source="/import/receipt",
        subject=pseudonym(row.case),
        uid=uid(row.task),
        case=pseudonym("case " + row.case),
        identity_kind=IdentityKind.CASE,
        channel=row.channel,
        clock=CLOCK,
        sequence=row.number,
        stage="transaction",
        **STEPS.get(row.activity, HANDLING),
    )


def events_of(rows: Iterable[Row]) -> list[TouchpointRecord]:
    """Every row as an event, in the log's order, which is not that of time."""
    return [_event(row) for row in rows]
