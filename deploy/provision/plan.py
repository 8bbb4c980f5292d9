"""What the contracts ask for, compared with what the broker has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemas.topics import Layout, Topic


@dataclass(frozen=True)
class Plan:
    """Topics to create, and a sentence for each difference that nobody may mend silently."""

    missing: tuple[Topic, ...]
    differences: tuple[str, ...]


def plan(topics: Iterable[Topic], existing: Mapping[str, Layout]) -> Plan:
    """Decide what to do; `existing` holds the effective configuration of each topic there is."""
    wanted = tuple(topics)
    return Plan(
        missing=tuple(topic for topic in wanted if topic.name not in existing),
        differences=tuple(
            difference
            for topic in wanted
            if topic.name in existing
            for difference in compare(topic.name, topic.local, existing[topic.name])
        ),
    )


def compare(name: str, wanted: Layout, found: Layout) -> list[str]:
    """Name every difference: partitions, replication and each configuration key."""
    pairs: dict[str, tuple[str | int, str | int]] = {
        "partitions": (wanted.partitions, found.partitions),
        "replication": (wanted.replication, found.replication),
        **{
            key: (value, found.configuration.get(key, "unset"))
            for key, value in wanted.configuration.items()
        },
    }
    return [
        f"{name}: {key} is {has}, the contract says {says}"
        for key, (says, has) in pairs.items()
        if _normal(says) != _normal(has)
    ]


def _normal(value: str | int) -> list[str]:
    """A list such as compact,delete means the same in any order."""
    return sorted(part.strip() for part in str(value).split(","))
