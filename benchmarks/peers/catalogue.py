"""The peers, and what it takes to have each of them on this machine."""

import hashlib
import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.peer import CannotRun, Peer
from benchmarks.peers.reading import tabled, upserted
from deploy.local.kafka import find_java

HERE = Path(__file__).parent
_PROGRAMS = "benchmarks.peers.programs"
_STREAMS = "4.3.1"
_BYTEWAX = "0.21.1"


def kafka_streams(folder: Path) -> Sequence[str]:
    """Build with Maven; needs it, a JDK of 17 or later, and a Maven repository."""
    for program in ("mvn", "javac"):
        if shutil.which(program) is None:
            raise CannotRun(f"there is no {program} here; install Maven and a JDK of 17 or later")
    built = folder / "kafka-streams"
    pom = HERE / "kafka_streams" / "pom.xml"
    _run("mvn", "-q", "-B", "-f", str(pom), f"-Dbuilt.into={built}", "package")
    jars = f"{built}/sessions.jar:{built}/jars/*"
    return [find_java(), "-Xmx1g", "-cp", jars, "peers.Sessions"]


def bytewax(folder: Path) -> Sequence[str]:
    """Install its own lock into an environment of its own."""
    lock = HERE / "requirements" / "bytewax.txt"
    home = folder / f"bytewax-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    python = home / "bin" / "python"
    if not (home / "complete").exists():
        _run(sys.executable, "-m", "venv", "--clear", str(home))
        _run(str(python), "-m", "pip", "install", "-q", "--require-hashes", "-r", str(lock))
        (home / "complete").touch()
    return [str(python), str(HERE / "programs" / "bytewax_sessions.py")]


def ours(program: str) -> Sequence[str]:
    """A program that runs with what our own locks hold."""
    return [sys.executable, "-m", f"{_PROGRAMS}.{program}"]


def faust(_folder: Path) -> Sequence[str]:
    """Faust is in our own locks."""
    return [*ours("faust_sessions"), "worker", "-l", "warn", "--without-web"]


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stdout + done.stderr).strip().splitlines()[-3:]
        raise CannotRun(f"`{Path(command[0]).name}` failed: {' / '.join(last)}")


def _version(package: str) -> str:
    return importlib.metadata.version(package)


PEERS = (
    Peer(
        "confluent-kafka, consume and parse",
        _version("confluent-kafka"),
        lambda _: ours("confluent_floor"),
        limit_seconds=120,
        state="none: a floor",
    ),
    Peer(
        "aiokafka, getmany and parse",
        _version("aiokafka"),
        lambda _: ours("aiokafka_floor"),
        limit_seconds=120,
        state="none: a floor",
    ),
    Peer(
        "Kafka Streams",
        _STREAMS,
        kafka_streams,
        limit_seconds=900,
        state="RocksDB and changelog, at least once",
        environment={"PEER_GUARANTEE": "at_least_once"},
        read=upserted,
    ),
    Peer(
        "Kafka Streams, exactly once",
        _STREAMS,
        kafka_streams,
        limit_seconds=900,
        state="RocksDB and changelog, transactions",
        environment={"PEER_GUARANTEE": "exactly_once_v2"},
        read=upserted,
    ),
    Peer(
        "Bytewax",
        _BYTEWAX,
        bytewax,
        limit_seconds=900,
        state="SQLite snapshots, at least once",
        read=upserted,
        ends=True,
    ),
    Peer(
        "stock Faust",
        _version("faust-streaming"),
        faust,
        limit_seconds=900,
        state="Table in memory and changelog, at least once",
        result="{name}-sessions-changelog",
        read=tabled,
        share=0.1,
    ),
)
