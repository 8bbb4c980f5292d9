"""Every expression of the dashboard returns data on a real Prometheus that scrapes the stack."""

import asyncio
import threading
from collections.abc import Iterator
from random import Random

import pytest

from deploy.demo import live
from deploy.demo.play import Endpoints, Player
from deploy.grafana.queries import concrete, expressions
from deploy.local.process import Processes
from tests.integration.prometheus_server import RealPrometheus
from tests.system.conftest import Played

SPAN = "10s"
pytestmark = [
    pytest.mark.kafka,
    pytest.mark.redis,
    pytest.mark.prometheus,
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module", autouse=True)
def live_citizens(played: Played) -> Iterator[None]:
    """Citizens who come and go, one of them refused, as long as the tests look."""
    stack = played.stack
    endpoints = Endpoints(stack.url("INGEST_LISTEN"), stack.url("INGEST_INSIDE"))
    loop = asyncio.new_event_loop()

    async def flow() -> None:
        player = Player(endpoints, lambda _: None)
        await asyncio.gather(
            *(live.flow(player, played.plan.desks, Random(n), f"seen-{n}") for n in range(10))
        )

    task = loop.create_task(flow())
    thread = threading.Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    yield
    loop.call_soon_threadsafe(task.cancel)
    thread.join(10)
    loop.close()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    loop.run_until_complete(asyncio.wait([task]))


@pytest.fixture(scope="module")
def server(
    played: Played,
    processes: Processes,
    prometheus_program: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> RealPrometheus:
    names = ("ingest", "journey", "metrics", "publish")
    addresses = {name: played.stack.addresses[f"{name.upper()}_INSIDE"] for name in names}
    folder = tmp_path_factory.mktemp("prometheus") / "server"
    return RealPrometheus.start(prometheus_program, folder, processes, addresses)


@pytest.mark.parametrize("expression", expressions())
def test_the_expression_returns_data(server: RealPrometheus, expression: str) -> None:
    assert server.wait_for(concrete(expression, SPAN), seconds=60), expression
