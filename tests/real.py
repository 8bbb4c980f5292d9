"""What is real on this machine: looked for once, told at the end of the run."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.kafka import VERSION, LocalKafka
from deploy.local.redis import find_redis

LEVELS = ("unit", "docs", "contract", "simulation", "integration", "system", "chaos")
# What may be missing, and the fixtures that need it.
OPTIONAL = {
    "redis": {"redis_server", "private_redis", "stack"},
    "prometheus": {"prometheus_program"},
    "chromium": {"chromium_program"},
    "node": {"node_program"},
    "kcat": {"kcat_program"},
}

MakeKafka = Callable[..., LocalKafka]
MakeTopic = Callable[..., str]


@dataclass(frozen=True)
class Found:
    """A part of the real world: its version, or None and how to get it."""

    description: str | None
    advice: str
    path: str = ""

    @property
    def is_required(self) -> bool:
        """On a build machine nothing is optional."""
        return os.environ.get("CI") == "true"


_PROGRAMS = {
    "prometheus": (("prometheus",), "install prometheus (Debian: apt install prometheus)"),
    "chromium": (
        ("chromium", "chromium-browser", "google-chrome"),
        "install Chromium (Debian: apt install chromium)",
    ),
    "node": (("node",), "install Node.js (Debian: apt install nodejs)"),
    "kcat": (("kcat", "kafkacat"), "install kcat (Debian: apt install kcat)"),
}


def look(part: str) -> Found:
    """Look for one part on this machine; may run a program to ask its version."""
    if part == "kafka":
        return Found(f"Apache Kafka {VERSION}", "")
    if part == "redis":
        server = find_redis()
        description = server.description if server.is_real else None
        return Found(description, "install Redis (Debian: apt install redis-server)")
    names, advice = _PROGRAMS[part]
    path = next((path for name in names if (path := shutil.which(name))), None)
    return Found(_version(part, path) if path else None, advice, path or "")


def _version(part: str, path: str) -> str:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return f"{part.capitalize()} {match[0] if match else '(version unknown)'}"


def table(found: dict[str, Found], not_run: dict[str, int]) -> list[str]:
    """Say what was real, and what tests did not run for want of what."""
    real = [f"real         {one.description}" for one in found.values() if one.description]
    missing = [
        f"not found    {part}: {not_run.get(part, 0)} tests did not run; {one.advice}"
        for part, one in found.items()
        if not one.description
    ]
    return [*real, *missing] or ["nothing: only rules without servers were tested"]
