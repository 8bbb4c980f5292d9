"""Who may do what with a topic: a contract's roles as values, and what no contract may say."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

COLLECTOR = "collector"
JOURNEY = "journey"
METRICS = "metrics"
PUBLISH_INSIDE = "publish-inside"
PUBLISH_PUBLIC = "publish-public"
INTERNAL_SYSTEM = "internal-system"
SUBSCRIBER = "subscriber"


STEWARD = "steward"
COMMENT_STEWARD = "comment-steward"
AUDITOR = "auditor"
OPS_READER = "ops-reader"
# Who comes as each role: what people are told of it.
WHO: Mapping[str, str] = MappingProxyType(
    {
        COLLECTOR: "ingest",
        JOURNEY: "journey",
        METRICS: "metrics",
        PUBLISH_INSIDE: "publish: the scorecard, and releases",
        PUBLISH_PUBLIC: "what faces the public",
        INTERNAL_SYSTEM: "an internal system that reports over Kafka",
        SUBSCRIBER: "another service's program",
        STEWARD: "who looks into what was sent and refused; ingest's commands and clocks",
        COMMENT_STEWARD: "who reads free text",
        AUDITOR: "who checks",
        OPS_READER: "who watches how far readers are",
    }
)


class Access(StrEnum):
    """What a role may do. `describe` tells how far readers are, and shows no record."""

    READ = "read"
    WRITE = "write"
    DESCRIBE = "describe"


class Classification(StrEnum):
    """What is on a topic: of persons, exact numbers, or what everybody may see."""

    PERSONAL = "personal"
    INTERNAL = "internal"
    PUBLIC = "public"


class PersonalData(StrEnum):
    """What a topic that is personal holds of a person."""

    RAW_IDENTIFIERS = "raw_identifiers"
    SEALED_ORIGINALS = "sealed_originals"
    PSEUDONYMS = "pseudonyms"
    CONTACTS = "contacts"
    ANSWERS = "answers"
    FREE_TEXT = "free_text"
    LANGUAGE_AND_DEVICE = "language_and_device"


# What each is, for people.
HELD: Mapping[PersonalData, str] = MappingProxyType(
    {
        PersonalData.RAW_IDENTIFIERS: "identifiers as the sender has them (citizen, visitor, case)",
        PersonalData.SEALED_ORIGINALS: "what was refused, as it was sent, sealed with AES-256-GCM",
        PersonalData.PSEUDONYMS: "pseudonyms of person and case",
        PersonalData.CONTACTS: "contacts: where, when, by which channel, and what came of it",
        PersonalData.ANSWERS: "answers to surveys",
        PersonalData.FREE_TEXT: "what was written in own words",
        PersonalData.LANGUAGE_AND_DEVICE: "language and class of device",
    }
)


@dataclass(frozen=True)
class Grant:
    """One entry of a contract's roles. A `group` that ends in * stands for all that begin so."""

    role: str
    access: Access
    group: str = ""


# Readers are admitted by a contract; writers are not: who may write decides what can be believed.
WRITERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "touchpoints.v1": frozenset({COLLECTOR, JOURNEY}),
        "touchpoints.rejected.v1": frozenset({COLLECTOR, JOURNEY}),
        "touchpoints.inbox.v1": frozenset({INTERNAL_SYSTEM}),
        "comments.v1": frozenset({COLLECTOR}),
        "erasures.v1": frozenset({COLLECTOR, JOURNEY}),
        "journey.state.v1": frozenset({JOURNEY}),
        "journeys.v1": frozenset({JOURNEY}),
        "journeys.rejected.v1": frozenset({METRICS}),
        "tallies.v1": frozenset({METRICS}),
        "metrics.internal.v1": frozenset({METRICS}),
        "metrics.public.v1": frozenset({PUBLISH_INSIDE}),
        "audit.v1": frozenset({COLLECTOR, PUBLISH_INSIDE}),
    }
)
# Who takes in what channels say must not be able to look at what was taken in before.
COLLECTS = frozenset({COLLECTOR, INTERNAL_SYSTEM})
# The most a role may ever read, whatever a contract says.
READS_AT_MOST: Mapping[str, frozenset[Classification]] = MappingProxyType(
    {
        PUBLISH_PUBLIC: frozenset({Classification.PUBLIC}),
        PUBLISH_INSIDE: frozenset({Classification.PUBLIC, Classification.INTERNAL}),
        SUBSCRIBER: frozenset({Classification.PUBLIC, Classification.INTERNAL}),
    }
)


def grants_of(contract: Mapping[str, Any]) -> Iterator[Grant]:
    """The roles of one contract; raises KeyError or ValueError where they cannot be read."""
    for entry in contract.get("roles", ()):
        custom = {one["property"]: one["value"] for one in entry.get("customProperties", ())}
        yield Grant(entry["role"], Access(entry["access"]), custom.get("consumerGroup", ""))
