"""The official parser of AsyncAPI takes our document, and would not take a wrong one."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from deploy.asyncapi import build
from tests.integration.npm import installed

FOLDER = Path(build.__file__).parent
VALIDATOR = FOLDER / "validate.cjs"
pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def modules(node_program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the parser is."""
    assert node_program
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    return installed(tmp_path_factory.mktemp("asyncapi"), package["dependencies"])


def refusals(modules: Path, text: str) -> list[str]:
    done = subprocess.run(
        ["node", VALIDATOR],
        input=text,
        env={**os.environ, "NODE_PATH": str(modules)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    found = done.stdout.splitlines()
    assert bool(found) == bool(done.returncode), done.stderr
    return found


def test_our_document_is_valid(modules: Path) -> None:
    assert refusals(modules, build.built()) == []


def test_an_operation_that_does_nothing_known_is_refused(modules: Path) -> None:
    wrong = build.built().replace("action: send", "action: shout", 1)
    assert any("action" in line for line in refusals(modules, wrong))


def test_a_payload_that_is_not_there_is_refused(modules: Path) -> None:
    wrong = build.built().replace("schemas/MetricMessage'", "schemas/MetricMassage'", 1)
    assert refusals(modules, wrong)
