"""One event as a protocol read it: nothing about it has been checked yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.catalogue import MatchType
from services.ingest.domain.outcome import Ignored, Rejected


@dataclass(frozen=True, slots=True)
class Submission:
    """The parts every protocol has, each of any JSON type.

    `name`, `address` and `marks` are what the catalogue's match rules look at; with
    `finds_service` they say the service too, for clients that know none. `makes_id` is what an id
    is made of, for clients that give events none: all that their retry repeats, if anything.
    `user_agent` is the citizen's own, never that of the program that sends; `clock` overrides the
    source's (an imported log). `is_local`: a time without an offset is the service's own. `texts`
    are what was said in own words, by the question.
    """

    id: object
    source: object
    name: object
    data: object
    time: object = None
    address: str = ""
    user_agent: str = ""
    is_test: bool = False
    clock: str | None = None
    marks: Mapping[MatchType, str] = field(default_factory=dict)
    finds_service: bool = False
    is_local: bool = False
    makes_id: Sequence[str] | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> dict[MatchType, str]:
        """What the match rules look at."""
        return {"event": str(self.name), "address": self.address, **self.marks}


@dataclass(frozen=True, slots=True)
class Received:
    """One event's own bytes and what could be read in them; some are decided by the reading."""

    original: bytes
    content: Submission | Ignored | Rejected
