"""What all chaos needs: the catalogue, a stack that compacts soon, and quiet."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.local.process import ROOT
from deploy.local.stack import Stack
from schemas.catalogue import Catalogue, load
from tests.chaos.line.compaction import compact_soon
from tests.chaos.line.running import recipe

MakeStack = Callable[..., Stack]


@pytest.fixture
def catalogue() -> Catalogue:
    """The demonstration's."""
    files = sorted((ROOT / "deploy" / "catalogue").glob("*.yaml"))
    return load((f.name, f.read_text("utf-8")) for f in files)


@pytest.fixture
def make_stack(tmp_path: Path) -> Iterator[MakeStack]:
    """Make the line with these stand-ins: `make_stack("journey-state-first")`."""
    with ExitStack() as running:

        def make(*stand_ins: str) -> Stack:
            stack = running.enter_context(Stack(tmp_path, ROOT, recipe(tmp_path, *stand_ins)))
            compact_soon(stack.bootstrap)
            return stack

        yield make


@pytest.fixture(autouse=True)
def _only_we_are_heard(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "aiokafka")  # it tells every second of an outage
