"""Compare a broker with the contracts, and make it as they say."""

from collections.abc import Iterable

from deploy.provision.broker import Broker, ProvisionFailed
from deploy.provision.plan import Found, Plan, plan
from schemas.topics import Topic

__all__ = ["Broker", "ProvisionFailed", "apply", "look", "mend"]


def look(broker: Broker, topics: Iterable[Topic]) -> Plan:
    """Compare the contracts with the broker; changes nothing."""
    wanted = tuple(topics)
    return plan(wanted, Found(broker.layouts(topic.name for topic in wanted), broker.acls()))


def apply(broker: Broker, topics: Iterable[Topic]) -> Plan:
    """Do what is missing or differs, unless something does that nobody may mend silently.

    Returns what was found.
    """
    found = look(broker, topics)
    if not found.differences:
        mend(broker, found)
    return found


def mend(broker: Broker, found: Plan) -> None:
    """Do what a plan says. What nobody should have is taken away before anything is given."""
    broker.revoke(found.access.revoke)
    broker.create(found.missing)
    broker.configure(found.changes)
    broker.grant(found.access.grant)
