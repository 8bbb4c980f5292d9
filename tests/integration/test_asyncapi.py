"""The official parser of AsyncAPI takes our document, and would not take a wrong one."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

from deploy.asyncapi import build

FOLDER = Path(build.__file__).parent
VALIDATOR = FOLDER / "validate.cjs"
pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def modules(node_program: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where npm has put the parser; the tests are skipped where it cannot be had, but not on CI."""
    assert node_program
    folder = tmp_path_factory.mktemp("asyncapi")
    shutil.copy(FOLDER / "package.json", folder)
    npm = shutil.which("npm")
    if npm is None:
        _give_up("npm was not found")
    quiet = ["--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(
        [npm, "install", "--prefer-offline", *quiet],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        _give_up(f"npm did not install the parser: {done.stderr[-300:]}")
    return folder / "node_modules"


def _give_up(why: str) -> NoReturn:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)


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
