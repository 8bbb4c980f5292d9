"""What the numbers depend on beside the snapshots: the services of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from schemas.catalogue import OTHER, Catalogue, Service

NO_CHANNEL = "none"


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


def rules_from(catalogue: Catalogue) -> Rules:
    """The rules a catalogue stands for."""
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
