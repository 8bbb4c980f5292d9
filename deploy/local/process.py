"""Child processes that die with their runner, keep a log, and leave a record for the next start."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil
from filelock import FileLock, Timeout

ROOT = Path(__file__).resolve().parents[2]
_GUARD = Path(__file__).with_name("guard.py")


class StartFailed(Exception):
    """A program or the whole stack could not be started; the message is for people."""


@dataclass(frozen=True)
class Program:
    """What to run: its name names the log; the environment is added to ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT


@dataclass(frozen=True)
class Child:
    """A program that was started."""

    name: str
    log: Path
    log_start: int
    process: "subprocess.Popen[bytes]"

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll()

    def output(self) -> str:
        """Everything this start has written so far."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def wait_for(self, text: str, seconds: float) -> bool:
        """Wait until it has written `text`; False when it ends before, or takes longer."""
        deadline = time.monotonic() + seconds
        while text not in self.output():
            if self.exit_code is not None or time.monotonic() > deadline:
                return text in self.output()
            time.sleep(0.05)
        return True

    def account(self) -> str:
        """Say how it stands, with its last 20 lines and the path of its log."""
        state = "runs" if self.exit_code is None else f"ended with exit code {self.exit_code}"
        last = "\n".join(f"    {line}" for line in self.output().splitlines()[-20:])
        return f"{self.name} {state}; its last lines:\n{last}\nThe whole log: {self.log}"

    def stop(self, grace_seconds: float = 20) -> int:
        """Ask it to end, kill it when it does not within the grace; returns the exit code."""
        if self.exit_code is None:
            self.process.terminate()
        try:
            return self.process.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            return self.kill()

    def kill(self) -> int:
        """End it at once, as a crash would; returns the exit code."""
        if self.exit_code is None:
            self.process.kill()
        return self.process.wait()


class Processes:
    """The children of one runner. Their record in `folder` lets the next start find leftovers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []
        self._record = folder / "processes.json"
        (folder / "logs").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, program: Program) -> Child:
        """Start a program; call this from a thread that outlives it (see guard.py)."""
        log = self.folder / "logs" / f"{program.name}.log"
        with log.open("ab") as output:
            start = output.tell()
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_GUARD), str(os.getpid()), *program.command],
                cwd=program.folder,
                env={**os.environ, **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is the runner's to hear, and to pass on in order
            )
        child = Child(program.name, log, start, process)
        self.children.append(child)
        self._write_record()
        return child

    def stop(self) -> None:
        """Stop all children, the last started first."""
        while self.children:
            self.children.pop().stop()
            self._write_record()

    def forget(self, child: Child) -> None:
        """Leave a child that has ended out of the record."""
        self.children.remove(child)
        self._write_record()

    def remove_leftovers(self) -> list[str]:
        """End what an earlier runner of this folder left behind; returns their names."""
        leftovers = list(_still_running(self._record))
        for _, process in leftovers:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([process for _, process in leftovers], timeout=10)
        self._record.unlink(missing_ok=True)
        return [name for name, _ in leftovers]

    def _write_record(self) -> None:
        entries = [_identity(child) for child in self.children if child.exit_code is None]
        draft = self._record.with_suffix(".draft")
        draft.write_text(json.dumps(entries), encoding="utf-8")
        draft.replace(self._record)


class Restartable:
    """A server that can be ended and started again; `child` is None while it is down."""

    processes: Processes
    child: Child | None

    def stop(self) -> None:
        """Ask it to end, and wait."""
        if self.child is not None:
            self.child.stop()
            self._forget()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.child is not None:
            self.child.kill()
            self._forget()

    def _forget(self) -> None:
        if self.child in self.processes.children:
            self.processes.forget(self.child)
        self.child = None


def _identity(child: Child) -> dict[str, object]:
    try:
        started = psutil.Process(child.process.pid).create_time()
    except psutil.NoSuchProcess:
        started = 0.0
    return {"name": child.name, "pid": child.process.pid, "started": started}


def _still_running(record: Path) -> Iterator[tuple[str, psutil.Process]]:
    if not record.exists():
        return
    for entry in json.loads(record.read_text(encoding="utf-8")):
        process = same_process(entry["pid"], entry["started"])
        if process is not None:
            yield entry["name"], process


def end_in_order() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that children are stopped in their order."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, when begun in background
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))


def same_process(pid: int, started: float) -> psutil.Process | None:
    """Find a process by id and start time: an id alone may have passed to somebody else."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - started) < 0.5
        return process if is_same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


@contextlib.contextmanager
def one_per_checkout(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; raises StartFailed when another runner holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StartFailed(
            f"Another stack runs from this checkout ({folder}). `make down` stops it."
        ) from None
    try:
        yield
    finally:
        lock.release()
