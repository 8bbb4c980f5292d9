"""Writes `prometheus.yml`: `python -m deploy.prometheus.build [--check]`."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml

CONFIGURATION = Path(__file__).with_name("prometheus.yml")
JOB_PREFIX = "throughline-"
# The inside listeners as the settings have them when nothing is set.
ADDRESSES = {
    "ingest": "127.0.0.1:9080",
    "journey": "127.0.0.1:9081",
    "metrics": "127.0.0.1:9082",
    "publish": "127.0.0.1:9083",
    "prometheus": "127.0.0.1:9090",
}
_HEAD = """\
# What Prometheus scrapes: written by `python -m deploy.prometheus.build`, do not edit.
# All addresses are inside listeners on loopback. `instance` of the metrics job is a constant:
# its counters are shown by whichever process owns partition 0, and go on when another takes over.
"""


def configuration(addresses: Mapping[str, str], scrape_interval: str = "15s") -> dict[str, Any]:
    """A scrape configuration of these services at these addresses (`host:port`)."""
    return {
        "global": {"scrape_interval": scrape_interval, "scrape_timeout": scrape_interval},
        "scrape_configs": [_job(name, address) for name, address in addresses.items()],
    }


def _job(name: str, address: str) -> dict[str, Any]:
    job: dict[str, Any] = {
        "job_name": name if name == "prometheus" else JOB_PREFIX + name,
        "static_configs": [{"targets": [address]}],
    }
    if name == "metrics":
        replaced = {"target_label": "instance", "replacement": "throughline"}
        job["relabel_configs"] = [replaced]
    return job


def built() -> str:
    """The file's text, the same at every call."""
    return _HEAD + yaml.safe_dump(configuration(ADDRESSES), sort_keys=False)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when the file is not current.")
def program(*, check: bool) -> None:
    """Write prometheus.yml beside this program."""
    wanted = built()
    if not check:
        CONFIGURATION.write_text(wanted, encoding="utf-8")
    elif not CONFIGURATION.exists() or CONFIGURATION.read_text(encoding="utf-8") != wanted:
        click.echo("deploy/prometheus/prometheus.yml is not current: deploy.prometheus.build")
        sys.exit(1)


if __name__ == "__main__":
    program(prog_name="python -m deploy.prometheus.build")
