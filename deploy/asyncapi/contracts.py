"""What an AsyncAPI document needs of a contract and of a message, as plain values."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import BaseModel

from deploy.asyncapi import submitted
from schemas.access import COLLECTOR, JOURNEY, METRICS, PUBLISH_INSIDE, PUBLISH_PUBLIC
from schemas.generate import MODELS
from schemas.topics import TOPICS, TOUCHPOINTS_INBOX, Topic
from schemas.vocabulary import RecordKind

# Only the programs of this repository, and as whom they come to the broker; who else reads a topic
# is told in its description.
SERVICES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ingest": frozenset({COLLECTOR}),
        "journey": frozenset({JOURNEY}),
        "metrics": frozenset({METRICS}),
        "publish": frozenset({PUBLISH_INSIDE, PUBLISH_PUBLIC}),
    }
)
RECORDS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {**MODELS, submitted.NAME: submitted.SubmittedRecord}
)
_CLOUD_EVENT = "touchpoint_record"
_CONTROL = (RecordKind.TICK, RecordKind.LINK, RecordKind.HANDOVER, RecordKind.ERASURE)
_UNKEYED = (RecordKind.TICK, RecordKind.ERASURE)


@dataclass(frozen=True)
class Message:
    """One kind of record: the model's name, what a record's headers say of it, and which others
    it must have, each with the pattern of what is in it.
    """

    name: str
    headers: Mapping[str, str]
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def model(self) -> str:
        """The name of the model, as schemas are named."""
        return RECORDS[self.name].__name__

    @property
    def summary(self) -> str:
        """The first paragraph of the model's docstring, on one line."""
        text = RECORDS[self.name].__doc__ or ""
        return " ".join(text.split("\n\n", maxsplit=1)[0].split())

    @property
    def is_keyed(self) -> bool:
        """Whether a key finds its partition: ticks and erasures go into every one."""
        return self.name not in _UNKEYED

    @property
    def content_type(self) -> str:
        """What the value is."""
        return self.headers.get("content-type", "application/json")


@dataclass(frozen=True)
class Channel:
    """A topic that has a schema: who of our services sends and receives what, and who else may."""

    topic: Topic
    version: str
    purpose: str
    limitations: str
    keyed: str
    messages: tuple[Message, ...]
    access: frozenset[tuple[str, str]]

    @property
    def readers(self) -> tuple[str, ...]:
        """Every role that may read."""
        return tuple(sorted(role for role, access in self.access if access == "read"))

    def services(self, access: str) -> tuple[str, ...]:
        """Our own services that have this access (`read` or `write`), in order."""
        may = {role for role, kind in self.access if kind == access}
        return tuple(name for name, roles in SERVICES.items() if roles & may)


def channels() -> tuple[Channel, ...]:
    """Every topic whose records have a model, in the order of the contracts."""
    read = (_channel(topic, _contract(topic.name)) for topic in TOPICS)
    return tuple(channel for channel in read if channel.messages)


def examples(message: str) -> tuple[Any, ...]:
    """The committed valid examples of a message, by file name."""
    if message == submitted.NAME:
        return (submitted.EXAMPLE,)
    folder = files("schemas") / "examples"
    found = {
        path.name: path.read_text(encoding="utf-8")
        for topic in folder.iterdir()
        for path in (topic / "v1").iterdir()
        if path.name.startswith(f"{message}.") and not path.name.endswith(".invalid.json")
    }
    return tuple(json.loads(found[name]) for name in sorted(found))


def _contract(topic: str) -> dict[str, Any]:
    contract = files("schemas") / "contracts" / f"{topic}.odcs.yaml"
    read: dict[str, Any] = yaml.safe_load(contract.read_text(encoding="utf-8"))
    return read


def _channel(topic: Topic, contract: Mapping[str, Any]) -> Channel:
    [schema] = contract["schema"]
    named = [each["url"] for each in schema.get("authoritativeDefinitions", [])]
    messages = [_message(url.rsplit("/", 1)[-1].split(".")[0]) for url in named]
    if topic.name == TOUCHPOINTS_INBOX:
        messages.append(Message(submitted.NAME, submitted.HEADERS, submitted.ASKED))
    return Channel(
        topic=topic,
        version=contract["version"],
        purpose=contract["description"]["purpose"],
        limitations=contract["description"]["limitations"],
        keyed=schema.get("description", ""),
        messages=tuple(messages),
        access=frozenset((each["role"], each["access"]) for each in contract["roles"]),
    )


def _message(name: str) -> Message:
    if name == _CLOUD_EVENT:
        return Message(name, {"content-type": "application/cloudevents+json"})
    kinds = {kind.value for kind in RecordKind}
    return Message(name, {"kind": name} if name in kinds else {})
