"""The service catalogue: what is measured, in which words, and how long silence may last.

One YAML file per agency. All services read it; `check` says what a file alone cannot.
One file, a little long, because a service is read as a whole.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from schemas.cost import Cost
from schemas.improvement import Change
from schemas.instrument import Instrument, Text
from schemas.model import Contract, Name
from schemas.vocabulary import (
    Action,
    Channel,
    Initiator,
    Outcome,
    Stage,
)
from schemas.yaml_file import FileRefused, nearest, parse


def _zone_exists(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Amsterdam") from None
    return name


TimeZone = Annotated[str, AfterValidator(_zone_exists)]
Positive = Annotated[timedelta, Field(gt=timedelta(0))]
OTHER = "other"


class Windows(Contract):
    """How long silence, an agency and a follow-up may take (design 7)."""

    journey_gap: Positive = timedelta(days=30)
    time_limit: Positive = timedelta(days=90)
    decision_limit: Positive = timedelta(days=365)
    follow_up: Positive = timedelta(days=30)
    case_follow_up: Positive = timedelta(days=180)
    grace: Positive = timedelta(days=60)
    max_duration: Positive = timedelta(days=730)

    @property
    def memory_needed(self) -> timedelta:
        """How long a snapshot must be kept for a frozen quarter to be right."""
        follow_up = max(self.follow_up, self.case_follow_up)
        return self.max_duration + follow_up + self.grace + timedelta(days=92)


MatchType = Literal["event", "address", "schema", "form", "code"]
"""What of an event a rule looks at: its name, the address it came from, the name of its schema, the
form or survey it answers, the code that staff gave a call.
"""


class Match(Contract):
    """A rule that finds the touchpoint of an event that names none: a shell pattern over what its
    type says. `action` and `outcome` are what such an event means, where the touchpoint's own
    action does not say it.
    """

    type: MatchType
    pattern: Text
    action: Action | None = None
    outcome: Outcome | None = None

    def fits(self, seen: Mapping[MatchType, str]) -> bool:
        """Whether this rule applies to what was seen of an event."""
        return self.type in seen and fnmatchcase(seen[self.type], self.pattern)


class Touchpoint(Contract):
    """A place where citizen and service meet. `action` is what an event there means by default."""

    id: Name
    name: Text
    stage: Stage
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]
    initiator: Initiator = Initiator.CITIZEN
    action: Action = Action.VISITED
    match: tuple[Match, ...] = ()


class Service(Contract):
    """A public service that is measured."""

    id: Name
    name: Text
    owner: Text
    time_zone: TimeZone
    windows: Windows = Windows()
    touchpoints: Annotated[tuple[Touchpoint, ...], Field(min_length=1)]
    instruments: tuple[Instrument, ...] = ()
    changes: tuple[Change, ...] = ()
    costs: tuple[Cost, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        if any(t.id == OTHER for t in self.touchpoints):
            raise ValueError(f"touchpoint id {OTHER!r} is kept for events that match none")
        _unique("touchpoint", [t.id for t in self.touchpoints])
        _unique("instrument", [i.id for i in self.instruments])
        _unique("change", [c.id for c in self.changes])
        _unique("cost from", [c.begins.isoformat() for c in self.costs])
        return self

    @model_validator(mode="after")
    def _changes_are_made_here(self) -> Self:
        ids = [touchpoint.id for touchpoint in self.touchpoints]
        for change in self.changes:
            if change.touchpoint not in {None, *ids}:
                raise ValueError(f"change {change.id!r}: {nearest(str(change.touchpoint), ids)}")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone whose days and months this service's numbers are in."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def by_touchpoint(self) -> dict[str, Touchpoint]:
        """The touchpoints by id, `other` included, which starts and ends nothing."""
        other = Touchpoint(id=OTHER, name="Other", stage=Stage.INFORMATION, channels=tuple(Channel))
        return {OTHER: other} | {t.id: t for t in self.touchpoints}

    @cached_property
    def by_instrument(self) -> dict[str, Instrument]:
        """The instruments by id."""
        return {i.id: i for i in self.instruments}

    def matching(self, seen: Mapping[MatchType, str]) -> tuple[Touchpoint, Match] | None:
        """The first touchpoint with a rule that fits what was seen of an event, and that rule."""
        for touchpoint in self.touchpoints:
            for rule in touchpoint.match:
                if rule.fits(seen):
                    return touchpoint, rule
        return None


class AgencyCatalogue(Contract):
    """One file: an agency and its services."""

    agency: Name
    contact: Text
    services: Annotated[tuple[Service, ...], Field(min_length=1)]


class Catalogue(Contract):
    """All agencies. A service's id is unique across them."""

    agencies: tuple[AgencyCatalogue, ...]

    @model_validator(mode="after")
    def _services_are_unique(self) -> Self:
        _unique("service", [s.id for a in self.agencies for s in a.services])
        return self

    @model_validator(mode="after")
    def _changes_are_compared_with_another_service(self) -> Self:
        for service in self.services.values():
            others = [id_ for id_ in self.services if id_ != service.id]
            for change in service.changes:
                if change.comparison not in {None, *others}:
                    named = nearest(str(change.comparison), others)
                    raise ValueError(f"change {change.id!r} is compared with no service; {named}")
        return self

    @cached_property
    def services(self) -> dict[str, Service]:
        """Every service by id."""
        return {s.id: s for a in self.agencies for s in a.services}

    @cached_property
    def agency_of(self) -> dict[str, str]:
        """The agency's id by service id."""
        return {s.id: a.agency for a in self.agencies for s in a.services}


def load(files: Iterable[tuple[str, str]]) -> Catalogue:
    """The catalogue in (file name, YAML text) pairs. Raises FileRefused."""
    agencies = tuple(parse(AgencyCatalogue, text, where) for where, text in files)
    if not agencies:
        raise FileRefused("the catalogue has no file; THROUGHLINE_CATALOGUE names a file or folder")
    try:
        return Catalogue(agencies=agencies)
    except ValueError as error:
        raise FileRefused(str(error)) from None


def check(
    catalogue: Catalogue, max_delays: dict[str, timedelta], retention: timedelta
) -> list[str]:
    """What is wrong between the files, as sentences; empty when nothing is.

    `max_delays` is the largest `max_delay` of each service's sources, `retention` that of
    `journeys.v1`.
    """
    told = []
    for service in catalogue.services.values():
        slowest = max_delays.get(service.id, timedelta(0))
        if service.windows.grace < slowest:
            told.append(
                f"{service.id}: grace {service.windows.grace.days} d is less than the largest "
                f"max_delay of its sources, {slowest.days} d: raise grace"
            )
        excess = service.windows.memory_needed - retention
        if excess > timedelta(0):
            told.append(
                f"{service.id}: its windows need journeys.v1 kept {excess.days} d longer than "
                f"{retention.days} d: raise the retention or shorten max_duration"
            )
    return told


def known_or_sentence(word: str, known: Iterable[str], what: str) -> str | None:
    """None when `word` is known, else a sentence with the nearest right one."""
    words = list(known)
    return None if word in words else f"{what}: unknown; {nearest(word, words)}"


def _unique(what: str, ids: list[str]) -> None:
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise ValueError(f"{what} {twice[0]!r} is declared twice")
