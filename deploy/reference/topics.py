"""The chapter on topics, from the contracts."""

from datetime import timedelta
from importlib.resources import files
from typing import Any

import yaml

from deploy.reference.markdown import code, codes, table
from schemas.topics import TOPICS, Topic


def chapter() -> str:
    """Every topic: what lies on it, how long, who may read and write."""
    rows = [_row(topic) for topic in TOPICS]
    head = ("topic", "what", "keyed", "partitions", "kept", "write", "read", "schema")
    return table(head, rows)


def _row(topic: Topic) -> list[str]:
    contract = yaml.safe_load(
        (files("schemas") / "contracts" / f"{topic.name}.odcs.yaml").read_text(encoding="utf-8")
    )
    [schema] = contract["schema"]
    return [
        code(topic.name),
        contract["description"]["purpose"],
        schema.get("description", ""),
        f"{topic.local.partitions} locally, {topic.production.partitions} in production",
        _kept(topic),
        codes(_roles(contract, "write")),
        codes(_roles(contract, "read")),
        codes(d["url"].rsplit("/", 1)[-1] for d in schema.get("authoritativeDefinitions", [])),
    ]


def _kept(topic: Topic) -> str:
    policy = topic.configuration.get("cleanup.policy", "delete")
    retention = int(topic.configuration.get("retention.ms", "-1"))
    if retention < 0:
        return policy
    return f"{policy} {timedelta(milliseconds=retention).days} d"


def _roles(contract: dict[str, Any], access: str) -> list[str]:
    return sorted({r["role"] for r in contract.get("roles", []) if r["access"] == access})
