"""What comes by npm only: installed where npm is. A few packages go into a folder of the test's,
many, with a lock, once and for all.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest

_QUIET = ("--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")


def installed(folder: Path, packages: Mapping[str, str]) -> Path:
    """Where npm has put these versions; without npm or network the test is skipped, but not on a
    build machine.
    """
    (folder / "package.json").write_text(
        json.dumps({"private": True, "dependencies": dict(packages)}), encoding="utf-8"
    )
    _npm("install", "--no-package-lock", folder=folder)
    return folder / "node_modules"


def locked(declared: Path, kept: Path) -> Path:
    """Where npm has put what the package and the lock in `declared` say: in `kept`, for each lock
    once. Without npm or network as above.
    """
    files = [declared / "package.json", declared / "package-lock.json"]
    content = b"".join(file.read_bytes() for file in files)
    place = kept / hashlib.sha256(content).hexdigest()[:16]
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=_made(kept)) as half:
            folder = _made(Path(half) / "whole")
            for file in files:
                shutil.copy(file, folder)
            _npm("ci", folder=folder)
            folder.rename(place)
    return place / "node_modules"


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _npm(command: str, *options: str, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        _give_up("npm was not found")
    line = [npm, command, *options, *_QUIET]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        _give_up(f"npm {command} failed: {done.stderr[-300:]}")


def _give_up(why: str) -> NoReturn:
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
