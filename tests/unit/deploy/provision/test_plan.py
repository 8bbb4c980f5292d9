"""Contracts compared with what a broker has."""

from dataclasses import replace

from deploy.provision.plan import Plan, plan
from schemas.topics import JOURNEYS, TOUCHPOINTS, topic

WANTED = (topic(TOUCHPOINTS), topic(JOURNEYS))
AS_DECLARED = {declared.name: declared.local for declared in WANTED}


def test_what_is_not_there_is_missing() -> None:
    existing = {JOURNEYS: topic(JOURNEYS).local}
    assert plan(WANTED, existing) == Plan(missing=(topic(TOUCHPOINTS),), differences=())


def test_what_is_as_declared_needs_nothing() -> None:
    assert plan(WANTED, AS_DECLARED) == Plan(missing=(), differences=())


def test_every_difference_is_named() -> None:
    local = topic(TOUCHPOINTS).local
    configuration = {**local.configuration, "retention.ms": "1"}
    del configuration["message.timestamp.type"]
    found = replace(local, partitions=3, replication=2, configuration=configuration)
    assert plan(WANTED, {**AS_DECLARED, TOUCHPOINTS: found}).differences == (
        "touchpoints.v1: partitions is 3, the contract says 4",
        "touchpoints.v1: replication is 2, the contract says 1",
        "touchpoints.v1: retention.ms is 1, the contract says 2332800000",
        "touchpoints.v1: message.timestamp.type is unset, the contract says LogAppendTime",
    )


def test_the_order_of_a_list_is_no_difference() -> None:
    local = topic(JOURNEYS).local
    found = replace(
        local, configuration={**local.configuration, "cleanup.policy": "delete,compact"}
    )
    assert plan(WANTED, {**AS_DECLARED, JOURNEYS: found}).differences == ()


def test_a_setting_the_contract_does_not_name_is_the_brokers_own_affair() -> None:
    local = topic(JOURNEYS).local
    found = replace(local, configuration={**local.configuration, "flush.ms": "7"})
    assert plan(WANTED, {**AS_DECLARED, JOURNEYS: found}).differences == ()
