"""What became of one submitted event."""

from dataclasses import dataclass

from schemas.comment import Comment
from schemas.control import Link
from schemas.touchpoint_event import TouchpointRecord
from schemas.vocabulary import Ignored as IgnoredReason
from schemas.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class Accepted:
    """It becomes `record`, and the free text that came with it becomes `comments`. `links` say what
    the person was called under former keys.
    """

    record: TouchpointRecord
    comments: tuple[Comment, ...] = ()
    unmatched_address: str = ""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Ignored:
    """It reports no contact: it is counted, and what was said in own words becomes `comments`."""

    reason: IgnoredReason
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """It is refused. `detail` names the field and its type, never a value; `subject` is the
    pseudonym where the event got as far as having one.
    """

    reason: Reason
    detail: str
    subject: str | None = None


Outcome = Accepted | Ignored | Rejected
