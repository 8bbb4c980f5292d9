"""The AsyncAPI document says what the contracts and the models say.

That it is AsyncAPI at all is asked of the official parser in tests/integration/test_asyncapi.py.
"""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from deploy.asyncapi import build
from deploy.asyncapi.contracts import channels
from deploy.asyncapi.document import document
from schemas.topics import METRICS_INTERNAL, TOPICS, topic
from services.ingest.domain.admission import admit
from services.ingest.domain.draft import Arrival
from services.ingest.domain.inbox import InboxRecord
from services.ingest.domain.outcome import Accepted
from services.ingest.settings import Settings, load_rules

DOCUMENT = document()
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
MESSAGES: dict[str, Any] = DOCUMENT["components"]["messages"]
EXAMPLES = [
    (name, number, example["payload"])
    for name, message in MESSAGES.items()
    for number, example in enumerate(message["examples"])
]


def operations(service: str, action: str) -> set[str]:
    references = {
        operation["channel"]["$ref"].removeprefix("#/channels/")
        for name, operation in DOCUMENT["operations"].items()
        if name.startswith(f"{service}_") and operation["action"] == action
    }
    return {DOCUMENT["channels"][reference]["address"] for reference in references}


def test_the_committed_file_is_current() -> None:
    result = CliRunner().invoke(build.program, ["--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_the_text_is_read_back_as_it_was() -> None:
    assert yaml.safe_load(build.built()) == DOCUMENT


def test_a_channel_is_a_topic_with_records_of_ours_and_carries_its_layout() -> None:
    found = {channel["address"]: channel for channel in DOCUMENT["channels"].values()}
    assert set(found) < {each.name for each in TOPICS}
    declared = topic(METRICS_INTERNAL).production
    assert found[METRICS_INTERNAL]["bindings"]["kafka"] == {
        "topic": METRICS_INTERNAL,
        "partitions": declared.partitions,
        "replicas": declared.replication,
        "topicConfiguration": {"cleanup.policy": ["compact"]},
        "bindingVersion": "0.5.0",
    }


def test_subscribers_are_told_of_metrics_and_progress_and_insiders_of_the_rest() -> None:
    by_topic = {
        channel.topic.name: [message.name for message in channel.messages] for channel in channels()
    }
    assert by_topic[METRICS_INTERNAL] == ["metric", "clock_progress"]
    assert by_topic["touchpoints.v1"] == [
        "touchpoint_record",
        "tick",
        "link",
        "handover",
        "erasure",
    ]
    assert by_topic["journeys.v1"] == ["journey", "bucket", "progress"]


def test_operations_are_what_the_contracts_allow_our_services() -> None:
    assert operations("metrics", "send") == {METRICS_INTERNAL, "journeys.rejected.v1"}
    assert operations("publish", "receive") == {METRICS_INTERNAL, "metrics.public.v1"}
    assert "touchpoints.v1" in operations("ingest", "send")
    assert "touchpoints.v1" not in operations("ingest", "receive")


def test_records_that_headers_tell_apart_have_them_and_what_goes_everywhere_no_key() -> None:
    assert MESSAGES["tick"]["headers"] == {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string", "const": "tick"}},
    }
    assert "headers" not in MESSAGES["metric"]
    keys = {name: m["bindings"]["kafka"]["key"]["type"] for name, m in MESSAGES.items()}
    assert {name for name, kind in keys.items() if kind == "null"} == {"tick", "erasure"}


@pytest.mark.parametrize(("name", "number", "payload"), EXAMPLES)
def test_an_example_is_what_its_payload_says(name: str, number: int, payload: Any) -> None:
    assert number >= 0
    schema = {"$ref": MESSAGES[name]["payload"]["$ref"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(payload)


def test_the_inbox_is_told_with_its_token_and_its_example_is_what_ingest_reads() -> None:
    message = MESSAGES["submitted_record"]
    assert DOCUMENT["channels"]["touchpoints_inbox_v1"]["messages"].keys() == {"submitted_record"}
    assert "touchpoints.inbox.v1" in operations("ingest", "receive")
    assert message["headers"]["required"] == ["authorization", "content-type"]
    [example] = message["examples"]
    headers = (("content-type", message["contentType"].encode()),)
    read = InboxRecord(headers, json.dumps(example["payload"]).encode()).received
    arrival = Arrival("permit-counter", "kafka", "1.0", NOW, UUID(int=1), 100)
    assert isinstance(admit(read, arrival, load_rules(Settings(), NOW)), Accepted)


def test_every_message_has_an_example_and_a_summary() -> None:
    lacking = {n for n, m in MESSAGES.items() if not m["examples"] or len(m["summary"]) < 20}
    assert lacking == set()
