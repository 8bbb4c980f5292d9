"""Our programs as data: how each is started, and where it listens."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.local.process import Program

PREFIX = "THROUGHLINE_"


@dataclass(frozen=True)
class Service:
    """One service. `inside` and `listeners` are settings that hold an address; at the first is what
    answers 200 when it is ready.
    """

    name: str
    arguments: Sequence[str]
    inside: str
    listeners: Sequence[str] = ()
    ready: str = "/readyz"


# What the settings are when nothing is set: a stack that a person keeps running is found there.
USUAL_ADDRESSES = {
    "INGEST_LISTEN": 8080,
    "INGEST_INSIDE": 9080,
    "JOURNEY_INSIDE": 9081,
    "METRICS_INSIDE": 9082,
    "PUBLISH_INSIDE": 9083,
    "PUBLISH_PUBLIC": 9084,
}
USUAL_BROKER = 9092
USUAL_REDIS = 6379

# In the order of starting; stopped the other way round, so that no sender outlives its reader.
SERVICES = (
    Service("publish", ("-m", "services.publish"), "PUBLISH_INSIDE"),
    Service("metrics", ("-m", "services.metrics"), "METRICS_INSIDE"),
    Service("journey", ("-m", "services.journey", "worker"), "JOURNEY_INSIDE"),
    Service("ingest", ("-m", "services.ingest"), "INGEST_INSIDE", ("INGEST_LISTEN",)),
)
# What the public sees; it has no inside, and nothing to show before the first release.
PUBLIC = Service(
    "public", ("-m", "services.publish", "public"), "PUBLISH_PUBLIC", ready="/open-data/"
)


def addresses_needed(services: Sequence[Service]) -> list[str]:
    """Every setting that holds an address."""
    return [name for service in services for name in (service.inside, *service.listeners)]


def files(root: Path) -> dict[str, str]:
    """The catalogue, the sources and the published keys of the demonstration."""
    return {
        "CATALOGUE": str(root / "deploy" / "catalogue"),
        "SOURCES": str(root / "deploy" / "sources.yaml"),
        "PSEUDONYM_KEYS": str(root / "deploy" / "demo-keys.yaml"),
    }


def program(service: Service, root: Path, settings: Mapping[str, str], name: str) -> Program:
    """How to start one instance; `settings` are names without their prefix."""
    environment = {f"{PREFIX}{key}": value for key, value in settings.items()}
    environment["PYTHONUNBUFFERED"] = "1"
    return Program(name, [sys.executable, *service.arguments], environment, root)
