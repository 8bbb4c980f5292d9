"""The administrator's view of a real broker: read what is there, change what is told."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # theirs to export
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from deploy.provision.acls import Acl
from deploy.provision.plan import Change
from schemas.audit import DecisionRecord
from schemas.codec import encode
from schemas.kafka_access import MECHANISM, PROTOCOL, Kafka
from schemas.topics import AUDIT, Layout, Topic

_PATIENCE_SECONDS = 30
_ANY_ACL: tuple[Any, ...] = (
    ResourceType.ANY,
    None,
    ResourcePatternType.ANY,
    None,
    None,
    AclOperation.ANY,
    AclPermissionType.ANY,
)


class ProvisionFailed(Exception):
    """The broker could not be asked, or refused; the message is its own."""


def admin_options(kafka: Kafka) -> dict[str, Any]:
    """What confluent-kafka's clients are made with."""
    if isinstance(kafka, str):
        return {"bootstrap.servers": kafka, "log_level": 0}
    if not kafka.user:
        return admin_options(kafka.bootstrap)
    options = {
        **admin_options(kafka.bootstrap),
        "security.protocol": PROTOCOL,
        "sasl.mechanism": MECHANISM,
        "sasl.username": kafka.user,
        "sasl.password": kafka.password,
    }
    return options | ({"ssl.ca.location": kafka.ca} if kafka.ca else {})


class Broker:
    """Every method blocks up to 30 s and raises ProvisionFailed."""

    def __init__(self, kafka: Kafka) -> None:
        self._admin = AdminClient(admin_options(kafka))
        self._kafka = kafka
        self._bootstrap = str(kafka)

    def layouts(self, names: Iterable[str]) -> dict[str, Layout]:
        """Read how those of the named topics that exist are laid out."""
        with _quoting(self._bootstrap):
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

    def _configuration(self, name: str, kind: Any = ConfigResource.Type.TOPIC) -> Mapping[str, str]:
        resource = ConfigResource(kind, name)
        (answer,) = self._admin.describe_configs([resource]).values()
        return {key: entry.value for key, entry in answer.result(_PATIENCE_SECONDS).items()}

    def acls(self) -> frozenset[Acl] | None:
        """The whole access control list; None where the broker asks nobody who they are."""
        with _quoting(self._bootstrap):
            if not self._has_authorizer():
                return None
            found = self._admin.describe_acls(AclBindingFilter(*_ANY_ACL))
            return frozenset(_acl(one) for one in found.result(_PATIENCE_SECONDS))

    def _has_authorizer(self) -> bool:
        """By its own settings: without one it answers with an empty list."""
        node = next(iter(self._admin.list_topics(timeout=_PATIENCE_SECONDS).brokers))
        settings = self._configuration(str(node), ConfigResource.Type.BROKER)
        return bool(settings.get("authorizer.class.name"))

    def create(self, topics: Iterable[Topic]) -> None:
        """Create topics as their local layout says."""
        new = [
            NewTopic(
                topic.name,
                topic.local.partitions,
                topic.local.replication,
                config=dict(topic.local.configuration),
            )
            for topic in topics
        ]
        self._await(self._admin.create_topics(new) if new else {})

    def configure(self, changes: Iterable[Change]) -> None:
        """Set the keys that differ, and no other."""
        by_topic: dict[str, list[ConfigEntry]] = {}
        for one in changes:
            entry = ConfigEntry(one.key, one.says, incremental_operation=AlterConfigOpType.SET)
            by_topic.setdefault(one.topic, []).append(entry)
        resources = [
            ConfigResource(ConfigResource.Type.TOPIC, name, incremental_configs=entries)
            for name, entries in by_topic.items()
        ]
        self._await(self._admin.incremental_alter_configs(resources) if resources else {})

    def grant(self, acls: Iterable[Acl]) -> None:
        """Add entries to the access control list."""
        bindings = [AclBinding(*_words(one)) for one in acls]
        self._await(self._admin.create_acls(bindings) if bindings else {})

    def keep(self, records: Iterable[DecisionRecord]) -> None:
        """Put decisions on record, acknowledged by every copy in step."""
        patience = {"acks": "all", "message.timeout.ms": _PATIENCE_SECONDS * 1000}
        producer = Producer({**admin_options(self._kafka), **patience})
        lost: list[Any] = []
        for one in records:
            told = lambda error, _: lost.append(error) if error else None  # noqa: E731 (two words)
            producer.produce(AUDIT, encode(one), key=one.id, on_delivery=told)
        if producer.flush(_PATIENCE_SECONDS + 1) or lost:
            why = lost[0].str() if lost else "not acknowledged"
            raise ProvisionFailed(f"{AUDIT}: {why}; who reads was not changed")

    def revoke(self, acls: Iterable[Acl]) -> None:
        """Take exactly these entries away."""
        filters = [AclBindingFilter(*_words(one)) for one in acls]
        self._await(self._admin.delete_acls(filters) if filters else {})

    def _await(self, answers: Mapping[Any, Any]) -> None:
        for subject, answer in answers.items():
            with _quoting(str(subject)):
                answer.result(_PATIENCE_SECONDS)


@contextmanager
def _quoting(subject: str) -> Iterator[None]:
    try:
        yield
    except KafkaException as refused:
        raise ProvisionFailed(f"{subject}: {refused.args[0].str()}") from refused


def _acl(found: Any) -> Acl:
    return Acl(
        resource=found.restype.name,
        name=found.name,
        principal=found.principal,
        operation=found.operation.name,
        pattern=found.resource_pattern_type.name,
        host=found.host,
        permission=found.permission_type.name,
    )


def _words(acl: Acl) -> tuple[Any, ...]:
    return (
        ResourceType[acl.resource],
        acl.name,
        ResourcePatternType[acl.pattern],
        acl.principal,
        acl.host,
        AclOperation[acl.operation],
        AclPermissionType[acl.permission],
    )
