"""How far an import is: a small JSON file beside the log, so that a second start goes on there."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from schemas.codec import SchemaViolation, decode, encode
from schemas.model import Contract, Instant, Name
from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason
from services.ingest.commands.log_file import ImportRefused
from services.ingest.domain.outcome import Accepted, Ignored, Outcome, Rejected


class Progress(Contract):
    """`rows` of the order are done, with their counts; the clock has been moved to `ticked`."""

    file_sha256: str
    mapping_sha256: str
    clock: Name
    rows: int = 0
    accepted: int = 0
    ignored: dict[IgnoredReason, int] = {}
    rejected: dict[Reason, int] = {}
    ticked: Instant | None = None
    is_finished: bool = False

    def after(self, outcomes: Sequence[Outcome]) -> Self:
        """With these rows done too. The clock goes to the latest accepted time among them."""
        ignored = Counter(o.reason for o in outcomes if isinstance(o, Ignored))
        rejected = Counter(o.reason for o in outcomes if isinstance(o, Rejected))
        times = [o.record.time for o in outcomes if isinstance(o, Accepted)]
        return self.model_copy(
            update={
                "rows": self.rows + len(outcomes),
                "accepted": self.accepted + len(times),
                "ignored": dict(Counter(self.ignored) + ignored),
                "rejected": dict(Counter(self.rejected) + rejected),
                "ticked": max([*times, *([self.ticked] if self.ticked else [])], default=None),
            }
        )


def load(path: Path, fresh: Progress) -> Progress:
    """What the file says, or `fresh` when there is none. Raises ImportRefused when it was written
    for another log, mapping or clock.
    """
    if not path.exists():
        return fresh
    try:
        found = decode(Progress, path.read_bytes())
    except SchemaViolation as fault:
        raise ImportRefused(f"{path}: {fault}; delete it to begin anew") from None
    for what in ("file_sha256", "mapping_sha256", "clock"):
        if getattr(found, what) != getattr(fresh, what):
            changed = what.removesuffix("_sha256").replace("file", "log")
            raise ImportRefused(
                f"{path}: was written for another {changed}. To go on, bring that {changed} back; "
                "to begin anew, delete this file and give the mapping a new clock"
            )
    return found


def save(path: Path, progress: Progress) -> None:
    """Replace the file at once or not at all. Raises ImportRefused where nothing can be written."""
    draft = path.with_name(f"{path.name}.draft")
    try:
        draft.write_bytes(encode(progress))
        draft.replace(path)
    except OSError as fault:
        raise ImportRefused(f"{path}: cannot be written: {fault.strerror}") from None
