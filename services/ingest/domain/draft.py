"""A touchpoint event on its way through admission."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from schemas.catalogue import Service
from schemas.comment import Comment
from schemas.control import Link
from schemas.touchpoint_event import TouchpointRecord
from services.ingest.domain.rules import Rules
from services.ingest.domain.submission import Submission
from services.ingest.domain.submitted_event import SubmittedEvent

NOT_READ = SubmittedEvent(service="not-read")


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the edge knows of one event: who sent it, when, in which language, how many bytes, and
    whether its visitor goes through pages as no human does.
    """

    source_id: str
    protocol: str
    protocol_version: str
    received_at: datetime
    uid: UUID
    size: int
    is_of_machine: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What the steps have found out so far: `said` after `required fields`, and in `values` the
    fields of the touchpoint event that are decided.
    """

    arrival: Arrival
    submission: Submission
    said: SubmittedEvent = NOT_READ
    values: Mapping[str, Any] = field(default_factory=dict)
    record: TouchpointRecord | None = None
    comments: tuple[Comment, ...] = ()
    unmatched_address: str = ""
    links: tuple[Link, ...] = ()

    def knowing(self, **values: Any) -> Self:
        """The draft with these fields decided too."""
        return self._with(self.said, {**self.values, **values}, self.record)

    def saying(self, said: SubmittedEvent) -> Self:
        """The draft with what was said."""
        return self._with(said, self.values, self.record)

    def recorded(self, record: TouchpointRecord) -> Self:
        """The draft with what it has become."""
        return self._with(self.said, self.values, record)

    def _with(
        self, said: SubmittedEvent, values: Mapping[str, Any], record: TouchpointRecord | None
    ) -> Self:
        # Spelt out: eight times an event, dataclasses.replace was a tenth of what admission costs.
        return type(self)(
            self.arrival,
            self.submission,
            said,
            values,
            record,
            self.comments,
            self.unmatched_address,
            self.links,
        )

    def service(self, rules: Rules) -> Service:
        """The service it is about; only after the step that checks it."""
        return rules.catalogue.services[self.said.service]

    @property
    def has_text(self) -> bool:
        """Whether anything was said in own words."""
        return bool(self.said.text or self.submission.texts)

    @property
    def published_source(self) -> str:
        """The CloudEvent source it is published under: nobody writes under another's name."""
        theirs = str(self.submission.source)
        slash = "" if theirs.startswith("/") else "/"
        return f"/{self.arrival.source_id}{slash}{theirs}"
