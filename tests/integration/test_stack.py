"""The runner, with stand-ins for the services, on a real broker and a real Redis."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest
import redis

from deploy.local.kafka import LocalKafka
from deploy.local.process import ROOT, Processes, Program, StartFailed
from deploy.local.servers import Given
from deploy.local.services import Service
from deploy.local.stack import Recipe, Stack, StackFailed
from deploy.local.state import read_state

STAND_IN = "tests/integration/stand_in.py"
JOURNEY = Service("journey", (STAND_IN, "JOURNEY_INSIDE"), "JOURNEY_INSIDE")
INGEST = Service("ingest", (STAND_IN, "INGEST_INSIDE"), "INGEST_INSIDE", ("INGEST_LISTEN",))
SLEEP = [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(600)"]
WAITS = (
    "import asyncio\n"
    "from deploy.local.process import end_in_order\n"
    "end_in_order()\n"
    "async def wait():\n"
    "    print('waiting', flush=True)\n"
    "    await asyncio.sleep(600)\n"
    "try:\n"
    "    asyncio.run(wait())\n"
    "finally:\n"
    "    print('put away', flush=True)\n"
)
BROKEN = Service("metrics", (STAND_IN, "fail"), "METRICS_INSIDE")


@pytest.fixture
def given(kafka: LocalKafka, redis_url: str) -> Given:
    return Given(kafka.bootstrap, redis_url)


def test_everything_is_ready_inside_and_gone_afterwards(tmp_path: Path) -> None:
    recipe = Recipe(services=(JOURNEY, INGEST))
    with Stack(tmp_path / "a b", ROOT, recipe) as stack:
        stack.check()
        state = read_state(stack.folder)
        assert state is not None
        assert list(state.processes) == ["kafka", "redis", "journey", "ingest"]
        addresses = [stack.bootstrap, *stack.addresses.values()]
    assert [pid for pid in state.processes.values() if psutil.pid_exists(pid)] == []
    assert [address for address in addresses if _listens(address)] == []
    assert read_state(stack.folder) is None


def test_a_service_is_told_where_everything_is(tmp_path: Path, given: Given) -> None:
    with Stack(tmp_path, ROOT, Recipe(services=(INGEST,), given=given)) as stack:
        told = _settings(stack.url("INGEST_INSIDE"))
        assert told == {
            "THROUGHLINE_KAFKA_BOOTSTRAP": given.bootstrap,
            "THROUGHLINE_REDIS_URL": given.redis_url,
            "THROUGHLINE_REDIS_PREFIX": stack.redis_prefix,
            "THROUGHLINE_CATALOGUE": str(ROOT / "deploy" / "catalogue"),
            "THROUGHLINE_SOURCES": str(ROOT / "deploy" / "sources.yaml"),
            "THROUGHLINE_PSEUDONYM_KEYS": str(ROOT / "deploy" / "demo-keys.yaml"),
            "THROUGHLINE_INGEST_INSIDE": stack.addresses["INGEST_INSIDE"],
            "THROUGHLINE_INGEST_LISTEN": stack.addresses["INGEST_LISTEN"],
        }


def test_a_service_that_cannot_start_is_shown_with_its_last_lines(
    tmp_path: Path, given: Given
) -> None:
    recipe = Recipe(services=(BROKEN, JOURNEY), given=given)
    before = psutil.Process().children()
    with pytest.raises(StartFailed) as failure, Stack(tmp_path, ROOT, recipe):
        pass
    assert str(failure.value) == (
        "metrics ended with exit code 1; its last lines:\n"
        "    no catalogue anywhere\n"
        f"The whole log: {tmp_path.resolve() / 'logs' / 'metrics.log'}"
    )
    assert psutil.Process().children() == before


def test_a_service_that_ends_by_itself_is_noticed(tmp_path: Path, given: Given) -> None:
    with Stack(tmp_path, ROOT, Recipe(services=(JOURNEY,), given=given)) as stack:
        stack.instances["journey"].child.process.kill()
        with pytest.raises(StackFailed, match="journey ended with exit code -9"):
            stack.watch()


def test_a_killed_service_starts_again_on_its_listeners(tmp_path: Path, given: Given) -> None:
    with Stack(tmp_path, ROOT, Recipe(services=(JOURNEY,), given=given)) as stack:
        before = stack.addresses
        assert stack.kill_service("journey") == -signal.SIGKILL
        stack.check()
        stack.start_service("journey")
        stack.wait_ready("journey")
        assert stack.addresses == before


def test_a_second_instance_listens_elsewhere(tmp_path: Path, given: Given) -> None:
    with Stack(tmp_path, ROOT, Recipe(services=(JOURNEY,), given=given)) as stack:
        second = stack.start_service("journey", "journey-2", {"JOURNEY_INSTANCE_ID": "two"})
        stack.wait_ready("journey-2")
        assert second.addresses["JOURNEY_INSIDE"] != stack.addresses["JOURNEY_INSIDE"]
        told = _settings(f"http://{second.addresses['JOURNEY_INSIDE']}")
        assert told["THROUGHLINE_JOURNEY_INSTANCE_ID"] == "two"


def test_a_second_stack_of_a_folder_is_refused(tmp_path: Path, given: Given) -> None:
    recipe = Recipe(services=(), given=given)
    with (
        Stack(tmp_path, ROOT, recipe),
        pytest.raises(StartFailed, match="Another stack runs from this checkout"),
        Stack(tmp_path, ROOT, recipe),
    ):
        pass


def test_a_given_redis_loses_only_what_the_stack_wrote(tmp_path: Path, given: Given) -> None:
    with redis.Redis.from_url(given.redis_url) as client:
        client.set("somebody-else", "1")
        with Stack(tmp_path, ROOT, Recipe(services=(), given=given)) as stack:
            client.set(f"{stack.redis_prefix}counter", "1")
            prefix = stack.redis_prefix
        assert client.keys(f"{prefix}*") == []
        assert client.get("somebody-else") == b"1"


def test_children_die_with_their_runner(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from deploy.local.process import Processes, Program\n"
        "sleep = [sys.executable, '-c', 'import time; print(1, flush=True); time.sleep(600)']\n"
        "child = Processes(Path(sys.argv[1])).start(Program('sleeper', sleep))\n"
        "assert child.wait_for('1', 30)\n"
        "print(child.process.pid, flush=True); time.sleep(600)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as runner:
        assert runner.stdout is not None
        child = psutil.Process(int(runner.stdout.readline()))
        assert child.is_running()
        runner.kill()
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []


def test_a_request_to_end_is_heeded_as_ctrl_c_is_even_in_the_background() -> None:
    deaf = ["sh", "-c", 'trap "" INT; exec "$0" -c "$1"', sys.executable, WAITS]
    with subprocess.Popen(
        deaf, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "put away\n"


def test_leftovers_are_ended_but_not_a_stranger_with_the_same_id(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes:
        left = processes.start(Program("left", SLEEP))
        stranger = processes.start(Program("stranger", SLEEP))
        assert left.wait_for("1", 30)
        assert stranger.wait_for("1", 30)
        record = tmp_path / "processes.json"
        entries = json.loads(record.read_text(encoding="utf-8"))
        entries[1]["started"] -= 100
        record.write_text(json.dumps(entries), encoding="utf-8")
        assert Processes(tmp_path).remove_leftovers() == ["left"]
        assert not psutil.pid_exists(left.process.pid)
        assert stranger.exit_code is None


def _settings(url: str) -> dict[str, str]:
    with urlopen(f"{url}/readyz") as answer:  # noqa: S310  our own stand-in
        return dict(line.split("=", 1) for line in answer.read().decode().splitlines())


def _listens(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as client:
        return client.connect_ex((host, int(port))) == 0
