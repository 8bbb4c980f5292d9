"""Topics on a real broker, made from the contracts."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from deploy.local.kafka import LocalKafka
from deploy.provision.__main__ import main
from deploy.provision.apply import Broker, ProvisionFailed, apply, look
from deploy.provision.plan import Change, Plan
from schemas.topics import JOURNEYS, TOPICS, TOUCHPOINTS, Layout, Topic, topic
from tests.real import MakeKafka, MakeTopic


def test_every_topic_gets_exactly_what_its_contract_says(private_kafka: MakeKafka) -> None:
    broker = Broker(private_kafka().bootstrap)
    layouts = broker.layouts(declared.name for declared in TOPICS)
    kept = {
        declared.name: replace(
            layouts[declared.name],
            configuration={
                key: layouts[declared.name].configuration[key] for key in declared.configuration
            },
        )
        for declared in TOPICS
    }
    assert kept == {
        declared.name: replace(declared.local, configuration=dict(declared.configuration))
        for declared in TOPICS
    }


def test_applying_twice_creates_nothing_the_second_time(private_kafka: MakeKafka) -> None:
    broker = Broker(private_kafka().bootstrap)
    assert apply(broker, TOPICS) == Plan()


def test_a_topic_that_differs_is_named_and_nothing_is_created(
    kafka: LocalKafka, make_topic: MakeTopic
) -> None:
    name = make_topic(JOURNEYS, partitions=2)
    broker = Broker(kafka.bootstrap)
    other = _named(topic(JOURNEYS), f"{name}.other")
    changed = _with(_named(topic(JOURNEYS), name), {"retention.ms": "1000"})
    assert apply(broker, [changed, other]) == Plan(
        missing=(other,),
        changes=(Change(name, "retention.ms", "95040000000", "1000"),),
        differences=(f"{name}: partitions is 2, the contract says 4",),
    )
    assert look(broker, [other]).missing == (other,)


def test_the_command_ends_with_exit_code_1_and_names_the_difference(
    private_kafka: MakeKafka,
) -> None:
    bootstrap = private_kafka().bootstrap
    result = CliRunner().invoke(main, ["plan", "--production", "--bootstrap", bootstrap])
    assert result.exit_code == 1
    assert f"{TOUCHPOINTS}: partitions is 4, the contract says 48" in result.output


def test_a_broker_that_refuses_a_configuration_is_quoted(kafka: LocalKafka) -> None:
    wrong = _with(_named(topic(JOURNEYS), "never.made"), {"cleanup.policy": "sometimes"})
    with pytest.raises(ProvisionFailed, match=r"never\.made: .*sometimes"):
        apply(Broker(kafka.bootstrap), [wrong])


def _named(declared: Topic, name: str) -> Topic:
    return replace(declared, name=name)


def _with(declared: Topic, changes: dict[str, str]) -> Topic:
    configuration = {**declared.configuration, **changes}
    layout = Layout(declared.partitions, declared.local.replication, configuration)
    return replace(declared, local=layout)
