"""The contracts parse to topics that fit each other."""

from pathlib import Path

import pytest
import yaml

from schemas.generate import MODELS, file_name
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

IN_FILES = {"catalogue", "sources", "keyring", "authority"}
INSIDE_ANOTHER = {"touchpoint_event"}


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


def test_the_contracts_point_to_every_schema_of_a_record_and_to_nothing_else() -> None:
    named = {
        definition["url"]
        for path in Path("schemas/contracts").iterdir()
        for schema in yaml.safe_load(path.read_text(encoding="utf-8"))["schema"]
        for definition in schema.get("authoritativeDefinitions", [])
    }
    models = MODELS.keys() - IN_FILES - INSIDE_ANOTHER
    assert named == {f"schemas/jsonschema/{file_name(model)}" for model in models}


def test_a_topic_is_laid_out_as_its_local_contract_says_unless_production_is_meant() -> None:
    declared = topic(TOUCHPOINTS)
    assert declared.partitions == declared.local.partitions == 4
    assert declared.configuration == declared.local.configuration
