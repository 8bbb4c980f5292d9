"""The settings of the local broker."""

from pathlib import Path

from deploy.local.jars import coordinates
from deploy.local.kafka import VERSION, server_properties
from deploy.local.secured import Secured


def test_every_listener_is_on_loopback() -> None:
    lines = server_properties((20001, 20002), {}).splitlines()
    assert [line for line in lines if "://" in line] == [
        "listeners=PLAINTEXT://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002",
        "advertised.listeners=PLAINTEXT://127.0.0.1:20001",
    ]


def test_a_setting_of_a_test_replaces_ours() -> None:
    properties = server_properties((20001, 20002), {"node.id": "7", "flush.ms": "500"})
    assert "node.id=7\n" in properties
    assert "node.id=1\n" not in properties
    assert "flush.ms=500\n" in properties


def test_topics_are_made_by_nobody_but_provision() -> None:
    assert "auto.create.topics.enable=false\n" in server_properties((20001, 20002), {})


def test_the_version_told_is_the_version_fetched() -> None:
    assert f"org.apache.kafka:kafka_2.13:{VERSION}" in coordinates()


def test_a_broker_that_asks_lets_nobody_in_without_a_name() -> None:
    secured = Secured(Path("key.pem"), Path("ca.pem"), {"admin": "a", "reader": "b"})
    properties = secured.properties(20001, 20002)
    assert properties["listeners"] == "SASL_SSL://127.0.0.1:20001,CONTROLLER://127.0.0.1:20002"
    assert properties["super.users"] == "User:admin;User:ANONYMOUS"
    assert secured.arguments[2:] == ["--add-scram", "SCRAM-SHA-512=[name=reader,password=b]"]
