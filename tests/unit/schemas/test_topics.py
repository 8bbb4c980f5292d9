"""The contracts as values."""

from importlib.resources import files

import pytest
import yaml

from schemas.topics import (
    EPOCH,
    ERASURES,
    JOURNEY_STATE,
    JOURNEYS,
    NAMES,
    TALLIES,
    TOPICS,
    TOUCHPOINTS,
    topic,
)

DAY = 24 * 60 * 60 * 1000
CONTRACTS = sorted(
    path.name for path in (files("schemas") / "contracts").iterdir() if path.name.endswith(".yaml")
)


def test_every_contract_is_a_topic_and_every_topic_has_a_contract() -> None:
    assert sorted(f"{name}.odcs.yaml" for name in NAMES) == CONTRACTS


@pytest.mark.parametrize("name", NAMES)
def test_a_contract_names_its_owner_its_steward_its_writers_and_its_readers(name: str) -> None:
    text = (files("schemas") / "contracts" / f"{name}.odcs.yaml").read_text(encoding="utf-8")
    contract = yaml.safe_load(text)
    assert contract["apiVersion"] == "v3.1.0"
    assert contract["id"] == f"throughline.{name}"
    assert [member["role"] for member in contract["team"]["members"]] == ["owner", "steward"]
    assert {role["access"] for role in contract["roles"]} == {"read", "write"}


def test_what_one_person_did_lies_in_one_partition_of_each_topic() -> None:
    beside = [topic(name) for name in (TOUCHPOINTS, JOURNEY_STATE, JOURNEYS)]
    assert {declared.local.partitions for declared in beside} == {4}
    assert {declared.production.partitions for declared in beside} == {48}


def test_touchpoint_events_are_stamped_and_kept_by_their_arrival() -> None:
    assert topic(TOUCHPOINTS).configuration == {
        "cleanup.policy": "delete",
        "retention.ms": str(27 * DAY),
        "segment.ms": str(DAY),
        "message.timestamp.type": "LogAppendTime",
    }


def test_state_is_compacted_only() -> None:
    assert topic(JOURNEY_STATE).configuration["cleanup.policy"] == "compact"
    assert topic(TALLIES).configuration["cleanup.policy"] == "compact"


def test_journeys_are_kept_for_three_years_and_receipts_for_seven() -> None:
    kept = {name: topic(name).configuration["retention.ms"] for name in (JOURNEYS, ERASURES)}
    assert kept == {JOURNEYS: str(1100 * DAY), ERASURES: str(2557 * DAY)}


def test_production_loses_no_acknowledged_record_with_one_broker() -> None:
    safe = {
        (t.production.replication, t.production.configuration["min.insync.replicas"])
        for t in TOPICS
    }
    assert safe == {(3, "2")}


def test_the_epoch_is_that_of_the_touchpoint_log() -> None:
    assert topic(TOUCHPOINTS).epoch == EPOCH == 1


def test_a_topic_without_a_contract_is_refused() -> None:
    with pytest.raises(KeyError):
        topic("touchpoints.v0")
