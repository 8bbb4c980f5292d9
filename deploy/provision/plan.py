"""What the contracts ask for, compared with what the broker has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from deploy.provision.acls import Acl, AclChanges
from deploy.provision.acls import changes as acl_changes
from schemas.topics import Layout, Topic


@dataclass(frozen=True)
class Change:
    """A configuration key of a topic that is not as the contract says."""

    topic: str
    key: str
    has: str
    says: str


@dataclass(frozen=True)
class Found:
    """What a broker has. `acls` is None where nobody is asked who they are."""

    layouts: Mapping[str, Layout]
    acls: frozenset[Acl] | None = None


@dataclass(frozen=True)
class Plan:
    """What apply does, and in `differences` a sentence for each that nobody may mend silently."""

    missing: tuple[Topic, ...] = ()
    changes: tuple[Change, ...] = ()
    access: AclChanges = field(default_factory=AclChanges)
    differences: tuple[str, ...] = ()
    has_authorizer: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the broker is as the contracts say."""
        return not (self.differences or list(rows(self)))


def plan(topics: Iterable[Topic], found: Found) -> Plan:
    """Decide what to do; layouts hold the effective configuration of each topic there is."""
    wanted, layouts = tuple(topics), found.layouts
    there = [(one, layouts[one.name]) for one in wanted if one.name in layouts]
    access = AclChanges() if found.acls is None else acl_changes(wanted, found.acls)
    return Plan(
        missing=tuple(one for one in wanted if one.name not in layouts),
        changes=tuple(change for one, has in there for change in _changes(one, has)),
        access=access,
        differences=(
            *(sentence for one, has in there for sentence in _laid_out_otherwise(one, has)),
            *(
                f"{acl}: reaches further than our topics; narrow it yourself"
                for acl in access.wider
            ),
        ),
        has_authorizer=found.acls is not None,
    )


def rows(found: Plan) -> Iterator[tuple[str, str, str, str]]:
    """What apply would do, for a table: what, where, what is there, what the contract says."""
    for topic in found.missing:
        yield "create", topic.name, "", f"{topic.partitions} partitions"
    for one in found.changes:
        yield "change", f"{one.topic} {one.key}", one.has, one.says
    for acl in found.access.grant:
        yield "grant", f"{acl.resource.lower()} {acl.name}", "", str(acl)
    for acl in found.access.revoke:
        yield "revoke", f"{acl.resource.lower()} {acl.name}", str(acl), ""


def _laid_out_otherwise(topic: Topic, has: Layout) -> Iterator[str]:
    pairs = {
        "partitions": (topic.local.partitions, has.partitions),
        "replication": (topic.local.replication, has.replication),
    }
    for key, (says, found) in pairs.items():
        if says != found:
            yield f"{topic.name}: {key} is {found}, the contract says {says}"


def _changes(topic: Topic, has: Layout) -> Iterator[Change]:
    for key, says in topic.configuration.items():
        found = has.configuration.get(key, "unset")
        if _normal(says) != _normal(found):
            yield Change(topic.name, key, found, says)


def _normal(value: str) -> list[str]:
    """A list such as compact,delete means the same in any order."""
    return sorted(part.strip() for part in value.split(","))
