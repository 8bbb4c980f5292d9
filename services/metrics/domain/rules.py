"""What the numbers depend on beside the snapshots: the services of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from schemas.catalogue import OTHER, Catalogue, Service
from schemas.vocabulary import Level
from schemas.yaml_file import FileRefused

NO_CHANNEL = "none"
_AGENCY = "@"  # begins the name of an agency's scope; no id can


@dataclass(frozen=True)
class Scope:
    """What a number is of: a service, or all services of an agency."""

    agency: str
    service: str | None
    services: tuple[str, ...]
    levels: frozenset[Level]
    zone: ZoneInfo
    grace: timedelta


@dataclass(frozen=True)
class ServiceRules:
    """One service: in whose days it is counted, when its books close, and which labels it has."""

    agency: str
    service: str
    zone: ZoneInfo
    grace: timedelta
    channels: tuple[str, ...]
    touchpoints: Mapping[str, str]  # id -> stage, `other` included
    instruments: frozenset[str]
    questions: frozenset[tuple[str, str]]  # construct, scale

    def touchpoint_label(self, touchpoint: str) -> str:
        """The touchpoint as a label: one the catalogue lacks becomes `other`."""
        return touchpoint if touchpoint in self.touchpoints else OTHER

    def instrument_label(self, instrument: str) -> str:
        """The instrument as a label: one the catalogue lacks becomes `other`."""
        return instrument if instrument in self.instruments else OTHER


@dataclass(frozen=True)
class Rules:
    """Every service by id."""

    services: Mapping[str, ServiceRules]

    @cached_property
    def scopes(self) -> Mapping[str, Scope]:
        """By name: each service's is its id, each agency's begins with a sign no id has. The books
        of an agency are closed when those of its slowest service are.
        """
        scopes = {name: _of_service(rules) for name, rules in self.services.items()}
        agencies: dict[str, list[ServiceRules]] = {}
        for rules in self.services.values():
            agencies.setdefault(rules.agency, []).append(rules)
        return scopes | {agency_scope(name): _of_agency(own) for name, own in agencies.items()}

    def names_of(self, service: str) -> tuple[str, ...]:
        """The scopes a service counts in."""
        return service, agency_scope(self.services[service].agency)


def agency_scope(agency: str) -> str:
    """The name of an agency's scope."""
    return f"{_AGENCY}{agency}"


def _of_service(rules: ServiceRules) -> Scope:
    levels = frozenset({Level.SERVICE, Level.TOUCHPOINT})
    service = rules.service
    return Scope(rules.agency, service, (service,), levels, rules.zone, rules.grace)


def _of_agency(own: list[ServiceRules]) -> Scope:
    services = tuple(sorted(rules.service for rules in own))
    grace = max(rules.grace for rules in own)
    levels = frozenset({Level.AGENCY})
    return Scope(own[0].agency, None, services, levels, own[0].zone, grace)


def rules_from(catalogue: Catalogue) -> Rules:
    """The rules a catalogue stands for. Raises FileRefused where an agency's services count their
    days in different zones: a day of the agency would be no day.
    """
    for agency in catalogue.agencies:
        first = agency.services[0]
        for other in agency.services[1:]:
            if other.time_zone != first.time_zone:
                raise FileRefused(
                    f"agency {agency.agency!r}: {first.id} counts in {first.time_zone} and "
                    f"{other.id} in {other.time_zone}, so the agency has no days of its own: "
                    "write the same time_zone, or two agencies"
                )
    agency_of = catalogue.agency_of
    return Rules({i: _service(s, agency_of[i]) for i, s in catalogue.services.items()})


def _service(service: Service, agency: str) -> ServiceRules:
    channels = {c.value for t in service.touchpoints for c in t.channels}
    questions = {(q.construct, q.scale) for i in service.instruments for q in i.constructs}
    return ServiceRules(
        agency=agency,
        service=service.id,
        zone=service.zone,
        grace=service.windows.grace,
        channels=(*sorted(channels), NO_CHANNEL),
        touchpoints={i: t.stage.value for i, t in service.by_touchpoint.items()},
        instruments=frozenset(service.by_instrument),
        questions=frozenset((c.value, s.value) for c, s in questions),
    )
