"""What `status` and `down` find and say."""

from pathlib import Path

from deploy.local.__main__ import absence, account, running
from deploy.local.process import ROOT
from deploy.local.state import State, state_of_this_process, write_state


def test_the_stack_of_a_demo_is_found_beside_the_one_that_is_kept(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    demo.mkdir()
    state = state_of_this_process()
    write_state(demo, state)
    assert list(running([tmp_path, demo])) == [(demo, state)]


def test_a_stack_tells_its_addresses_and_where_its_logs_are() -> None:
    state = State(
        runner=1,
        started=0.0,
        is_ready=True,
        addresses={"KAFKA": "127.0.0.1:9092"},
        processes={"kafka": 7},
    )
    assert account(ROOT / ".local" / "demo", state) == (
        "ready\n"
        "  KAFKA           127.0.0.1:9092\n"
        "  kafka           process 7, log .local/demo/logs/kafka.log"
    )


def test_where_nothing_runs_the_log_of_the_last_stack_is_named(tmp_path: Path) -> None:
    assert absence(tmp_path) == "no stack of this checkout is running"
    log = tmp_path / "runner.log"
    log.touch()
    assert absence(tmp_path) == (
        f"no stack of this checkout is running; how the last one ended: {log}"
    )
