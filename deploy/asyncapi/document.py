"""The AsyncAPI 3.1 document as a value: channels from contracts, payloads from models."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from deploy.asyncapi.contracts import RECORDS, Channel, Message, channels, examples
from schemas.topics import Layout

VERSION = "1.0.0"
_BINDING = "0.5.0"
_SCHEMAS = "#/components/schemas/"
_POLICIES = ("retention.ms", "delete.retention.ms", "max.message.bytes")
_DESCRIPTION = """\
What lies on the topics of Throughline, record by record. Who subscribes to measures reads \
metrics.internal.v1: one compacted topic, one message per number, the newest revision of a key \
last. The other topics carry personal data under a pseudonym and are read inside only. \
docs/subscribe.md has the first lines of code.

A minor version only adds optional fields; whatever could break a reader comes as a new topic."""


def document() -> dict[str, Any]:
    """The whole document, the same at every call."""
    found = channels()
    messages = {message.name: message for channel in found for message in channel.messages}
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Throughline",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"local": {"host": "127.0.0.1:9092", "protocol": "kafka"}},
        "channels": {_id(channel): _channel(channel) for channel in found},
        "operations": dict(pair for channel in found for pair in _operations(channel)),
        "components": {
            "messages": {name: _message(message) for name, message in messages.items()},
            "schemas": _schemas(messages),
        },
    }


def _id(channel: Channel) -> str:
    """A channel's id: a topic's name without dots, which JSON pointers of some tools mistake."""
    return channel.topic.name.replace(".", "_")


def _channel(channel: Channel) -> dict[str, Any]:
    layout = channel.topic.production
    return {
        "address": channel.topic.name,
        "title": channel.topic.title,
        "description": f"{channel.purpose} {channel.limitations} {channel.keyed} "
        f"Read by: {', '.join(channel.readers)}.",
        "messages": {
            message.name: {"$ref": f"#/components/messages/{message.name}"}
            for message in channel.messages
        },
        "bindings": {
            "kafka": {
                "topic": channel.topic.name,
                "partitions": layout.partitions,
                "replicas": layout.replication,
                "topicConfiguration": _configuration(layout),
                "bindingVersion": _BINDING,
            }
        },
    }


def _configuration(layout: Layout) -> dict[str, Any]:
    """The broker's strings as the binding has them: a list of policies, and numbers."""
    values = layout.configuration
    policies: dict[str, Any] = {"cleanup.policy": values["cleanup.policy"].split(",")}
    return policies | {name: int(values[name]) for name in _POLICIES if name in values}


def _operations(channel: Channel) -> Iterator[tuple[str, dict[str, Any]]]:
    """What our services do on a channel: `metrics_sends_metrics_internal_v1`."""
    for access, action in (("write", "send"), ("read", "receive")):
        for service in channel.services(access):
            yield (
                f"{service}_{action}s_{_id(channel)}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{_id(channel)}"},
                    "summary": f"services/{service} {action}s {channel.topic.name}.",
                },
            )


def _message(message: Message) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": message.name,
        "title": message.model,
        "summary": message.summary,
        "contentType": message.content_type,
        "payload": {"$ref": f"{_SCHEMAS}{message.model}"},
        "bindings": {"kafka": {"key": {"type": _key(message)}, "bindingVersion": _BINDING}},
        "examples": [{"payload": example} for example in examples(message.name)],
    }
    if message.headers:
        made["headers"] = _headers(message)
    return made


def _key(message: Message) -> str:
    return "string" if message.is_keyed else "null"


def _headers(message: Message) -> dict[str, Any]:
    told = {name: {"type": "string", "const": value} for name, value in message.headers.items()}
    asked = {name: {"type": "string", "pattern": like} for name, like in message.asked.items()}
    return {"type": "object", "required": sorted(told | asked), "properties": told | asked}


def _schemas(messages: Mapping[str, Message]) -> dict[str, Any]:
    models = [(RECORDS[name], "validation") for name in messages]
    _, found = models_json_schema(models, ref_template=_SCHEMAS + "{model}")  # type: ignore[arg-type]
    schemas: dict[str, Any] = found["$defs"]
    return {name: schemas[name] for name in sorted(schemas)}
