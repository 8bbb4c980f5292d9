"""Create what is missing on a real broker; read what is there."""

from collections.abc import Iterable, Mapping

from confluent_kafka import KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # theirs to export
    AdminClient,
    ConfigResource,
    NewTopic,
)

from deploy.provision.plan import Plan, plan
from schemas.topics import Layout, Topic

_PATIENCE_SECONDS = 30


class ProvisionFailed(Exception):
    """The broker could not be asked, or refused; the message is its own."""


class Broker:
    """The administrator's view of a broker."""

    def __init__(self, bootstrap: str) -> None:
        self._admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
        self._bootstrap = bootstrap

    def layouts(self, names: Iterable[str]) -> dict[str, Layout]:
        """Read how those of the named topics that exist are laid out; blocks up to 30 s."""
        try:
            return self._layouts(names)
        except KafkaException as refused:
            raise ProvisionFailed(f"{self._bootstrap}: {refused.args[0].str()}") from refused

    def _layouts(self, names: Iterable[str]) -> dict[str, Layout]:
        topics = self._admin.list_topics(timeout=_PATIENCE_SECONDS).topics
        return {
            name: Layout(
                partitions=len(topics[name].partitions),
                replication=len(topics[name].partitions[0].replicas),
                configuration=self._configuration(name),
            )
            for name in names
            if name in topics
        }

    def _configuration(self, name: str) -> Mapping[str, str]:
        resource = ConfigResource(ConfigResource.Type.TOPIC, name)
        (answer,) = self._admin.describe_configs([resource]).values()
        return {key: entry.value for key, entry in answer.result(_PATIENCE_SECONDS).items()}

    def create(self, topics: Iterable[Topic]) -> None:
        """Create topics as their local layout says; raises ProvisionFailed; blocks up to 30 s."""
        new = [
            NewTopic(
                topic.name,
                topic.local.partitions,
                topic.local.replication,
                config=dict(topic.local.configuration),
            )
            for topic in topics
        ]
        for name, answer in (self._admin.create_topics(new) if new else {}).items():
            try:
                answer.result(_PATIENCE_SECONDS)
            except KafkaException as refused:
                raise ProvisionFailed(f"{name}: {refused.args[0].str()}") from refused


def look(broker: Broker, topics: Iterable[Topic]) -> Plan:
    """Compare the contracts with the broker; changes nothing."""
    wanted = tuple(topics)
    return plan(wanted, broker.layouts(topic.name for topic in wanted))


def apply(broker: Broker, topics: Iterable[Topic]) -> Plan:
    """Create the missing topics, unless one that exists differs; returns what was found."""
    found = look(broker, topics)
    if not found.differences:
        broker.create(found.missing)
    return found
