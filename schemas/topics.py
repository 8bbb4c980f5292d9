"""The contracts as values: every Kafka topic once, as its file under `contracts/` declares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from schemas.access import Grant, grants_of
from schemas.team import Member, members_of

TOUCHPOINTS = "touchpoints.v1"
TOUCHPOINTS_REJECTED = "touchpoints.rejected.v1"
TOUCHPOINTS_INBOX = "touchpoints.inbox.v1"
COMMENTS = "comments.v1"
JOURNEY_STATE = "journey.state.v1"
JOURNEYS = "journeys.v1"
JOURNEYS_REJECTED = "journeys.rejected.v1"
TALLIES = "tallies.v1"
METRICS_INTERNAL = "metrics.internal.v1"
METRICS_PUBLIC = "metrics.public.v1"
ERASURES = "erasures.v1"
AUDIT = "audit.v1"

NAMES = (
    TOUCHPOINTS,
    TOUCHPOINTS_REJECTED,
    TOUCHPOINTS_INBOX,
    COMMENTS,
    JOURNEY_STATE,
    JOURNEYS,
    JOURNEYS_REJECTED,
    TALLIES,
    METRICS_INTERNAL,
    METRICS_PUBLIC,
    ERASURES,
    AUDIT,
)


@dataclass(frozen=True)
class Layout:
    """How a topic is laid out in one environment; configuration as the broker's own strings."""

    partitions: int
    replication: int
    configuration: Mapping[str, str]


@dataclass(frozen=True)
class Topic:
    """One contract. `local` serves a single broker, `production` three or more."""

    name: str
    title: str
    local: Layout
    production: Layout
    epoch: int
    grants: tuple[Grant, ...]
    team: tuple[Member, ...]

    @property
    def partitions(self) -> int:
        """Partitions on a local broker."""
        return self.local.partitions

    @property
    def configuration(self) -> Mapping[str, str]:
        """Broker configuration of the topic on a local broker."""
        return self.local.configuration


def read_contract(text: str) -> Topic:
    """Read one ODCS document; raises KeyError when a property we depend on is missing."""
    contract = yaml.load(text, Loader=yaml.CSafeLoader)  # nine times as fast, at every start
    custom = {entry["property"]: entry["value"] for entry in contract["customProperties"]}
    return Topic(
        name=contract["schema"][0]["name"],
        title=contract["name"],
        local=_layout(custom, "local", {}),
        production=_layout(custom, "production", custom["productionConfiguration"]),
        epoch=custom.get("epoch", 1),
        grants=tuple(grants_of(contract)),
        team=tuple(members_of(contract)),
    )


def _layout(custom: Mapping[str, Any], where: str, more: Mapping[str, str]) -> Layout:
    configuration = {**custom["configuration"], **more}
    return Layout(
        partitions=custom["partitions"][where],
        replication=custom["replication"][where],
        configuration=MappingProxyType({name: str(v) for name, v in configuration.items()}),
    )


def _load(name: str) -> Topic:
    contract = files("schemas") / "contracts" / f"{name}.odcs.yaml"
    return read_contract(contract.read_text(encoding="utf-8"))


TOPICS: tuple[Topic, ...] = tuple(_load(name) for name in NAMES)
_BY_NAME = {topic.name: topic for topic in TOPICS}


def topic(name: str) -> Topic:
    """Return the contract of a topic; raises KeyError for a topic that has none."""
    return _BY_NAME[name]


EPOCH: int = topic(TOUCHPOINTS).epoch
"""Raised when `touchpoints.v1` is laid out anew, so that no offset of the old log is believed."""
