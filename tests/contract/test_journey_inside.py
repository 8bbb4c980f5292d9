"""The inside listener over a real socket."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from prometheus_client import CollectorRegistry, Counter

from schemas.inside_readers import Gate
from services.journey.__main__ import main
from services.journey.adapters.inside_http import InsideListener


class World:
    """A listener on a free port, whose readiness is ours to say."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        Counter("steps", "Steps.", registry=registry).inc(3)
        self.is_ready = False
        readers = Gate(None, print)
        self.listener = InsideListener(("127.0.0.1", 0), registry, lambda: self.is_ready, readers)

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.listener.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()


@pytest.fixture
def world() -> Iterator[World]:
    own = World()
    own.listener.start()
    yield own
    own.listener.stop()


def test_it_says_that_it_lives_while_it_recovers(world: World) -> None:
    assert [world.get("/livez"), world.get("/readyz")] == [(200, "alive\n"), (503, "recovering\n")]


def test_it_is_ready_when_it_is_said_to_be(world: World) -> None:
    world.is_ready = True
    assert world.get("/readyz") == (200, "ready\n")


def test_metrics_are_those_of_the_registry_it_was_given(world: World) -> None:
    status, text = world.get("/metrics")
    assert (status, "steps_total 3.0" in text) == (200, True)


def test_there_is_nothing_else(world: World) -> None:
    assert world.get("/table/") == (404, "not here\n")


def test_an_address_that_is_taken_stops_the_worker_with_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        result = CliRunner().invoke(main, env={"THROUGHLINE_JOURNEY_INSIDE": address})
    sentence = f"journey_inside: cannot listen on {address}: Address already in use"
    assert (result.exit_code, sentence in result.output) == (1, True), result.output
