"""What Prometheus scrapes, and by which rules it judges."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.reference.metrics import of_journeys

JOB_PREFIX = "throughline-"
# The inside listeners as the settings have them when nothing is set.
ADDRESSES = {
    "ingest": "127.0.0.1:9080",
    "journey": "127.0.0.1:9081",
    "metrics": "127.0.0.1:9082",
    "publish": "127.0.0.1:9083",
    "prometheus": "127.0.0.1:9090",
}
RULES = ("rules/*.yml",)


def configuration(
    addresses: Mapping[str, str], interval: str = "15s", rules: Sequence[str] = RULES
) -> dict[str, Any]:
    """A configuration for these services at these addresses: `host:port`, those of several
    processes with commas between. `rules` are files or patterns, relative to where the
    configuration will lie.
    """
    return {
        "global": {
            "scrape_interval": interval,
            "scrape_timeout": interval,
            "evaluation_interval": interval,
        },
        "rule_files": list(rules),
        "scrape_configs": [_job(name, address) for name, address in addresses.items()],
    }


def _job(name: str, address: str) -> dict[str, Any]:
    job: dict[str, Any] = {
        "job_name": name if name == "prometheus" else JOB_PREFIX + name,
        "static_configs": [{"targets": address.split(",")}],
    }
    if name == "metrics":
        job["metric_relabel_configs"] = [_of_all_processes()]
    return job


def _of_all_processes() -> dict[str, Any]:
    """Counters of journeys are shown by whichever process owns partition 0, and go on when another
    takes over: were `instance` part of them, an owner that comes back would count twice. What a
    process says of itself keeps its instance.
    """
    names = "|".join(sorted(metric.name for metric in of_journeys()))
    return {
        "source_labels": ["__name__"],
        "regex": f"({names})(_bucket|_sum|_count)?",
        "target_label": "instance",
        "replacement": "throughline",
    }
