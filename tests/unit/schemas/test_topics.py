"""The contracts parse to topics that fit each other."""

from pathlib import Path
from urllib.parse import urlparse

import pytest
import yaml

from schemas.topics import (
    EPOCH,
    JOURNEY_STATE,
    JOURNEYS,
    NAMES,
    TOPICS,
    TOUCHPOINTS,
    Topic,
    read_contract,
    topic,
)

LATER = {"comment.v1.json", "erasure_receipt.v1.json"}  # of topics that nothing writes to yet


def test_every_contract_is_a_topic_and_every_topic_has_a_contract() -> None:
    files = {path.name.removesuffix(".odcs.yaml") for path in Path("schemas/contracts").iterdir()}
    assert files == set(NAMES) == {t.name for t in TOPICS}


@pytest.mark.parametrize("name", [JOURNEYS, JOURNEY_STATE])
def test_what_must_have_the_partitions_of_touchpoints_has_them(name: str) -> None:
    for layout in ("local", "production"):
        assert (
            getattr(topic(name), layout).partitions
            == getattr(topic(TOUCHPOINTS), layout).partitions
        )


def test_touchpoints_are_stamped_by_the_broker() -> None:
    assert topic(TOUCHPOINTS).configuration["message.timestamp.type"] == "LogAppendTime"


@pytest.mark.parametrize("declared", TOPICS, ids=lambda t: t.name)
def test_production_keeps_three_copies(declared: Topic) -> None:
    assert declared.production.replication == 3
    assert declared.production.configuration["min.insync.replicas"] == "2"


def test_the_epoch_is_that_of_the_touchpoint_topic() -> None:
    assert topic(TOUCHPOINTS).epoch == EPOCH >= 1


def test_a_topic_without_a_contract_is_unknown() -> None:
    with pytest.raises(KeyError):
        topic("clicks.v1")


def test_a_contract_without_partitions_is_refused() -> None:
    text = Path("schemas/contracts/touchpoints.v1.odcs.yaml").read_text(encoding="utf-8")
    with pytest.raises(KeyError):
        read_contract(text.replace("property: partitions", "property: parts"))


def test_the_schema_a_contract_points_to_is_generated() -> None:
    named = {
        Path(urlparse(definition["url"]).path)
        for path in Path("schemas/contracts").iterdir()
        for schema in yaml.safe_load(path.read_text(encoding="utf-8"))["schema"]
        for definition in schema.get("authoritativeDefinitions", [])
    }
    missing = {path.name for path in named if not path.exists()}
    assert missing <= LATER


def test_a_topic_is_laid_out_as_its_local_contract_says_unless_production_is_meant() -> None:
    declared = topic(TOUCHPOINTS)
    assert declared.partitions == declared.local.partitions == 4
    assert declared.configuration == declared.local.configuration
