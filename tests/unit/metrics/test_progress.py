"""How far a long command is: a line every five seconds, with an estimate, or a bar."""

from io import StringIO

import pytest
import structlog
from rich.console import Console

from services.metrics.adapters.progress import Lines, seconds_left, shown


@pytest.mark.parametrize(
    ("passed", "done", "total", "left"),
    [(10.0, 100, 400, 30), (10.0, 400, 400, 0), (10.0, 0, 400, None)],
)
def test_what_is_left_is_estimated_at_the_pace_so_far(
    passed: float, done: int, total: int, left: int | None
) -> None:
    assert seconds_left(passed, done, total) == left


def test_a_line_is_written_every_five_seconds() -> None:
    times = iter([0.0, 4.9, 5.0, 9.9, 10.0])
    with structlog.testing.capture_logs() as logs:
        lines = Lines("rebuild", now=lambda: next(times))
        for done in (1, 2, 3, 4):
            lines(done, 8)
    assert [(log["event"], log["done"], log["seconds_left"]) for log in logs] == [
        ("rebuild.progress", 2, 15),
        ("rebuild.progress", 4, 10),
    ]


def test_a_terminal_gets_a_bar_and_a_file_does_not() -> None:
    for is_terminal in (True, False):
        screen = StringIO()
        with shown("rebuild", Console(file=screen, force_terminal=is_terminal)) as advance:
            advance(3, 9)
        assert ("3/9" in screen.getvalue()) is is_terminal
