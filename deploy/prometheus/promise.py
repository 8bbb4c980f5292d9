"""What the contracts promise, as numbers for alerts: latency and availability, and whom to call."""

from dataclasses import dataclass

from schemas.stewardship import OWNER, data_set
from schemas.topics import JOURNEYS, METRICS_INTERNAL, TOUCHPOINTS


@dataclass(frozen=True)
class Promise:
    """Of one topic: the latency in seconds, and the role that answers for it."""

    topic: str
    owner: str
    latency_seconds: int


def promised(topic: str) -> Promise:
    """Raises KeyError or StopIteration when there is no contract or it names no owner."""
    contract = data_set(topic)
    owner = next(one.username for one in contract.team if one.role == OWNER)
    return Promise(topic, owner, int(contract.latency.total_seconds()))


def availability() -> float:
    """The share of requests that the door must answer otherwise than with a 5xx: 0.999."""
    promise = data_set(TOUCHPOINTS).available
    if promise is None:
        raise KeyError(f"{TOUCHPOINTS}: slaProperties.availability")
    return promise


TOUCHPOINTS_PROMISE = promised(TOUCHPOINTS)
JOURNEYS_PROMISE = promised(JOURNEYS)
METRICS_PROMISE = promised(METRICS_INTERNAL)
