"""Compare a broker with the contracts, and make it as they say."""

from collections.abc import Iterable, Sequence

from deploy.provision.admission import subjects
from deploy.provision.broker import Broker, ProvisionFailed
from deploy.provision.plan import Found, Plan, plan
from schemas.audit import DecisionRecord
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


def mend(broker: Broker, found: Plan, decided: Sequence[DecisionRecord] = ()) -> None:
    """Do what a plan says, if each change of who reads is decided; that is on record before it is
    so. What nobody should have is taken away before anything is given. Raises ProvisionFailed.
    """
    if tuple(one.subject for one in decided) != subjects(found.access):
        raise ProvisionFailed("who reads would change, and that is not decided")
    broker.create(found.missing)
    broker.keep(decided)
    broker.revoke(found.access.revoke)
    broker.configure(found.changes)
    broker.grant(found.access.grant)
