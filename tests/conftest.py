"""The real servers of the tests, what was found of the optional ones, and the order of the levels.

One file because pytest looks here for fixtures and hooks alike; what they do is in `tests/real.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket, enable_socket

from deploy.local.kafka import LocalKafka
from deploy.local.process import Processes
from deploy.local.redis import LocalRedis
from deploy.provision.apply import Broker, apply
from schemas.topics import TOPICS, topic
from tests.real import LEVELS, OPTIONAL, Found, MakeKafka, MakeTopic, look, table

FOUND = pytest.StashKey[dict[str, Found]]()
NOT_RUN = pytest.StashKey[dict[str, int]]()


# A machine that has much to do is slow, and not wrong.
settings.register_profile(
    "untimed",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = {}
    config.stash[NOT_RUN] = {}
    config.addinivalue_line("markers", "node: needs a real Node.js")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The cheapest level first: a broken rule is told before a server is started."""
    items.sort(key=lambda item: LEVELS.index(_level(item)))


def _level(item: pytest.Item) -> str:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    return folder if folder in LEVELS else LEVELS[-1]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Unit tests reach no server; a test marked for an optional part needs that part."""
    if _level(item) == "unit":
        disable_socket(allow_unix_socket=True)
    else:
        enable_socket()
    fixtures = set(getattr(item, "fixturenames", ()))
    for part, asking in OPTIONAL.items():
        if item.get_closest_marker(part) or asking & fixtures:
            need(item.config, part)


def need(config: pytest.Config, part: str) -> Found:
    """Return the part; without it skip this test, or fail it on a build machine."""
    if part not in config.stash[FOUND]:
        config.stash[FOUND][part] = look(part)
    found = config.stash[FOUND][part]
    if not found.description:
        not_run = config.stash[NOT_RUN]
        not_run[part] = not_run.get(part, 0) + 1
        (pytest.fail if found.is_required else pytest.skip)(f"{part} was not found; {found.advice}")
    return found


def pytest_runtest_teardown() -> None:
    enable_socket()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    terminalreporter.section("what was real")
    for line in table(config.stash[FOUND], config.stash[NOT_RUN]):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Children that end with this run."""
    with Processes(tmp_path_factory.mktemp("servers")) as children:
        yield children


@pytest.fixture(scope="session")
def kafka(
    processes: Processes, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> LocalKafka:
    """A real broker for the whole run (`.bootstrap`): name your topics, or use `topic_name`."""
    broker = LocalKafka.start(tmp_path_factory.mktemp("kafka"), processes=processes)
    need(request.config, "kafka")
    return broker


@pytest.fixture
def private_kafka(processes: Processes, tmp_path: Path) -> Iterator[MakeKafka]:
    """Make brokers of this test's own, to stop, kill and resume: `private_kafka(settings)`.

    The settings are the broker's own; the contracts' topics are there when it is returned.
    """
    brokers: list[LocalKafka] = []

    def make(settings: Mapping[str, str] | None = None) -> LocalKafka:
        folder = tmp_path / f"kafka-{len(brokers)}"
        broker = LocalKafka.start(folder, configuration=settings, processes=processes)
        brokers.append(broker)
        apply(Broker(broker.bootstrap), TOPICS)
        return broker

    yield make
    for broker in brokers:
        broker.stop()


@pytest.fixture
def make_topic(kafka: LocalKafka) -> MakeTopic:
    """Make a topic of this test's own on the shared broker: `make_topic(JOURNEYS)` -> its name.

    It has the partitions and the configuration of that contract.
    """

    def make(contract: str, partitions: int | None = None) -> str:
        declared = topic(contract)
        layout = replace(declared.local, partitions=partitions or declared.partitions)
        own = replace(declared, name=f"{contract}.{uuid4().hex[:12]}", local=layout)
        apply(Broker(kafka.bootstrap), [own])
        return own.name

    return make


@pytest.fixture(scope="session")
def redis_server(
    processes: Processes, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> LocalRedis:
    """A real Redis for the whole run; use a prefix of your own (`redis_prefix`), flush nothing."""
    need(request.config, "redis")
    return LocalRedis.start(tmp_path_factory.mktemp("redis"), processes=processes)


@pytest.fixture(scope="session")
def redis_url(redis_server: LocalRedis) -> str:
    """Where the real Redis of this run answers."""
    return redis_server.url


@pytest.fixture
def redis_prefix() -> str:
    """A prefix no other test uses."""
    return f"test-{uuid4().hex[:12]}:"


@pytest.fixture
def private_redis(
    processes: Processes, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[LocalRedis]:
    """A real Redis of this test's own, to kill and resume; it forgets when it ends."""
    need(request.config, "redis")
    with LocalRedis.start(tmp_path / "redis", processes=processes) as server:
        yield server


def _program(part: str) -> Callable[[pytest.FixtureRequest], str]:
    def path(request: pytest.FixtureRequest) -> str:
        return need(request.config, part).path

    path.__doc__ = f"The path of the real {part}; without it the test is skipped, or fails on CI."
    return path


prometheus_program = pytest.fixture(scope="session", name="prometheus_program")(
    _program("prometheus")
)
chromium_program = pytest.fixture(scope="session", name="chromium_program")(_program("chromium"))
node_program = pytest.fixture(scope="session", name="node_program")(_program("node"))
kcat_program = pytest.fixture(scope="session", name="kcat_program")(_program("kcat"))
