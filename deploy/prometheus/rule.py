"""A rule as a value, and as Prometheus reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PREFIX = "throughline_"


class Severity(StrEnum):
    """A page wakes somebody; a ticket waits for the morning."""

    PAGE = "page"
    TICKET = "ticket"


@dataclass(frozen=True)
class Recording:
    """An expression with a name: `level:metric:operation`."""

    name: str
    expression: str

    def rendered(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {"record": self.name, "expr": self.expression}


@dataclass(frozen=True)
class Alert:
    """What must not last longer than `lasting`; `action` is what whoever is called does first."""

    name: str
    expression: str
    severity: Severity
    summary: str
    action: str
    lasting: str = "0s"
    labels: Mapping[str, str] = field(default_factory=dict)

    def rendered(self) -> dict[str, Any]:
        """As it stands in the file."""
        return {
            "alert": self.name,
            "expr": self.expression,
            "for": self.lasting,
            "labels": {"severity": self.severity.value, **self.labels},
            "annotations": {"summary": self.summary, "description": self.action},
        }


def group(name: str, rules: Iterable[Recording | Alert]) -> dict[str, Any]:
    """A file of rules that are asked one after the other: an alert sees what was just recorded."""
    rendered = [rule.rendered() for rule in rules]
    return {"groups": [{"name": f"throughline-{name}", "rules": rendered}]}


def net(counter: str, span: str, *matchers: str, by: str = "agency, service") -> str:
    """How much a revisable count grew: what was added less what was taken back."""
    chosen = f"{{{','.join(matchers)}}}" if matchers else ""
    added, taken_back = (
        f"sum by ({by}) (increase({PREFIX}{counter}{twin}_total{chosen}[{span}]))"
        for twin in ("", "_retracted")
    )
    return f"({added} - {taken_back})"


def ratio(part: str, whole: str) -> str:
    """A share that is not there while nothing, or less than nothing, came."""
    return f"{part} / ({whole} > 0)"
