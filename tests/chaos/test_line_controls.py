"""The line without one of its protections, brought to where that one is needed: found wrong.

Chance has no part in what is done, so that each is found wrong every time.
"""

import logging
import signal
import time

import pytest

from schemas.catalogue import Catalogue
from tests.chaos.conftest import MakeStack
from tests.chaos.line.judging import judged
from tests.chaos.line.running import Line, line_on, under_load
from tests.chaos.line.verdict import is_behind

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.timeout(300)]
log = logging.getLogger(__name__)
_SEED = "3"
_SOME_STEPS_SECONDS = 4
_LANDED_SECONDS = 1


@pytest.fixture
def line(request: pytest.FixtureRequest, make_stack: MakeStack, catalogue: Catalogue) -> Line:
    """The line with the stand-in the test names."""
    return line_on(make_stack(request.param), catalogue, _SEED, seconds=14, days=40)


def with_a(stand_in: str) -> pytest.MarkDecorator:
    """Run a test on a line with this stand-in."""
    return pytest.mark.parametrize("line", [stand_in], indirect=True)


def _taken_over(line: Line, service: str, told: str, times: int) -> None:
    """Another process has the partitions of the one that stands still, and has gone on with them.

    `told` is what it says so often when it has them.
    """
    line.monkey.join(service)
    successor = line.stack.instances[f"{service}-1"].child
    until = time.monotonic() + 40
    while successor.output().count(told) < times:
        assert time.monotonic() < until, successor.account()
        line.monkey.wait(0.2)
    line.monkey.wait(_SOME_STEPS_SECONDS)


def _assert_is_found_wrong(line: Line, somewhere: str) -> None:
    """In the end one sentence has this: what thawed a moment ago still has to write."""

    def is_enough(wrong: list[str]) -> bool:
        return not is_behind(wrong) and any(somewhere in sentence for sentence in wrong)

    wrong = judged(line, is_enough, settle_seconds=60)
    log.info("found wrong: %s", wrong[:5])
    assert is_enough(wrong), wrong


@with_a("journey-without-offset-rule")
def test_without_the_offset_rule_events_are_counted_again(line: Line) -> None:
    with under_load(line):
        for _ in range(3):
            line.monkey.wait(4)
            line.monkey.to_one("kill", "journey")
    _assert_is_found_wrong(line, "account ")


@with_a("journey-without-foreign-write-check")
def test_without_the_check_for_foreign_writes_an_old_state_is_believed(line: Line) -> None:
    with under_load(line):
        assert line.monkey.is_stopped_within("journey", 20)
        _taken_over(line, "journey", '"partition.recovered"', 4)
        # The successor is gone before it could write over what lands now.
        line.monkey.to_one("kill", "journey-1")
        line.stack.instances["journey"].child.process.send_signal(signal.SIGCONT)
        time.sleep(_LANDED_SECONDS)
        line.monkey.to_one("kill", "journey")
    _assert_is_found_wrong(line, "account ")


@with_a("journey-state-first")
def test_with_state_before_outputs_a_kill_between_them_loses_what_is_final(line: Line) -> None:
    with under_load(line):
        assert line.monkey.is_stopped_within("journey", 20)
    _assert_is_found_wrong(line, " of demo is ")


@with_a("metrics-without-compare-and-set")
def test_without_compare_and_set_a_process_that_stood_still_counts_again(line: Line) -> None:
    with under_load(line):
        assert line.monkey.is_stopped_within("metrics", 20)
        _taken_over(line, "metrics", '"partitions.assigned"', 1)
        line.stack.instances["metrics"].child.process.send_signal(signal.SIGCONT)
    _assert_is_found_wrong(line, "counter ")
