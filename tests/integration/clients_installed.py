"""Where the clients that channels have are installed: apart from us, once for each lock."""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from deploy.local.process import ROOT
from tests.integration.npm import locked

SCRIPTS = Path(__file__).parent / "clients"
_LOCK = ROOT / "requirements" / "clients.txt"


def node_clients() -> Path:
    """The folder to put on NODE_PATH; skipped or failed as below."""
    return locked(SCRIPTS, ROOT / ".local" / "node-clients")


def python_clients() -> Path:
    """The folder to put on PYTHONPATH; without network the test is skipped, but not on a build
    machine.
    """
    kept = ROOT / ".local" / "clients"
    place = kept / hashlib.sha256(_LOCK.read_bytes() + sys.version.encode()).hexdigest()[:16]
    if not place.exists():
        kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept) as half:
            folder = Path(half) / "whole"
            command = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes"]
            command += ["--target", str(folder), "-r", str(_LOCK)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
                give_up(f"the clients cannot be installed: {done.stderr[-300:]}")
            folder.rename(place)
    return place
