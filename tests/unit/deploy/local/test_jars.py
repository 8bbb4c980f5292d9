"""The broker's jars are the ones we committed to, or there is a clear message."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from deploy.local.jars import (
    SUMS,
    Fetch,
    complete,
    coordinates,
    read_sums,
    trusting,
    wrong_jars,
)
from deploy.local.process import StartFailed

CONTENT = {"broker.jar": b"right", "clients.jar": b"also right"}
WANTED = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cache = tmp_path / "cache" / "kafka"
    cache.mkdir(parents=True)
    return cache


def bringing(jars: Mapping[str, bytes]) -> Fetch:
    """Make a fetch that brings exactly these."""

    def fetch(target: Path) -> str:
        for name, content in jars.items():
            (target / name).write_bytes(content)
        return "" if jars else "no way out"

    return fetch


def fill(folder: Path, jars: Mapping[str, bytes]) -> None:
    bringing(jars)(folder)


def test_right_jars_are_not_fetched_again(folder: Path) -> None:
    fill(folder, CONTENT)
    said: list[str] = []
    complete(folder, WANTED, [("from nowhere", bringing({}))], said.append)
    assert said == []


def test_a_partial_jar_is_replaced(folder: Path) -> None:
    fill(folder, {**CONTENT, "broker.jar": b"rig"})
    said: list[str] = []
    complete(folder, WANTED, [("once more", bringing(CONTENT))], said.append)
    assert said == ["fetching 1 of 2 jars of Apache Kafka (once more)"]
    assert wrong_jars(folder, WANTED) == []


def test_a_second_way_is_tried_when_the_first_brings_something_wrong(folder: Path) -> None:
    ways = [
        ("Maven", bringing({**CONTENT, "clients.jar": b"not ours"})),
        ("without Maven", bringing(CONTENT)),
    ]
    said: list[str] = []
    complete(folder, WANTED, ways, said.append)
    assert said == [
        "fetching 2 of 2 jars of Apache Kafka (Maven)",
        "fetching 1 of 2 jars of Apache Kafka (without Maven)",
    ]
    assert (folder / "clients.jar").read_bytes() == b"also right"


def test_what_went_wrong_is_said_beside_the_way_that_was_tried(folder: Path) -> None:
    said: list[str] = []
    complete(folder, WANTED, [("Maven", bringing({})), ("else", bringing(CONTENT))], said.append)
    assert said == [
        "fetching 2 of 2 jars of Apache Kafka (Maven)",
        "  no way out",
        "fetching 2 of 2 jars of Apache Kafka (else)",
    ]


def test_a_wrong_jar_is_never_kept_and_the_message_says_what_helps(folder: Path) -> None:
    ways = [("Maven", bringing({"broker.jar": b"forged"}))]
    with pytest.raises(StartFailed, match="REQUESTS_CA_BUNDLE"):
        complete(folder, WANTED, ways, lambda _: None)
    assert list(folder.iterdir()) == []


def test_the_committed_sums_cover_what_the_pom_asks_for() -> None:
    asked = {"{1}-{2}.jar".format(*one.split(":")) for one in coordinates()}
    assert asked == {
        "kafka_2.13-4.3.1.jar",
        "kafka-tools-4.3.1.jar",
        "log4j-slf4j-impl-2.24.3.jar",
        "log4j-core-2.24.3.jar",
    }
    assert asked <= read_sums(SUMS.read_text(encoding="utf-8")).keys()


def test_the_certificates_of_the_machine_are_trusted_while_something_is_fetched() -> None:
    environment: dict[str, str] = {}
    with trusting(environment, "machine.pem"):
        assert environment == {"REQUESTS_CA_BUNDLE": "machine.pem"}
    assert environment == {}


@pytest.mark.parametrize(
    ("told", "machine"),
    [({"REQUESTS_CA_BUNDLE": "mine.pem"}, "machine.pem"), ({}, None)],
)
def test_what_a_person_said_of_certificates_stays(
    told: dict[str, str], machine: str | None
) -> None:
    environment = dict(told)
    with trusting(environment, machine):
        assert environment == told
    assert environment == told
