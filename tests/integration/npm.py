"""Official checkers that come by npm only: installed where npm is, into a folder of the test's."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

_QUIET = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")


def installed(folder: Path, packages: Mapping[str, str]) -> Path:
    """Where npm has put these versions; without npm or network the test is skipped, but not on a
    build machine.
    """
    (folder / "package.json").write_text(
        json.dumps({"private": True, "dependencies": dict(packages)}), encoding="utf-8"
    )
    npm = shutil.which("npm")
    if npm is None:
        _give_up("npm was not found")
    done = subprocess.run(
        [npm, "install", *_QUIET], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        _give_up(f"npm did not install {', '.join(packages)}: {done.stderr[-300:]}")
    return folder / "node_modules"


def _give_up(why: str) -> NoReturn:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
