"""A real Prometheus on loopback that scrapes what a test tells it to."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import yaml

from deploy.local.ports import LOOPBACK, free_ports
from deploy.local.process import Child, Processes, Program
from deploy.prometheus.build import FOLDER
from deploy.prometheus.scraping import RULES, configuration

_READY = "Server is ready to receive web requests"


@dataclass(frozen=True)
class RealPrometheus:
    """A server that scrapes every second with our own configuration."""

    address: str
    child: Child

    @classmethod
    @contextmanager
    def running(
        cls,
        program: str,
        folder: Path,
        processes: Processes,
        addresses: Mapping[str, str],
        of_each_job: Mapping[str, Any] | None = None,
    ) -> Iterator["RealPrometheus"]:
        """Scrape these services (name to host:port) as long as the block lasts; it is ready."""
        folder.mkdir(parents=True)
        told = configuration(addresses, "1s", [str(FOLDER / name) for name in RULES])
        for job in told["scrape_configs"]:
            job.update(of_each_job or {})
        (folder / "prometheus.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
        address = f"{LOOPBACK}:{free_ports(1)[0]}"
        options = [f"--web.listen-address={address}", "--config.file=prometheus.yml"]
        command = [program, *options, "--storage.tsdb.path=data", "--log.level=info"]
        child = processes.start(Program("prometheus", command, folder=folder))
        assert child.wait_for(_READY, 30), child.account()
        yield cls(address, child)
        child.stop()
        processes.forget(child)

    def ask(self, expression: str) -> list[dict[str, Any]]:
        """The samples that an expression has now. Raises ValueError when it does not parse."""
        answer = self._get("query", expression)
        found: list[dict[str, Any]] = answer["result"]
        return found

    def rules(self) -> list[dict[str, Any]]:
        """The groups of rules and how their last evaluation went, after every rule had one."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            groups: list[dict[str, Any]] = self._get("rules")["groups"]
            if all(rule["health"] != "unknown" for group in groups for rule in group["rules"]):
                break
            time.sleep(0.25)
        return groups

    def formatted(self, expression: str) -> str:
        """The expression as Prometheus reads it. Raises ValueError when it does not parse."""
        return str(self._get("format_query", expression))

    def wait_for(self, expression: str, seconds: float = 30) -> list[dict[str, Any]]:
        """The samples of an expression once there are any that are numbers; none after a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [sample for sample in self.ask(expression) if sample["value"][1] != "NaN"]
            if found:
                return found
            time.sleep(0.25)
        return []

    def _get(self, what: str, expression: str = "") -> Any:
        asked = urlencode({"query": expression} if expression else {})
        try:
            with urlopen(f"http://{self.address}/api/v1/{what}?{asked}", timeout=10) as answer:
                return json.load(answer)["data"]
        except HTTPError as refused:
            raise ValueError(refused.read().decode()) from None
