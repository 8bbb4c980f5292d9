"""One event as a protocol read it: nothing about it has been checked yet."""

from dataclasses import dataclass

from services.ingest.domain.outcome import Ignored, Rejected


@dataclass(frozen=True, slots=True)
class Submission:
    """The parts every protocol has, each of any JSON type.

    `name` and `address` are what the catalogue's match rules look at; `user_agent` is the citizen's
    own, never that of the program that sends; `clock` overrides the source's (an imported log).
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


@dataclass(frozen=True, slots=True)
class Received:
    """One event's own bytes and what could be read in them; some are decided by the reading."""

    original: bytes
    content: Submission | Ignored | Rejected
