"""Which snapshots of a batch need be counted: of each journey the newest says all."""

from dataclasses import dataclass, field

from services.metrics.domain.contribution import is_no_more
from services.metrics.domain.reading import Head, Read, Snapshot, head_of, reason_of


@dataclass
class Newest:
    """What was read of a batch, from its last record to the first."""

    _later: dict[bytes, Snapshot] = field(default_factory=dict)

    def says_all(self, kind: str | None, key: bytes | None, value: bytes | None) -> bool:
        """Whether a record need not be read: the numbers come out the same, and what lay between
        was never told. Nor is it asked whether it could be: the topic is compacted, so nobody may
        count on an older state still being there.
        """
        later = None if key is None else self._later.get(key)
        if later is None:
            return False
        earlier = head_of(kind, value)
        return earlier is not None and _says_all(later, earlier)

    def take(self, key: bytes | None, content: Read) -> None:
        """Remember what was read."""
        if key is not None and isinstance(content, Snapshot):
            self._later[key] = content


def _says_all(later: Snapshot, earlier: Head) -> bool:
    """Whether nothing is lost with the earlier one. Where the journey is no more, it tells in which
    hours it was; and a reason of its own marks what it has changed.
    """
    return (
        later.body.version > earlier.version
        and not is_no_more(later.body)
        and reason_of(earlier) in (None, reason_of(later.body))
    )
