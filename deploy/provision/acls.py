"""Access control lists as values: what the contracts grant, and what else is on our topics."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemas.access import Access, Grant
from schemas.topics import Topic


@dataclass(frozen=True, order=True)
class Acl:
    """One entry of a broker's list; the words are the broker's own."""

    resource: str
    name: str
    principal: str
    operation: str
    pattern: str = "LITERAL"
    host: str = "*"
    permission: str = "ALLOW"

    def __str__(self) -> str:
        what = f"{self.resource.lower()} {self.name}"
        what += " and all that begin so" if self.pattern == "PREFIXED" else ""
        where = "" if self.host == "*" else f" from {self.host}"
        return f"{self.permission.lower()} {self.principal} {self.operation} on {what}{where}"

    def covers(self, resource: str, name: str) -> bool:
        """Whether it says anything of this topic or group."""
        if self.resource != resource:
            return False
        if self.pattern == "PREFIXED":
            return name.startswith(self.name)
        return self.name in {name, "*"}


@dataclass(frozen=True)
class AclChanges:
    """What must be granted and taken away, and what reaches further than our topics.

    `wider` is somebody's who has other topics too: nobody takes that away silently.
    """

    grant: tuple[Acl, ...] = ()
    revoke: tuple[Acl, ...] = ()
    wider: tuple[Acl, ...] = ()


def wanted(topics: Iterable[Topic]) -> frozenset[Acl]:
    """What the contracts grant. To read or to write is also to describe: the broker says so."""
    return frozenset(acl for topic in topics for acl in _of(topic))


def _of(topic: Topic) -> Iterator[Acl]:
    groups = [grant.group for grant in topic.grants if grant.group]
    for grant in topic.grants:
        principal, operation = f"User:{grant.role}", grant.access.upper()
        yield Acl("TOPIC", topic.name, principal, operation)
        for group in groups if grant.access == Access.DESCRIBE else _own(grant):
            yield _on_group(group, principal, operation)


def _own(grant: Grant) -> list[str]:
    return [grant.group] if grant.group else []


def _on_group(group: str, principal: str, operation: str) -> Acl:
    if group.endswith("*"):
        return Acl("GROUP", group[:-1], principal, operation, "PREFIXED")
    return Acl("GROUP", group, principal, operation)


def changes(topics: Iterable[Topic], found: Iterable[Acl]) -> AclChanges:
    """Compare the contracts with the broker's list, as far as it is about our topics and groups."""
    declared = tuple(topics)
    says, has = wanted(declared), frozenset(found)
    ours = {(acl.resource, acl.name) for acl in says} | {("TOPIC", one.name) for one in declared}
    foreign = {acl for acl in has - says if any(acl.covers(*one) for one in ours)}
    exact = {acl for acl in foreign if acl.pattern == "LITERAL" and acl.name != "*"}
    return AclChanges(
        grant=tuple(sorted(says - has)),
        revoke=tuple(sorted(exact)),
        wider=tuple(sorted(foreign - exact)),
    )
