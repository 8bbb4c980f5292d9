"""What every event must have around its data: id, source and name, as text."""

import re

from schemas.vocabulary import Reason
from services.ingest.domain.outcome import Rejected
from services.ingest.domain.refusal import json_type
from services.ingest.domain.submission import Submission

# Leaves room for the authenticated source's id in front of theirs.
_LONGEST = 400
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def envelope_fault(submission: Submission) -> Rejected | None:
    """The first thing that is wrong with id, source or type; None when nothing is."""
    parts = {"id": submission.id, "source": submission.source, "type": submission.name}
    for field, value in parts.items():
        if fault := _fault(field, value):
            return fault
    return None


def _fault(field: str, value: object) -> Rejected | None:
    if value is None or value == "":
        return Rejected(Reason.MISSING_FIELD, f"{field}: is required")
    if not isinstance(value, str):
        return Rejected(Reason.WRONG_TYPE, f"{field}: got {json_type(value)}, expected text")
    if len(value) > _LONGEST:
        return Rejected(Reason.BAD_VALUE, f"{field}: longer than {_LONGEST} characters")
    if _CONTROL.search(value):
        return Rejected(Reason.BAD_VALUE, f"{field}: has a control character")
    return None
