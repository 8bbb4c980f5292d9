"""What the contracts promise, as numbers for alerts: latency and availability, and whom to call."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from schemas.topics import JOURNEYS, METRICS_INTERNAL, TOUCHPOINTS

_SECONDS = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True)
class Promise:
    """Of one topic: the latency in seconds, and the role that answers for it."""

    topic: str
    owner: str
    latency_seconds: int


def promised(topic: str) -> Promise:
    """Raises KeyError or StopIteration when the contract promises no latency or names no owner."""
    contract = _contract(topic)
    latency = _property(contract, "latency")
    owner = next(m["username"] for m in contract["team"]["members"] if m["role"] == "owner")
    return Promise(topic, owner, latency["value"] * _SECONDS[latency["unit"]])


def availability() -> float:
    """The share of requests that the door must answer otherwise than with a 5xx: 0.999."""
    promise = _property(_contract(TOUCHPOINTS), "availability")
    return float(promise["value"]) / 100


def _contract(topic: str) -> dict[str, Any]:
    text = (files("schemas") / "contracts" / f"{topic}.odcs.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


def _property(contract: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in contract["slaProperties"] if each["property"] == name)


TOUCHPOINTS_PROMISE = promised(TOUCHPOINTS)
JOURNEYS_PROMISE = promised(JOURNEYS)
METRICS_PROMISE = promised(METRICS_INTERNAL)
